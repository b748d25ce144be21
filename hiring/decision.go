package hiring

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

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
	var id gid.ID
	return id, s.change(ctx, "recordDecision", func(ctx context.Context, w *write) error {
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return err
		}
		if err := w.mayWeigh(ctx, l, false); err != nil {
			return err
		}
		weighed, err := w.assess(ctx, l, "decide on it", in.ExpectedVersion)
		if err != nil {
			return err
		}
		if err := w.openToDecide(ctx, l); err != nil {
			return err
		}
		v, err := w.readVerdict(ctx, in, a, weighed)
		if err != nil {
			return err
		}
		fit, err := weighed.fit()
		if err != nil {
			return err
		}
		debriefID, err := w.debriefBefore(ctx, l)
		if err != nil {
			return err
		}
		if err := v.ready(weighed, fit, debriefID); err != nil {
			return err
		}
		if err := v.departure(in, fit); err != nil {
			return err
		}
		id = w.id(gid.Decision)
		return w.decide(ctx, id, weighed, a, v, fit, debriefID)
	})
}

// openToDecide refuses a loop on which a final decision was recorded. The viewer
// may see decisions, or would have been refused before.
func (w *write) openToDecide(ctx context.Context, l *db.Loop) error {
	decided, err := w.Decision.Query().
		Where(decision.LoopID(l.ID), decision.KindNEQ(decision.KindMORE_EVIDENCE)).Exist(access.System(ctx))
	if err == nil && decided {
		err = fault.Conflictf("loopId", "a decision on the loop was recorded").
			WithHint("assess the application in another loop to decide anew")
	}
	return err
}

// debriefBefore is the latest debrief of a loop, nil when there is none.
func (w *write) debriefBefore(ctx context.Context, l *db.Loop) (*gid.ID, error) {
	ids, err := w.Debrief.Query().Where(debrief.LoopID(l.ID)).
		Order(debrief.ByOpenedAt(), debrief.ByID()).IDs(access.System(ctx))
	if len(ids) == 0 {
		return nil, err
	}
	return &ids[len(ids)-1], err
}

// ready refuses a decision that the evidence is not ready for: with a blocking
// red flag that nobody has confirmed or had taken back, or without the debrief
// that the level fit asks for.
func (v *verdict) ready(weighed *assessment, fit rubric.Fit, debriefID *gid.ID) error {
	var problems fault.List
	unconfirmed := func(a rubric.Attention) bool { return a == rubric.UnconfirmedFlag }
	if v.kind != decision.KindMORE_EVIDENCE && slices.ContainsFunc(fit.Attention, unconfirmed) {
		problems.Add(notNow("loopId", "a blocking red flag waits for a second person").
			WithHint("confirmRedFlag, or have its observer amend the scorecard"))
	}
	if fit.RequiresDebrief && debriefID == nil {
		problems.Add(notNow("loopId", "the level fit shows what people must talk about first: %s", listOf(fit.Attention)).WithHint("openDebrief"))
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
func (w *write) decide(ctx context.Context, id gid.ID, weighed *assessment, a *db.Application, v *verdict, fit rubric.Fit, debriefID *gid.ID) error {
	hash, err := weighed.basis(fit)
	if err != nil {
		return err
	}
	frozen, err := json.Marshal(fit)
	if err != nil {
		return err
	}
	create := w.Decision.Create().SetID(id).SetApplicationID(a.ID).SetLoopID(weighed.loop.ID).SetNillableDebriefID(debriefID).
		SetKind(v.kind).SetRationale(v.rationale).SetDissent(v.dissent).
		SetIsOverride(v.overrides).SetNillableOverrideReason(v.overrideReason).
		SetLevelFit(frozen).SetInputsHash(hash).SetDecidedAt(w.now).SetCreatedAt(w.now).SetUpdatedAt(w.now)
	details := map[string]any{
		"loopId": weighed.loop.ID.String(), "kind": v.kind, "outcome": fit.Outcome,
		"isOverride": v.overrides, "inputsHash": hash,
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
