package desk

import (
	"errors"
	"fmt"
)

// Fault says what kind of thing went wrong, from a small closed set.
type Fault string

// The faults. What carries none is Internal: logged with its id, shown as that id.
const (
	NotFound    Fault = "not_found"   // there is no such thing, or not for you
	Invalid     Fault = "invalid"     // what was asked makes no sense; Field says where
	Conflict    Fault = "conflict"    // it changed since you looked, or it is in use
	Forbidden   Fault = "forbidden"   // you may not
	Unavailable Fault = "unavailable" // somebody else is down, or asks us to wait
	Internal    Fault = "internal"    // our mistake
)

// Error is what every room returns when a person should hear of it: what
// happened (Msg), where (Field), and what to do (Hint).
type Error struct {
	Fault Fault
	Code  string // stable, for programs and for translation: "subject_missing"
	Field string // the input concerned, if one is
	Msg   string // what happened, one sentence without a full stop
	Hint  string // what to do about it
	Err   error  // the cause, for the log
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Msg, e.Err)
	}
	return e.Msg
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refuse makes an Invalid error about one field.
func Refuse(field, code, msg, hint string) error {
	return &Error{Fault: Invalid, Code: code, Field: field, Msg: msg, Hint: hint}
}

// Missing makes a NotFound error for a kind of thing.
func Missing(what string) error {
	return &Error{Fault: NotFound, Code: what + "_not_found", Msg: "there is no such " + what,
		Hint: "It may have been deleted, or the link is old."}
}

// Stale makes the Conflict error of a write based on an old version.
func Stale(what string) error {
	return &Error{Fault: Conflict, Code: "stale", Msg: "the " + what + " changed since you looked at it",
		Hint: "Look at the current state and try again."}
}

// Denied makes the Forbidden error for a missing right.
func Denied(r Right) error {
	return &Error{Fault: Forbidden, Code: "right_missing", Msg: "your role lacks the right " + string(r),
		Hint: "Ask an admin of this desk."}
}

// FaultOf tells an error's fault; nil has none, and an unknown error is Internal.
func FaultOf(err error) Fault {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Fault
	}
	return Internal
}
