package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/debrief"
	"hireloop/ent/db/debriefresolution"
	"hireloop/ent/db/loop"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// leastArgued is how long a text must be, in characters, that others are to
// understand a decision by.
const leastArgued = 30

// OpenDebriefInput names a loop to debrief.
type OpenDebriefInput struct {
	LoopID          gid.ID
	ExpectedVersion int
	MissingReason   *string // why now, although cards are due
}

// ResolveSignalInput settles a signal that interviewers are at odds about.
type ResolveSignalInput struct {
	DebriefID       gid.ID
	ExpectedVersion int
	Signal          string // key
	Resolution      string
}

// CloseDebriefInput names a debrief to close.
type CloseDebriefInput struct {
	DebriefID       gid.ID
	ExpectedVersion int
	Summary         *string
}

// OpenDebrief opens the debrief of a loop and freezes what it has before it.
// While cards are due it takes a reason. It changes nothing of the loop.
func (s *Service) OpenDebrief(ctx context.Context, in OpenDebriefInput) (gid.ID, error) {
	return s.create(ctx, "openDebrief", func(ctx context.Context, w *write) (gid.ID, error) {
		const verb = "debrief"
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.mayWeigh(ctx, "loopId", l, true); err != nil {
			return gid.Nil, err
		}
		weighed, err := w.assess(ctx, l, verb, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.undecided(ctx, "loopId", l.ID, verb); err != nil {
			return gid.Nil, err
		}
		open, err := w.Debrief.Query().Where(debrief.LoopID(l.ID), debrief.ClosedAtIsNil()).Exist(access.System(ctx))
		if err != nil {
			return gid.Nil, err
		}
		if open {
			return gid.Nil, fault.Conflictf("loopId", "a debrief of the loop is open").WithHint("close it before you open another one")
		}
		if len(weighed.counted()) == 0 {
			return gid.Nil, notNow("loopId", "no scorecard that counts is in").WithHint("wait for the first one")
		}
		var problems fault.List
		because := optionalReason(&problems, "missingReason", in.MissingReason)
		due := len(weighed.due())
		if due > 0 && because == "" && len(problems) == 0 {
			problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "missingReason", "say why now, although scorecards are due: %d", due))
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		frozen, hash, err := w.freeze(ctx, weighed, because)
		if err != nil {
			return gid.Nil, err
		}
		id := w.id(gid.Debrief)
		err = w.Debrief.Create().SetID(id).SetLoopID(l.ID).SetApplicationID(a.ID).
			SetOpenedByID(w.viewer.Member).SetOpenedAt(w.now).SetPacket(frozen).SetPacketHash(hash).
			SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return gid.Nil, err
		}
		return id, w.debriefed(ctx, id, a, "debrief.opened", map[string]any{"loopId": l.ID.String(), "due": due, "packetHash": hash})
	})
}

// ResolveSignal records how the interviewers settled a signal that they are at
// odds about: fits take its dispute as over from now on, until further ratings of
// it come in. What it settled in the same debrief before those is replaced.
func (s *Service) ResolveSignal(ctx context.Context, in ResolveSignalInput) (gid.ID, error) {
	return in.DebriefID, s.change(ctx, "resolveSignal", func(ctx context.Context, w *write) error {
		const verb = "resolve its signals"
		d, l, a, err := w.holdDebrief(ctx, in.DebriefID, in.ExpectedVersion, verb)
		if err != nil {
			return err
		}
		if err := w.undecided(ctx, "debriefId", l.ID, verb); err != nil {
			return err
		}
		var problems fault.List
		text := argued(&problems, fault.CodeRequired, "resolution", in.Resolution)
		weighed, err := w.atOdds(ctx, &problems, l, in.Signal)
		if err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		details := map[string]any{"loopId": l.ID.String(), "signal": in.Signal}
		former, err := w.DebriefResolution.Query().
			Where(debriefresolution.DebriefID(d.ID), debriefresolution.Signal(in.Signal)).Only(access.System(ctx))
		switch {
		case db.IsNotFound(err):
			err = w.DebriefResolution.Create().SetID(w.id(gid.DebriefResolution)).SetDebriefID(d.ID).
				SetSignal(in.Signal).SetResolution(text).SetRecordedByID(w.viewer.Member).SetRecordedAt(w.now).Exec(ctx)
		case err != nil:
		case weighed.evidence.bears(former):
			err = fault.Conflictf("signal", "%q was settled in this debrief", in.Signal)
		default:
			details["replaces"] = instant(former.RecordedAt)
			err = w.DebriefResolution.UpdateOne(former).
				SetResolution(text).SetRecordedByID(w.viewer.Member).SetRecordedAt(w.now).Exec(ctx)
		}
		if err != nil {
			return err
		}
		if err := w.Debrief.UpdateOne(d).AddVersion(1).SetUpdatedAt(w.now).Exec(ctx); err != nil {
			return err
		}
		if err := w.weighAnew(ctx, l.ID); err != nil {
			return err
		}
		return w.debriefed(ctx, d.ID, a, "debrief.signal_resolved", details)
	})
}

// CloseDebrief ends a debrief, with what was said.
func (s *Service) CloseDebrief(ctx context.Context, in CloseDebriefInput) (gid.ID, error) {
	return in.DebriefID, s.change(ctx, "closeDebrief", func(ctx context.Context, w *write) error {
		d, l, a, err := w.holdDebrief(ctx, in.DebriefID, in.ExpectedVersion, "close")
		if err != nil {
			return err
		}
		var problems fault.List
		summary := ""
		if in.Summary != nil {
			summary = prose(&problems, "summary", *in.Summary, maxProse)
		}
		if err := problems.Err(); err != nil {
			return err
		}
		err = w.Debrief.UpdateOne(d).SetSummary(summary).SetClosedAt(w.now).
			AddVersion(1).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		return w.debriefed(ctx, d.ID, a, "debrief.closed", map[string]any{"loopId": l.ID.String()})
	})
}

// debriefed records what happened to a debrief and tells of it.
func (w *write) debriefed(ctx context.Context, id gid.ID, a *db.Application, happened string, details map[string]any) error {
	w.emit(happening{Type: happened, Subject: id, Opening: a.OpeningID, Application: a.ID})
	return w.record(ctx, id, details)
}

// assess reads the assessment of a loop that is held, for somebody who read it
// at this version and means to do what verb says.
func (w *write) assess(ctx context.Context, l *db.Loop, verb string, expected int) (*assessment, error) {
	switch {
	case l.Version != expected:
		return nil, overtaken("loop", l.Version)
	case l.Status != loop.StatusACTIVE && l.Status != loop.StatusCOMPLETED:
		return nil, fault.Transition("loopId", "loop", string(l.Status), verb)
	}
	read, err := assess(ctx, w.Client(), []*db.Loop{l})
	if err != nil {
		return nil, err
	}
	if read[l.ID] == nil {
		return nil, notNow("loopId", "the loop has no rubric to hold its scorecards against: cannot %s", verb)
	}
	return read[l.ID], nil
}

// holdDebrief reads an open debrief and holds it and its loop. The viewer must
// see it and may run its application.
func (w *write) holdDebrief(ctx context.Context, id gid.ID, expected int, verb string) (*db.Debrief, *db.Loop, *db.Application, error) {
	const path = "debriefId"
	var problems fault.List
	if !of(&problems, path, id, gid.Debrief) {
		return nil, nil, nil, problems
	}
	// Without their packets, which are large.
	d, err := w.Debrief.Query().Where(debrief.ID(id)).
		Select(debrief.FieldID, debrief.FieldLoopID, debrief.FieldApplicationID).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil, nil, missing(path, gid.Debrief)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if err := w.mayRun(ctx, d.ApplicationID); err != nil {
		return nil, nil, nil, err
	}
	l, a, err := w.lockLoop(ctx, d.LoopID, d.ApplicationID)
	if err != nil {
		return nil, nil, nil, err
	}
	d, err = locked(w, w.Debrief.Query().Where(debrief.ID(id))).
		Select(debrief.FieldID, debrief.FieldVersion, debrief.FieldClosedAt).Only(ctx)
	switch {
	case db.IsNotFound(err):
		err = missing(path, gid.Debrief) // the viewer came to owe a card meanwhile
	case err != nil:
	case d.Version != expected:
		err = overtaken("debrief", d.Version)
	case d.ClosedAt != nil:
		err = fault.Transition(path, "debrief", "closed", verb)
	}
	return d, l, a, err
}

// atOdds refuses a signal that the interviewers of the loop are not at odds
// about, whether or not it was settled before. It answers with what it looked at.
func (w *write) atOdds(ctx context.Context, problems *fault.List, l *db.Loop, signal string) (*assessment, error) {
	read, err := assess(ctx, w.Client(), []*db.Loop{l})
	if err != nil {
		return nil, err
	}
	weighed := read[l.ID]
	if weighed == nil {
		problems.Add(fault.Invalidf("signal", "the loop has no rubric"))
		return nil, nil
	}
	apart, err := weighed.disagreement()
	if err != nil {
		return nil, err
	}
	there := func(s rubric.Signal) bool { return s.Key == signal }
	disputed := func(d rubric.SignalDisagreement) bool { return d.Signal == signal && d.AtOdds }
	switch {
	case !slices.ContainsFunc(weighed.edition.content.Signals, there):
		problems.Add(fault.Invalidf("signal", "there is no such signal in the rubric of the loop"))
	case !slices.ContainsFunc(apart, disputed):
		problems.Add(fault.Invalidf("signal", "interviewers are not at odds about it"))
	}
	return weighed, nil
}

// notNow refuses what the state of things does not allow.
func notNow(path, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, format, args...)
}

// argued reads text by which others are to understand a decision; too little of
// it is refused with the code.
func argued(problems *fault.List, code fault.Code, path, text string) string {
	before := len(*problems)
	text = prose(problems, path, text, maxProse)
	if n := rubric.Characters(text); n < leastArgued && len(*problems) == before {
		problems.Add(fault.New(fault.Invalid, code, path, "needs at least %d characters, there are %d", leastArgued, n))
	}
	return text
}
