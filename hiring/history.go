package hiring

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/stage"
	"hireloop/ent/db/stageevent"
	"hireloop/ent/db/visit"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// dossier is one application as a use case holds it: nobody else can change it
// until the transaction ends.
type dossier struct {
	opening     *db.Opening
	stages      []*db.Stage // of the opening, in order
	application *db.Application
	log         []*db.StageEvent // in the order of recording
	history     funnel.History   // what the log says; its stages are indexes into stages
	before      funnel.History   // what the log said before the last entry
	seat        *db.Seat         // that changes with it; nil when none does
}

// take reads an application, which the input names at path, and holds it and
// its opening. The viewer must see it, may move it and know its present version.
func (w *write) take(ctx context.Context, path string, id gid.ID, expected int) (*dossier, error) {
	var problems fault.List
	if !of(&problems, path, id, gid.Application) {
		return nil, problems
	}
	a, err := w.Application.Get(ctx, id)
	if err == nil {
		// The opening first, as everybody does who holds several rows.
		if _, err = w.lockOpening(access.System(ctx), a.OpeningID); err == nil {
			a, err = locked(w, w.Application.Query().Where(application.ID(id))).Only(ctx)
		}
	}
	if db.IsNotFound(err) {
		return nil, missing(path, gid.Application)
	}
	if err != nil {
		return nil, err
	}
	if err := w.mayMove(ctx, a.ID); err != nil {
		return nil, err
	}
	if a.Version != expected {
		return nil, stale(a.Version)
	}
	return w.open(ctx, a)
}

// open reads what belongs to an application that is held. It does not depend
// on the viewer: what the history says is the same for everybody.
func (w *write) open(ctx context.Context, a *db.Application) (*dossier, error) {
	ctx = access.System(ctx)
	d := &dossier{application: a}
	var err error
	if d.opening, err = w.Opening.Get(ctx, a.OpeningID); err != nil {
		return nil, err
	}
	if d.stages, err = w.pipeline(ctx, a.OpeningID); err != nil {
		return nil, err
	}
	d.log, err = w.StageEvent.Query().Where(stageevent.ApplicationID(a.ID)).
		Order(stageevent.BySequence()).All(ctx)
	if err != nil {
		return nil, err
	}
	if d.history, err = funnel.Replay(funnel.Corrected(d.entries()), d.hired()); err != nil {
		return nil, fmt.Errorf("stored history of %s: %w", a.ID, err)
	}
	return d, nil
}

// pipeline is the stages of an opening, in order.
func (w *write) pipeline(ctx context.Context, openingID gid.ID) ([]*db.Stage, error) {
	return w.Stage.Query().Where(stage.OpeningID(openingID)).Order(stage.ByPosition()).All(access.System(ctx))
}

func stale(version int) *fault.Error {
	return fault.Conflictf("expectedVersion", "the application is at version %d now", version).
		WithHint("read it again, then decide")
}

// findStage is the index of a stage of an opening, which the input names at path.
func findStage(stages []*db.Stage, path string, id gid.ID) (int, *fault.Error) {
	i := slices.IndexFunc(stages, func(s *db.Stage) bool { return s.ID == id })
	if i < 0 {
		return 0, fault.Missing(path, "stage of this opening")
	}
	return i, nil
}

// hired is the index of the stage of the hired, -1 when there is none.
func (d *dossier) hired() int {
	return slices.IndexFunc(d.stages, func(s *db.Stage) bool { return s.Kind == stage.KindHIRED })
}

// entries are the log as funnel reads it.
func (d *dossier) entries() []funnel.Entry {
	entries := make([]funnel.Entry, len(d.log))
	sequence := make(map[gid.ID]int, len(d.log))
	for i, e := range d.log {
		sequence[e.ID] = e.Sequence
		entries[i] = funnel.Entry{
			Event:    funnel.Event{Kind: kindOf(e), At: e.OccurredAt, Quality: funnel.Quality(e.Quality)},
			Sequence: e.Sequence,
			Void:     kindOf(e) == "",
		}
		if e.StageID != nil {
			entries[i].Stage = slices.IndexFunc(d.stages, func(s *db.Stage) bool { return s.ID == *e.StageID })
		}
		if e.CorrectsID != nil {
			entries[i].Corrects = sequence[*e.CorrectsID]
		}
	}
	return entries
}

// kindOf is what e says happened; "" when it says that nothing did.
func kindOf(e *db.StageEvent) funnel.EventKind { return eventKind(e.Kind, e.CorrectedKind) }

// eventKind is what an event of a kind says happened; corrected is what a
// correction does.
func eventKind(kind stageevent.Kind, corrected *stageevent.CorrectedKind) funnel.EventKind {
	switch {
	case kind != stageevent.KindCORRECT:
		return funnel.EventKind(kind)
	case corrected != nil:
		return funnel.EventKind(*corrected)
	}
	return ""
}

// correctionOf is the last entry in the chain that corrects an event, or nil.
func (d *dossier) correctionOf(id gid.ID) *db.StageEvent {
	var last *db.StageEvent
	for _, e := range d.log {
		if e.CorrectsID != nil && *e.CorrectsID == id {
			last, id = e, e.ID
		}
	}
	return last
}

// inForce is the entries that funnel.Corrected keeps, in its order: those that
// no other one corrects and by which something happened.
func (d *dossier) inForce() []*db.StageEvent {
	place := make(map[gid.ID]int, len(d.log)) // a correction stands in the place of what it corrects
	corrected := make(map[gid.ID]bool, len(d.log))
	for _, e := range d.log {
		place[e.ID] = e.Sequence
		if e.CorrectsID != nil {
			place[e.ID] = place[*e.CorrectsID]
			corrected[*e.CorrectsID] = true
		}
	}
	kept := slices.DeleteFunc(slices.Clone(d.log), func(e *db.StageEvent) bool {
		return corrected[e.ID] || kindOf(e) == ""
	})
	slices.SortFunc(kept, func(a, b *db.StageEvent) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), place[a.ID]-place[b.ID])
	})
	return kept
}

// latest is the last event of the corrected history.
func (d *dossier) latest() *db.StageEvent {
	kept := d.inForce()
	return kept[len(kept)-1]
}

// past reads a time that must not be in the future. Times before 1970 are
// mistakes of computers, not memories of people.
func (w *write) past(path string, t time.Time) (time.Time, *fault.Error) {
	t = t.UTC().Truncate(time.Microsecond)
	switch {
	case t.After(w.now):
		return t, fault.Invalidf(path, "is in the future")
	case t.Unix() < 0:
		return t, fault.Invalidf(path, "is before 1970")
	}
	return t, nil
}

// occurred reads when the next event of an application happened: now when it is
// not said.
func (w *write) occurred(d *dossier, given *time.Time) (time.Time, *fault.Error) {
	latest := d.latest().OccurredAt
	if given == nil {
		if w.now.Before(latest) { // another server's clock is a little ahead
			return latest, nil
		}
		return w.now, nil
	}
	t, err := w.past("occurredAt", *given)
	if err != nil {
		return t, err
	}
	if t.Before(latest) {
		return t, fault.Invalidf("occurredAt", "is before the latest event, of %s", instant(latest)).
			WithHint("correctStageEvent mends what was recorded wrongly")
	}
	return t, nil
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// append adds an event to the log of an application and saves what follows.
func (w *write) append(ctx context.Context, d *dossier, e *db.StageEvent, happened string) error {
	if err := w.add(d, "applicationId", e); err != nil {
		return err
	}
	return w.save(ctx, d, happening{Type: happened, Subject: d.application.ID})
}

// add adds an entry to the log in memory; e says what happened, the rest is
// filled in here. An entry that makes the history impossible is refused at path.
func (w *write) add(d *dossier, path string, e *db.StageEvent) error {
	e.ID, e.ApplicationID, e.Sequence = w.id(gid.StageEvent), d.application.ID, len(d.log)+1
	e.RecordedAt, e.ActorID, e.Quality = w.now, &w.viewer.Member, stageevent.QualityRECORDED
	d.log, d.before = append(d.log, e), d.history
	var err error
	d.history, err = funnel.Replay(funnel.Corrected(d.entries()), d.hired())
	if impossible, ok := errors.AsType[*funnel.ImpossibleError](err); ok {
		return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "then the history would be impossible: %v", impossible)
	}
	return err
}

// save writes the last entry of the log and all that is derived from the log:
// the application, its visits. It is the only way in which applications change.
func (w *write) save(ctx context.Context, d *dossier, h happening) error {
	was, now := d.application, d.history
	update := w.Application.UpdateOne(was).
		Where(application.Version(was.Version)).AddVersion(1).
		SetStageID(d.stages[now.Stage].ID).
		SetStatus(application.Status(now.Status)).
		SetStageEnteredAt(now.EnteredAt).
		SetUpdatedAt(w.now)
	if now.ClosedAt.IsZero() {
		update.ClearClosedAt()
	} else {
		update.SetClosedAt(now.ClosedAt)
	}
	latest := d.latest()
	if latest.RejectionReasonID == nil {
		update.ClearRejectionReasonID()
	} else {
		update.SetRejectionReasonID(*latest.RejectionReasonID)
	}
	if latest.OccurredAt.After(was.LastActivityAt) {
		update.SetLastActivityAt(latest.OccurredAt)
	}
	if began := now.Visits[0].EnteredAt; !began.Equal(d.before.Visits[0].EnteredAt) {
		update.SetAppliedAt(began)
	}
	if err := update.Exec(ctx); db.IsNotFound(err) {
		return stale(was.Version + 1)
	} else if err != nil {
		return err
	}
	if err := w.writeHistory(ctx, d); err != nil {
		return err
	}
	h.Opening, h.Application = was.OpeningID, was.ID
	w.emit(h)
	details := map[string]any{
		"applicationId": was.ID, "stageEventId": d.log[len(d.log)-1].ID,
		"fromStageId": was.StageID, "toStageId": d.stages[now.Stage].ID,
		"from": was.Status, "to": now.Status,
	}
	if d.seat != nil {
		details["seatId"] = d.seat.ID
	}
	if err := w.record(ctx, h.Subject, details); err != nil {
		return err
	}
	if was.Status != application.StatusACTIVE {
		return nil
	}
	why := "The application ended."
	switch {
	case now.Status == funnel.StatusActive:
		return nil
	case now.Status == funnel.StatusHired:
		why = "The candidate was hired."
	case now.Status == funnel.StatusWithdrawn && h.Type != "application.transferred": // who goes on for another opening has not left
		why = candidateWithdrew
	}
	return w.endPursuit(ctx, was.ID, why)
}

// candidateWithdrew is why interviews are called off when the candidate left.
const candidateWithdrew = "The candidate withdrew."

// endPursuit settles what pursued the candidate of an application that has ended.
func (w *write) endPursuit(ctx context.Context, applicationID gid.ID, why string) error {
	if err := w.endLoops(ctx, applicationID, why); err != nil {
		return err
	}
	return w.endOffers(ctx, applicationID, why == candidateWithdrew)
}

// hires counts how often the history comes to a hire.
func (d *dossier) hires() (n int) {
	for _, v := range d.history.Visits {
		if v.Stage == d.hired() {
			n++
		}
	}
	return n
}

// writeHistory writes the last entry of the log and the visits that follow.
func (w *write) writeHistory(ctx context.Context, d *dossier) error {
	e := d.log[len(d.log)-1]
	err := w.StageEvent.Create().SetID(e.ID).SetApplicationID(e.ApplicationID).SetSequence(e.Sequence).
		SetKind(e.Kind).SetNillableStageID(e.StageID).
		SetOccurredAt(e.OccurredAt).SetRecordedAt(e.RecordedAt).SetNillableActorID(e.ActorID).
		SetNillableReason(e.Reason).SetNillableRejectionReasonID(e.RejectionReasonID).
		SetNillableCorrectsID(e.CorrectsID).SetNillableCorrectedKind(e.CorrectedKind).
		SetQuality(e.Quality).
		Exec(ctx)
	if err != nil {
		return err
	}
	return w.writeVisits(ctx, d)
}

// writeVisits makes the stored visits those of the history. A visit that begins
// as before keeps its id, one that does not gets another.
func (w *write) writeVisits(ctx context.Context, d *dossier) error {
	stored, err := w.Visit.Query().Where(visit.ApplicationID(d.application.ID)).
		Order(visit.BySequence()).All(access.System(ctx))
	if err != nil {
		return err
	}
	var create []*db.VisitCreate
	var drop []gid.ID
	for i, v := range d.history.Visits {
		want := &db.Visit{
			StageID: d.stages[v.Stage].ID, EnteredAt: v.EnteredAt,
			SkippedStageIds: d.ids(v.Skipped), Quality: visit.Quality(v.Quality),
		}
		if !v.ExitedAt.IsZero() {
			outcome := visit.Outcome(v.Outcome)
			want.ExitedAt, want.Outcome = &v.ExitedAt, &outcome
		}
		if i < len(stored) {
			have := stored[i]
			if have.StageID == want.StageID && have.EnteredAt.Equal(want.EnteredAt) {
				if err := w.updateVisit(ctx, have, want); err != nil {
					return err
				}
				continue
			}
			drop = append(drop, have.ID)
		}
		create = append(create, w.Visit.Create().SetID(w.id(gid.Visit)).
			SetApplicationID(d.application.ID).SetStageID(want.StageID).SetSequence(i+1).
			SetEnteredAt(want.EnteredAt).SetNillableExitedAt(want.ExitedAt).SetNillableOutcome(want.Outcome).
			SetSkippedStageIds(want.SkippedStageIds).SetQuality(want.Quality))
	}
	for _, v := range stored[min(len(stored), len(d.history.Visits)):] {
		drop = append(drop, v.ID)
	}
	if len(drop) > 0 {
		if _, err := w.Visit.Delete().Where(visit.IDIn(drop...)).Exec(ctx); err != nil {
			return err
		}
	}
	if len(create) == 0 {
		return nil
	}
	return w.Visit.CreateBulk(create...).Exec(ctx)
}

// updateVisit makes a stored visit end as it does now, if that has changed.
func (w *write) updateVisit(ctx context.Context, have, want *db.Visit) error {
	if equal(have.ExitedAt, want.ExitedAt, time.Time.Equal) &&
		equal(have.Outcome, want.Outcome, func(a, b visit.Outcome) bool { return a == b }) &&
		have.Quality == want.Quality && slices.Equal(have.SkippedStageIds, want.SkippedStageIds) {
		return nil
	}
	update := w.Visit.UpdateOneID(have.ID).SetQuality(want.Quality).SetSkippedStageIds(want.SkippedStageIds)
	if want.ExitedAt == nil {
		update.ClearExitedAt().ClearOutcome()
	} else {
		update.SetExitedAt(*want.ExitedAt).SetOutcome(*want.Outcome)
	}
	return update.Exec(ctx)
}

func equal[T any](a, b *T, same func(T, T) bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return same(*a, *b)
}

// ids are those of the stages with these indexes; never nil, as it is stored.
func (d *dossier) ids(stages []int) []gid.ID {
	ids := make([]gid.ID, len(stages))
	for i, s := range stages {
		ids[i] = d.stages[s].ID
	}
	return ids
}
