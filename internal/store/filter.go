package store

import "strings"

// filter collects the conditions that a list was asked for. A list with fewer
// of them has a shorter text, so that each finds the index made for it.
type filter struct {
	conditions []string
	args       []any
}

// add takes a condition with a ? for each value.
func (f *filter) add(condition string, values ...any) {
	for _, v := range values {
		f.args = append(f.args, v)
		condition = strings.Replace(condition, "?", "$"+itoa(len(f.args)), 1)
	}
	f.conditions = append(f.conditions, condition)
}

func (f *filter) where() string {
	if len(f.conditions) == 0 {
		return "1 = 1"
	}
	return strings.Join(f.conditions, " AND ")
}
