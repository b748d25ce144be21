// Package funnel owns what a history of stage events means: the visits that it
// implies, where an application stands, and the figures that follow from many
// of them.
//
// It does not read or write anything, has no clock and knows no entities:
// stages are their positions, times are given, the answer is a value.
package funnel

import (
	"fmt"
	"slices"
	"time"
)

// EventKind is what happened to an application.
type EventKind string

const (
	Enter    EventKind = "ENTER"    // came into a stage
	Reopen   EventKind = "REOPEN"   // came back after an end
	Reject   EventKind = "REJECT"   // ended by the company
	Withdraw EventKind = "WITHDRAW" // ended by the candidate
)

// Quality says how well something is known.
type Quality string

const (
	Recorded Quality = "RECORDED" // seen as it happened
	Derived  Quality = "DERIVED"  // follows from other recorded facts
	Inferred Quality = "INFERRED" // assumed, to fill a gap
)

// Event is one thing that happened. Stage is the position of the stage that an
// ENTER or REOPEN leads into.
type Event struct {
	Kind    EventKind
	Stage   int
	At      time.Time
	Quality Quality
}

// Entry is an event as the log keeps it. The log only grows: a correction is an
// entry that names the sequence it corrects and carries what really happened,
// or is Void when nothing did.
type Entry struct {
	Event
	RecordedAt time.Time // when it was entered; only who asks about the past needs it
	Sequence   int       // from 1, in the order of recording
	Corrects   int       // sequence of an earlier entry, 0 for none
	Void       bool
}

// Corrected is the log as it should have been: every corrected entry replaced
// by its correction, in the order in which things happened; what happened at
// the same instant stays in the order of recording, a correction in the place
// of what it corrects. Corrections of corrections are followed.
func Corrected(log []Entry) []Event {
	corrections := map[int]Entry{}
	for _, e := range log {
		if e.Corrects != 0 {
			corrections[e.Corrects] = e
		}
	}
	kept := make([]Entry, 0, len(log))
	for _, e := range log {
		if e.Corrects != 0 {
			continue
		}
		place := e.Sequence
		for {
			c, corrected := corrections[e.Sequence]
			if !corrected {
				break
			}
			e = c
		}
		if !e.Void {
			e.Sequence = place
			kept = append(kept, e)
		}
	}
	slices.SortStableFunc(kept, func(a, b Entry) int {
		if byTime := a.At.Compare(b.At); byTime != 0 {
			return byTime
		}
		return a.Sequence - b.Sequence
	})
	events := make([]Event, len(kept))
	for i, e := range kept {
		events[i] = e.Event
	}
	return events
}

// Outcome is how a visit ended.
type Outcome string

const (
	Advanced  Outcome = "ADVANCED"   // into a later stage
	MovedBack Outcome = "MOVED_BACK" // into an earlier stage, or the same again
	Rejected  Outcome = "REJECTED"
	Withdrawn Outcome = "WITHDRAWN"
	Hired     Outcome = "HIRED" // into the stage of the hired
)

// Visit is a stay in one stage, [EnteredAt, ExitedAt).
type Visit struct {
	Stage     int
	EnteredAt time.Time
	ExitedAt  time.Time // zero while there
	Outcome   Outcome   // "" while there
	Skipped   []int     // stages jumped over to get here
	Quality   Quality
}

// Status is where an application stands.
type Status string

const (
	StatusActive    Status = "ACTIVE"
	StatusRejected  Status = "REJECTED"
	StatusWithdrawn Status = "WITHDRAWN"
	StatusHired     Status = "HIRED"
)

// History is what a corrected log says.
type History struct {
	Visits    []Visit
	Status    Status
	Stage     int       // of the last visit
	EnteredAt time.Time // of the last visit
	ClosedAt  time.Time // rejected, withdrawn or hired; zero while active
}

// ImpossibleError says which event of a log cannot have happened.
type ImpossibleError struct {
	Index int // into the corrected log
	Event Event
	Why   string
}

// Error implements error.
func (e *ImpossibleError) Error() string {
	return fmt.Sprintf("event %d (%s at %s): %s", e.Index+1, e.Event.Kind, e.Event.At.Format(time.RFC3339), e.Why)
}

// Replay tells the history of one application from its corrected log. hired is
// the position of the stage of the hired, or -1 when the opening has none.
//
// The first event enters a stage. An ended application is only reopened; an
// active one is not. Entering the stage of the hired ends the application as
// hired and is itself a visit that stays open.
func Replay(events []Event, hired int) (History, error) {
	var h History
	for i, e := range events {
		if why := h.impossible(i, e); why != "" {
			return History{}, &ImpossibleError{Index: i, Event: e, Why: why}
		}
		switch e.Kind {
		case Enter, Reopen:
			h.enter(e, hired)
		case Reject:
			h.leave(e, Rejected)
			h.Status, h.ClosedAt = StatusRejected, e.At
		case Withdraw:
			h.leave(e, Withdrawn)
			h.Status, h.ClosedAt = StatusWithdrawn, e.At
		}
	}
	if len(events) == 0 {
		return History{}, &ImpossibleError{Why: "a history begins by entering a stage"}
	}
	return h, nil
}

func (h *History) impossible(i int, e Event) string {
	switch {
	case i == 0 && e.Kind != Enter:
		return "a history begins by entering a stage"
	case i == 0:
		return ""
	case e.Kind == Reopen && h.Status == StatusActive:
		return "an active application cannot be reopened"
	case e.Kind != Reopen && h.Status != StatusActive:
		return fmt.Sprintf("the application is %s by then", h.Status)
	case e.Kind == Enter && e.Stage == h.Stage:
		return "the application is in that stage already"
	}
	return ""
}

func (h *History) enter(e Event, hired int) {
	if len(h.Visits) > 0 && h.Status == StatusActive {
		switch {
		case e.Stage == hired:
			h.leave(e, Hired)
		case e.Stage > h.Stage:
			h.leave(e, Advanced)
		default:
			h.leave(e, MovedBack)
		}
	} else if h.Status == StatusHired {
		h.leave(e, MovedBack) // the hire came undone
	}
	visit := Visit{Stage: e.Stage, EnteredAt: e.At, Quality: e.Quality}
	if len(h.Visits) > 0 && e.Kind == Enter {
		for s := h.Stage + 1; s < e.Stage; s++ {
			visit.Skipped = append(visit.Skipped, s)
		}
	}
	h.Visits = append(h.Visits, visit)
	h.Status, h.Stage, h.EnteredAt, h.ClosedAt = StatusActive, e.Stage, e.At, time.Time{}
	if e.Stage == hired {
		h.Status, h.ClosedAt = StatusHired, e.At
	}
}

func (h *History) leave(e Event, how Outcome) {
	last := &h.Visits[len(h.Visits)-1]
	last.ExitedAt, last.Outcome = e.At, how
}
