//go:build crash

package crashtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outside is what the rest of the world knows: what it sent to the desk, what
// agents asked for, and what arrived.
type outside struct {
	Sent     map[string]string         // mark of a mail to the desk -> the thread it belongs to
	Asked    map[string]string         // mark of a message from the desk -> its recipient
	Received map[string]map[string]int // mark -> address -> copies
}

// inside is what the desk knows.
type inside struct {
	Taken   map[string][]string // mark -> the threads it stands in
	Written map[string][]string // mark -> state of each delivery
}

// verdict counts what differs between both worlds.
type verdict struct {
	Lost, Doubled, Misplaced, Unsettled, Unsure int
	Details                                     []string
}

func (v *verdict) count(n *int, format string, args ...any) {
	*n++
	v.Details = append(v.Details, fmt.Sprintf(format, args...))
}

// clean tells whether nothing is wrong. Unsure is no fault as long as the
// message came once or not at all: it is told, and a person decides.
func (v verdict) clean() bool { return v.Lost+v.Doubled+v.Misplaced+v.Unsettled == 0 }

func (v verdict) loses() bool   { return v.Lost > 0 }
func (v verdict) doubles() bool { return v.Doubled > 0 }

// compare holds both worlds against each other.
func compare(o outside, in inside) verdict {
	var v verdict
	for mark, thread := range o.Sent {
		switch at := in.Taken[mark]; {
		case len(at) == 0:
			v.count(&v.Lost, "mail %s is in no thread", mark)
		case len(at) > 1:
			v.count(&v.Doubled, "mail %s is there %d times", mark, len(at))
		case at[0] != thread:
			v.count(&v.Misplaced, "mail %s is in %s, not in %s", mark, at[0], thread)
		}
	}
	for mark := range in.Taken {
		if _, sent := o.Sent[mark]; !sent {
			v.count(&v.Misplaced, "mail %s was never sent", mark)
		}
	}
	for mark, to := range o.Asked {
		v.outbound(mark, to, o.Received[mark], in.Written[mark])
	}
	slices.Sort(v.Details)
	return v
}

// outbound compares one message of the desk with what arrived of it.
func (v *verdict) outbound(mark, to string, received map[string]int, states []string) {
	for address, copies := range received {
		if address != to {
			v.count(&v.Misplaced, "message %s for %s came to %s", mark, to, address)
		} else if copies > 1 {
			v.count(&v.Doubled, "message %s came %d times", mark, copies)
		}
	}
	switch {
	case len(states) == 0:
		v.count(&v.Lost, "message %s is not in the desk", mark)
	case len(states) > 1:
		v.count(&v.Doubled, "message %s is in the desk %d times", mark, len(states))
	case states[0] == "unsure":
		v.count(&v.Unsure, "message %s is unsure, %d came", mark, received[to])
	case states[0] != "sent" && states[0] != "delivered":
		v.count(&v.Unsettled, "message %s is %s", mark, states[0])
	case received[to] == 0:
		v.count(&v.Lost, "message %s is %s, and nothing came", mark, states[0])
	}
}

func TestComparisonSeesEachFault(t *testing.T) {
	t.Parallel()
	worlds := func() (outside, inside) {
		return outside{Sent: map[string]string{"in1": "thread of in1", "in2": "thread of in1"}, Asked: map[string]string{"out1": "p@p.test"},
				Received: map[string]map[string]int{"out1": {"p@p.test": 1}}},
			inside{Taken: map[string][]string{"in1": {"thread of in1"}, "in2": {"thread of in1"}}, Written: map[string][]string{"out1": {"sent"}}}
	}
	for name, c := range map[string]struct {
		plant func(*outside, *inside)
		want  verdict
	}{
		"nothing":           {func(*outside, *inside) {}, verdict{}},
		"a mail lost":       {func(_ *outside, in *inside) { delete(in.Taken, "in2") }, verdict{Lost: 1}},
		"a mail twice":      {func(_ *outside, in *inside) { in.Taken["in2"] = append(in.Taken["in2"], "thread of in2") }, verdict{Doubled: 1}},
		"a mail elsewhere":  {func(_ *outside, in *inside) { in.Taken["in2"] = []string{"thread of in2"} }, verdict{Misplaced: 1}},
		"a mail of nobody":  {func(_ *outside, in *inside) { in.Taken["in3"] = []string{"x"} }, verdict{Misplaced: 1}},
		"a message lost":    {func(o *outside, _ *inside) { delete(o.Received, "out1") }, verdict{Lost: 1}},
		"a message twice":   {func(o *outside, _ *inside) { o.Received["out1"]["p@p.test"] = 2 }, verdict{Doubled: 1}},
		"a message astray":  {func(o *outside, _ *inside) { o.Received["out1"]["q@p.test"] = 1 }, verdict{Misplaced: 1}},
		"a message waiting": {func(_ *outside, in *inside) { in.Written["out1"] = []string{"queued"} }, verdict{Unsettled: 1}},
		"an unsure one":     {func(_ *outside, in *inside) { in.Written["out1"] = []string{"unsure"} }, verdict{Unsure: 1}},
		"an unsure one twice": {func(o *outside, in *inside) {
			o.Received["out1"]["p@p.test"], in.Written["out1"] = 2, []string{"unsure"}
		}, verdict{Unsure: 1, Doubled: 1}},
	} {
		o, in := worlds()
		c.plant(&o, &in)
		got := compare(o, in)
		got.Details = nil
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func (v verdict) String() string {
	return fmt.Sprintf("%d lost, %d doubled, %d misplaced, %d unsettled, %d unsure\n%s",
		v.Lost, v.Doubled, v.Misplaced, v.Unsettled, v.Unsure, strings.Join(v.Details, "\n"))
}
