package hiring

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/debrief"
	"hireloop/ent/db/decision"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// RecordDecisionInput is what named people decided.
type RecordDecisionInput struct {
	LoopID            gid.ID
	ExpectedVersion   int // of the loop
	Kind              decision.Kind
	LevelID           *gid.ID // of HIRE
	Rationale         string
	DeciderIDs        []gid.ID
	DissenterIDs      []gid.ID
	Dissent           *string
	OverridesLevelFit *bool
	OverrideReason    *string
}

// RecordDecision records what named people decided on the evidence of a loop,
// with what the level fit said at that moment. It changes nothing else. Of two
// final decisions at once one is recorded, the other is a Conflict.
func (s *Service) RecordDecision(ctx context.Context, in RecordDecisionInput) (gid.ID, error) {
	return s.create(ctx, "recordDecision", func(ctx context.Context, w *write) (gid.ID, error) {
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.mayWeigh(ctx, "loopId", l, false); err != nil {
			return gid.Nil, err
		}
		weighed, err := w.assess(ctx, l, "decide on it", in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		if err := w.openToDecide(ctx, l); err != nil {
			return gid.Nil, err
		}
		v, err := w.readVerdict(ctx, in, l, a)
		if err != nil {
			return gid.Nil, err
		}
		fit, err := weighed.fit()
		if err != nil {
			return gid.Nil, err
		}
		last, err := w.debriefBefore(ctx, l)
		if err != nil {
			return gid.Nil, err
		}
		if err := v.ready(weighed, fit, last); err != nil {
			return gid.Nil, err
		}
		if err := v.departure(in, fit); err != nil {
			return gid.Nil, err
		}
		id := w.id(gid.Decision)
		return id, w.decide(ctx, id, weighed, a, v, fit, last)
	})
}

// openToDecide refuses a loop on which a final decision was recorded. The viewer
// may see decisions, or would have been refused before.
func (w *write) openToDecide(ctx context.Context, l *db.Loop) error {
	decided, err := w.decidedFinally(ctx, l.ID)
	if err == nil && decided {
		err = fault.Conflictf("loopId", "a decision on the loop was recorded").
			WithHint("assess the application in another loop to decide anew")
	}
	return err
}

// final are the decisions that end an assessment.
var final = []decision.Kind{decision.KindHIRE, decision.KindNO_HIRE}

// decidedFinally reports whether people decided for good on a loop, whoever may
// see it.
func (w *write) decidedFinally(ctx context.Context, loopID gid.ID) (bool, error) {
	return w.Decision.Query().Where(decision.LoopID(loopID), decision.KindIn(final...)).Exist(access.System(ctx))
}

// debriefBefore is the latest debrief of a loop without its packet, which is
// large; nil when there is none.
func (w *write) debriefBefore(ctx context.Context, l *db.Loop) (*db.Debrief, error) {
	last, err := w.Debrief.Query().Where(debrief.LoopID(l.ID)).
		Order(debrief.ByOpenedAt(sql.OrderDesc()), debrief.ByID(sql.OrderDesc())).
		Select(debrief.FieldID, debrief.FieldOpenedAt).First(access.System(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	return last, err
}

// ready refuses a decision that the evidence is not ready for: with a blocking
// red flag that nobody has confirmed or had taken back, or without the debrief
// over it that the level fit asks for.
func (v *verdict) ready(weighed *assessment, fit rubric.Fit, last *db.Debrief) error {
	var problems fault.List
	unconfirmed := func(a rubric.Attention) bool { return a == rubric.UnconfirmedFlag }
	if v.kind != decision.KindMORE_EVIDENCE && slices.ContainsFunc(fit.Attention, unconfirmed) {
		problems.Add(notNow("loopId", "a blocking red flag waits for a second person").
			WithHint("confirmRedFlag or dismissRedFlag, or have its observer amend the scorecard"))
	}
	switch {
	case !fit.RequiresDebrief:
	case last == nil:
		problems.Add(notNow("loopId", "the level fit shows what people must talk about first: %s", listOf(fit.Attention)).WithHint("openDebrief"))
	case last.OpenedAt.Before(weighed.evidence.changed()):
		problems.Add(notNow("loopId", "the evidence changed since the debrief").WithHint("openDebrief"))
	}
	return problems.Err()
}

// departs reports whether a decision is another one than the fit suggests. To
// look for more evidence is none about the candidate.
func (v *verdict) departs(fit rubric.Fit) bool {
	switch v.kind {
	case decision.KindHIRE:
		return fit.Level != v.level.Key // which is empty when the fit suggests no hire
	case decision.KindNO_HIRE:
		return fit.Outcome != rubric.NoHire
	}
	return false
}

// departure checks that a decision that departs from the fit says so and why, and
// that no other one does.
func (v *verdict) departure(in RecordDecisionInput, fit rubric.Fit) error {
	var problems fault.List
	says := in.OverridesLevelFit != nil && *in.OverridesLevelFit
	v.overrides = v.departs(fit)
	switch {
	case v.overrides:
		if !says {
			problems.Add(fault.New(fault.Invalid, fault.CodeReasonRequired, "overridesLevelFit",
				"the decision departs from what the level fit suggests: %s", suggested(fit)).
				WithHint("confirm it here, and say why in overrideReason"))
		}
		text := ""
		if in.OverrideReason != nil {
			text = *in.OverrideReason
		}
		why := argued(&problems, fault.CodeReasonRequired, "overrideReason", text)
		v.overrideReason = &why
	case says:
		problems.Add(fault.Invalidf("overridesLevelFit", "the decision does not depart from what the level fit suggests: %s", suggested(fit)))
	case in.OverrideReason != nil && !unseen(*in.OverrideReason):
		problems.Add(fault.Invalidf("overrideReason", "the decision does not depart from what the level fit suggests: %s", suggested(fit)))
	}
	return problems.Err()
}

func listOf(attention []rubric.Attention) string {
	names := make([]string, len(attention))
	for i, a := range attention {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}

// suggested names the outcome of a fit: "HIRE_AT_OTHER_LEVEL em".
func suggested(fit rubric.Fit) string {
	if fit.Level == "" {
		return string(fit.Outcome)
	}
	return string(fit.Outcome) + " " + fit.Level
}

// decide writes a decision with what it rests on.
func (w *write) decide(ctx context.Context, id gid.ID, weighed *assessment, a *db.Application, v *verdict, fit rubric.Fit, last *db.Debrief) error {
	hash, err := weighed.basis(fit)
	if err != nil {
		return err
	}
	frozen, err := json.Marshal(fit)
	if err != nil {
		return err
	}
	create := w.Decision.Create().SetID(id).SetApplicationID(a.ID).SetLoopID(weighed.loop.ID).
		SetKind(v.kind).SetRationale(v.rationale).SetDissent(v.dissent).
		SetIsOverride(v.overrides).SetNillableOverrideReason(v.overrideReason).
		SetLevelFit(frozen).SetBasisHash(hash).SetDecidedAt(w.now).SetCreatedAt(w.now).SetUpdatedAt(w.now)
	details := map[string]any{
		"loopId": weighed.loop.ID.String(), "kind": v.kind, "outcome": fit.Outcome,
		"isOverride": v.overrides, "basisHash": hash,
	}
	if last != nil {
		create.SetDebriefID(last.ID)
	}
	if v.level != nil {
		create.SetLevelID(v.level.ID)
		details["levelId"] = v.level.ID.String()
	}
	if err := create.Exec(ctx); err != nil {
		return err
	}
	var makers []*db.DecisionMakerCreate
	for _, member := range v.deciders {
		makers = append(makers, w.DecisionMaker.Create().SetID(w.id(gid.DecisionMaker)).
			SetDecisionID(id).SetMemberID(member).SetIsDissenting(slices.Contains(v.dissenters, member)))
	}
	if err := w.DecisionMaker.CreateBulk(makers...).Exec(ctx); err != nil {
		return err
	}
	w.emit(happening{Type: "decision.recorded", Subject: id, Opening: a.OpeningID, Application: a.ID})
	return w.record(ctx, id, details)
}

// basis is the hash of what is decided on: the edition, the cards that count with
// their revisions and what was confirmed of them, the signals that were settled,
// and what the fit says of it all.
func (a *assessment) basis(fit rubric.Fit) (string, error) {
	type card struct {
		ID        gid.ID   `json:"id"`
		Revision  int      `json:"revision"`
		Confirmed []string `json:"confirmedRedFlags"`
	}
	cards := []card{}
	for i, row := range a.evidence.rows {
		if !a.evidence.cards[i].Counts() {
			continue
		}
		c := card{ID: row.ID, Revision: row.Revision, Confirmed: []string{}}
		for _, f := range a.evidence.cards[i].RedFlags {
			if f.ConfirmedBy != "" {
				c.Confirmed = append(c.Confirmed, f.RedFlag+" "+f.ConfirmedBy)
			}
		}
		cards = append(cards, c)
	}
	return rubric.Hash(struct {
		Rubric      gid.ID     `json:"rubricVersionId"`
		Content     *string    `json:"contentHash"`
		Cards       []card     `json:"cards"`
		Resolutions []string   `json:"resolvedSignals"`
		LevelFit    rubric.Fit `json:"levelFit"`
	}{a.edition.version.ID, a.edition.version.ContentHash, cards, a.evidence.resolved, fit})
}
