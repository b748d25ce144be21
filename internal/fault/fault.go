// Package fault owns the errors that people see: their kind, where in the
// input they arose, the message and the hint that says what to do next.
//
// It does not own transport: graph turns a Fault into userErrors or into a
// top-level error, server turns it into an exit code. Any error that is not a
// *Error is internal and is shown as a request id only.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says whose fault it is and what retrying would do.
type Kind string

const (
	// Invalid input: the same call fails again until the caller changes it.
	Invalid Kind = "INVALID"
	// Conflict with a change somebody else made: read again, then decide.
	Conflict Kind = "CONFLICT"
	// NotFound covers the missing, the foreign and the hidden alike.
	NotFound Kind = "NOT_FOUND"
	// Denied: the viewer may know of the thing but may not do this to it.
	Denied Kind = "FORBIDDEN"
)

// Code names the rule that refused, for programs. Codes are part of the
// contract: schema/node.graphql lists those that a mutation answers in the enum UserErrorCode.
type Code string

const (
	CodeInvalid           Code = "INVALID"
	CodeRequired          Code = "REQUIRED"
	CodeConflict          Code = "CONFLICT"
	CodeNotFound          Code = "NOT_FOUND"
	CodeForbidden         Code = "FORBIDDEN"
	CodeReasonRequired    Code = "REASON_REQUIRED"
	CodeInvalidTransition Code = "INVALID_TRANSITION"
	CodeNoSeat            Code = "NO_SEAT"
	CodeDuplicate         Code = "DUPLICATE"
	CodeLegalHold         Code = "LEGAL_HOLD"
)

// Error is a refusal that a person can act on.
type Error struct {
	Kind    Kind
	Code    Code     // defaults to the kind's own code
	Path    []string // into the input, outermost first: {"seats", "2", "targetStartOn"}
	Message string   // one sentence, no personal data
	Hint    string   // what to do next; may be empty
}

// Error gives path, message and hint in one line, for logs and command lines.
func (e *Error) Error() string {
	var b strings.Builder
	if len(e.Path) > 0 {
		b.WriteString(strings.Join(e.Path, "."))
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString(" (")
		b.WriteString(e.Hint)
		b.WriteString(")")
	}
	return b.String()
}

// Advice is what people read: the message, and what to do next where that helps.
func (e *Error) Advice() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

// New makes an Error; path is dotted ("input.seats.2") or empty.
func New(kind Kind, code Code, path, format string, args ...any) *Error {
	e := &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
	if path != "" {
		e.Path = strings.Split(path, ".")
	}
	return e
}

// Invalidf refuses a value at path.
func Invalidf(path, format string, args ...any) *Error {
	return New(Invalid, CodeInvalid, path, format, args...)
}

// Required refuses an absent or empty value at path.
func Required(path string) *Error {
	return New(Invalid, CodeRequired, path, "is required")
}

// Conflictf refuses a change that somebody else's change overtook.
func Conflictf(path, format string, args ...any) *Error {
	return New(Conflict, CodeConflict, path, format, args...)
}

// Missing says that what path refers to is not there for this viewer.
func Missing(path, noun string) *Error {
	return New(NotFound, CodeNotFound, path, "no such %s", noun)
}

// Deniedf refuses what the viewer may know of but may not do.
func Deniedf(format string, args ...any) *Error {
	return New(Denied, CodeForbidden, "", format, args...)
}

// Transition refuses a move that the state machine of noun does not have.
func Transition(path, noun, from, verb string) *Error {
	return New(Invalid, CodeInvalidTransition, path, "%s is %s: cannot %s", noun, from, verb)
}

// WithHint returns a copy of e that says what to do next.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// Under returns a copy of e whose path begins with prefix.
func (e *Error) Under(prefix ...string) *Error {
	c := *e
	c.Path = append(append([]string{}, prefix...), e.Path...)
	return &c
}

// List is several refusals of one input, reported at once.
type List []*Error

// Error joins the refusals, one a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Add appends e unless it is nil.
func (l *List) Add(e *Error) {
	if e != nil {
		*l = append(*l, e)
	}
}

// Err is nil for an empty list, so that "return problems.Err()" reads well.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All returns the refusals in err, or nil when err is none of ours.
func All(err error) []*Error {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// Is reports whether err is a refusal of this kind.
func Is(err error, kind Kind) bool {
	for _, e := range All(err) {
		if e.Kind == kind {
			return true
		}
	}
	return false
}
