package hiring_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/decisionmaker"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/offer"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

const why = "The debrief agreed: strong on people, sound on delivery."

// decide records that the manager and the recruiter decided to hire at em;
// change makes it another decision.
func (h *hearing) decide(who string, change func(*hiring.RecordDecisionInput)) (gid.ID, error) {
	in := hiring.RecordDecisionInput{
		LoopID: h.loop, ExpectedVersion: h.version(), Kind: decision.KindHIRE, LevelID: to(h.levels["em"]), Rationale: why,
		DeciderIDs: []gid.ID{h.members["manager"], h.members["recruiter"]},
	}
	if change != nil {
		change(&in)
	}
	return h.RecordDecision(h.as(who), in)
}

func (h *hearing) decision(id gid.ID) *db.Decision {
	h.t.Helper()
	d, err := h.DB.Decision.Query().Where(decision.ID(id)).WithMakers(func(q *db.DecisionMakerQuery) { q.Order(decisionmaker.ByID()) }).Only(h.system())
	h.must(err)
	return d
}

func TestRecordDecision(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		before, err := d.DB.Application.Get(d.system(), h.application)
		d.must(err)
		fit := h.fit("recruiter")

		id, err := h.decide("manager", func(in *hiring.RecordDecisionInput) {
			in.Rationale = "\n" + why + " "
			in.DeciderIDs = append(in.DeciderIDs, d.members["colleague"], d.members["manager"])
			in.DissenterIDs, in.Dissent = []gid.ID{d.members["colleague"]}, to("I would wait.")
		})
		d.must(err)
		got := h.decision(id)
		if got.ApplicationID != h.application || *got.LoopID != h.loop || got.DebriefID != nil || got.Kind != decision.KindHIRE ||
			*got.LevelID != d.levels["em"] || got.Rationale != why || got.Dissent != "I would wait." ||
			got.IsOverride || got.OverrideReason != nil || !got.DecidedAt.Equal(d.now) || len(got.BasisHash) != 64 {
			t.Errorf("recorded %v", got)
		}
		var makers []string
		for _, m := range got.Edges.Makers {
			name := d.DB.Member.GetX(d.system(), m.MemberID).Name
			if m.IsDissenting {
				name += " dissents"
			}
			makers = append(makers, name)
		}
		if want := []string{"manager", "recruiter", "colleague dissents"}; !slices.Equal(makers, want) {
			t.Errorf("made by %v, want %v", makers, want)
		}
		if got, want := d.traces(), "recordDecision by manager of decision, decision.recorded"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}

		frozen := h.frozenFit(id)
		if diff := cmp.Diff(fit.Fit, frozen.Fit); diff != "" || frozen.Explanation != fit.Explanation || frozen.Level.ID != d.levels["em"] {
			t.Errorf("-before +frozen: %s", diff)
		}
		h.report(said{by: "dee", ratings: h.all(1)})
		if diff := cmp.Diff(fit.Fit, h.frozenFit(id).Fit); diff != "" {
			t.Errorf("another card changed what was frozen: %s", diff)
		}
		after, err := d.DB.Application.Get(d.system(), h.application)
		d.must(err)
		if before.String() != after.String() {
			t.Errorf("it changed the application: %s", cmp.Diff(before.String(), after.String()))
		}
	})
}

func (h *hearing) frozenFit(id gid.ID) *hiring.LevelFit {
	h.t.Helper()
	fits, err := h.FrozenLevelFits(h.as("recruiter"), []*db.Decision{h.decision(id)})
	h.must(err)
	return fits[id]
}

// TestDepartures decides everything on every outcome: a decision that departs
// says so and why, any other does not.
func TestDepartures(t *testing.T) {
	hire := func(level string) func(*hearing, *hiring.RecordDecisionInput) {
		return func(h *hearing, in *hiring.RecordDecisionInput) { in.LevelID = to(h.levels[level]) }
	}
	kind := func(k decision.Kind) func(*hearing, *hiring.RecordDecisionInput) {
		return func(_ *hearing, in *hiring.RecordDecisionInput) { in.Kind, in.LevelID = k, nil }
	}
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			outcome rubric.Outcome
			target  string
			say     func(*hearing)
			departs map[string]bool
		}{
			{rubric.HireAtTarget, "em", func(h *hearing) { h.threes(3, rubric.Yes) },
				map[string]bool{"em": false, "senior_em": true, "NO_HIRE": true, "MORE_EVIDENCE": false}},
			{rubric.HireAtOther, "senior_em", func(h *hearing) { h.threes(3, rubric.Yes) },
				map[string]bool{"em": false, "senior_em": true, "NO_HIRE": true, "MORE_EVIDENCE": false}},
			{rubric.LacksEvidence, "em", func(h *hearing) { h.report(said{by: "ana", ratings: h.all(3)}) },
				map[string]bool{"em": true, "senior_em": true, "NO_HIRE": true, "MORE_EVIDENCE": false}},
			{rubric.NoHire, "em", func(h *hearing) { h.threes(1, rubric.No) },
				map[string]bool{"em": true, "senior_em": true, "NO_HIRE": false, "MORE_EVIDENCE": false}},
		} {
			for what, departs := range c.departs {
				t.Run(string(c.outcome)+" "+what, func(t *testing.T) {
					h := d.hear(c.target, "em", "senior_em")
					c.say(h)
					fit := h.fit("recruiter")
					if fit.Outcome != c.outcome {
						t.Fatalf("the outcome is %s", fit.Outcome)
					}
					if fit.RequiresDebrief {
						h.debriefed()
					}
					change := kind(decision.Kind(what))
					if strings.HasSuffix(what, "em") {
						change = hire(what)
					}
					decide := func(more func(*hiring.RecordDecisionInput)) func() error {
						return func() error {
							_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { change(h, in); more(in) })
							return err
						}
					}
					plain := func(*hiring.RecordDecisionInput) {}
					override := func(in *hiring.RecordDecisionInput) { in.OverridesLevelFit, in.OverrideReason = to(true), to(agreed) }
					if departs {
						h.refuses(t,
							refusal{"silently", "REASON_REQUIRED at overridesLevelFit, REASON_REQUIRED at overrideReason", decide(plain)},
							refusal{"without a reason", "REASON_REQUIRED at overrideReason", decide(func(in *hiring.RecordDecisionInput) { in.OverridesLevelFit = to(true) })},
							refusal{"with a word", "REASON_REQUIRED at overrideReason", decide(func(in *hiring.RecordDecisionInput) {
								in.OverridesLevelFit, in.OverrideReason = to(true), to("Because.")
							})},
							refusal{"with a reason alone", "REASON_REQUIRED at overridesLevelFit", decide(func(in *hiring.RecordDecisionInput) {
								in.OverridesLevelFit, in.OverrideReason = to(false), to(agreed)
							})},
						)
						d.must(decide(override)())
					} else {
						h.refuses(t,
							refusal{"as if it departed", "INVALID at overridesLevelFit", decide(override)},
							refusal{"with a reason to depart", "INVALID at overrideReason", decide(func(in *hiring.RecordDecisionInput) { in.OverrideReason = to(agreed) })},
						)
						d.must(decide(plain)())
					}
					row, err := d.DB.Decision.Query().Where(decision.LoopID(h.loop)).Only(d.system())
					d.must(err)
					if row.IsOverride != departs || departs != (row.OverrideReason != nil) || departs && *row.OverrideReason != agreed {
						t.Errorf("recorded an override: %v, because %v", row.IsOverride, row.OverrideReason)
					}
				})
			}
		}
	})
}

// Whoever owes a card of the application decides once it is in.
func TestNobodyDecidesBlind(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		own := h.report(said{by: "dee", ratings: h.all(0), status: scorecard.StatusDRAFT})
		decide := func() error {
			_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { in.DeciderIDs = append(in.DeciderIDs, d.members["dee"]) })
			return err
		}
		h.refuses(t, refusal{"who owes a card", "INVALID_TRANSITION at deciderIds.2", decide})
		h.setStatus(own, scorecard.StatusSUBMITTED)
		d.must(decide())
	})
}

func TestRecordDecisionRefusals(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		decide := func(who string, change func(*hiring.RecordDecisionInput)) func() error {
			return func() error { _, err := h.decide(who, change); return err }
		}
		type in = *hiring.RecordDecisionInput
		h.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", decide("nobody", nil)},
			refusal{"an interviewer of the loop", "FORBIDDEN at ", decide("ana", nil)},
			refusal{"another interviewer", "NOT_FOUND at loopId", decide("interviewer", nil)},
			refusal{"another kind of thing", "NOT_FOUND at loopId", decide("recruiter", func(c in) { c.LoopID = h.application })},
			refusal{"another version", "CONFLICT at expectedVersion", decide("recruiter", func(c in) { c.ExpectedVersion = 0 })},
			refusal{"a level that the opening does not allow", "LEVEL_NOT_ALLOWED at levelId", decide("recruiter", func(c in) { c.LevelID = to(d.levels["senior_em"]) })},
			refusal{"no level", "REQUIRED at levelId", decide("recruiter", func(c in) { c.LevelID = nil })},
			refusal{"no level of anything", "NOT_FOUND at levelId", decide("recruiter", func(c in) { c.LevelID = to(h.loop) })},
			refusal{"a level without a hire", "INVALID at levelId", decide("recruiter", func(c in) { c.Kind = decision.KindMORE_EVIDENCE })},
			refusal{"no kind of decision", "INVALID at kind, INVALID at levelId", decide("recruiter", func(c in) { c.Kind = "MAYBE" })},
			refusal{"29 characters", "REQUIRED at rationale", decide("recruiter", func(c in) { c.Rationale = " " + strings.Repeat("x", 29) })},
			refusal{"one decider", "REQUIRED at deciderIds", decide("recruiter", func(c in) { c.DeciderIDs = c.DeciderIDs[:1] })},
			refusal{"one decider twice", "REQUIRED at deciderIds", decide("recruiter", func(c in) { c.DeciderIDs[1] = c.DeciderIDs[0] })},
			refusal{"who has left", "INVALID at deciderIds.1", decide("recruiter", func(c in) { c.DeciderIDs[1] = d.members["left"] })},
			refusal{"who was never there", "NOT_FOUND at deciderIds.0", decide("recruiter", func(c in) { c.DeciderIDs[0] = d.id(gid.Member) })},
			refusal{"too many deciders", "INVALID at deciderIds", decide("recruiter", func(c in) { c.DeciderIDs = slices.Repeat(c.DeciderIDs, 26) })},
			refusal{"dissent by others", "INVALID at dissenterIds.0", decide("recruiter", func(c in) {
				c.DissenterIDs, c.Dissent = []gid.ID{d.members["admin"]}, to("No.")
			})},
			refusal{"silent dissent", "REQUIRED at dissent", decide("recruiter", func(c in) { c.DissenterIDs = c.DeciderIDs[:1] })},
			refusal{"dissent by nobody", "INVALID at dissent", decide("recruiter", func(c in) { c.Dissent = to("No.") })},
			refusal{"dissent by all", "INVALID at dissenterIds", decide("recruiter", func(c in) { c.DissenterIDs, c.Dissent = c.DeciderIDs, to("No.") })},
			refusal{"everything at once",
				"REQUIRED at levelId, REQUIRED at rationale, REQUIRED at deciderIds, INVALID at dissenterIds.0, REQUIRED at dissent",
				decide("recruiter", func(c in) {
					c.LevelID, c.Rationale, c.DeciderIDs, c.DissenterIDs = nil, "", nil, []gid.ID{d.members["admin"]}
				})},
		)
		for _, status := range []loop.Status{loop.StatusDRAFT, loop.StatusCANCELLED} {
			d.must(d.DB.Loop.UpdateOneID(h.loop).SetStatus(status).Exec(d.system()))
			h.refuses(t, refusal{"a loop that is " + string(status), "INVALID_TRANSITION at loopId", decide("recruiter", nil)})
		}
		d.must(d.DB.Loop.UpdateOneID(h.loop).SetStatus(loop.StatusCOMPLETED).Exec(d.system()))

		d.must(d.DB.Application.UpdateOneID(h.application).SetCreditedMemberID(d.members["manager"]).Exec(d.system()))
		h.refuses(t, refusal{"who referred the candidate", "CONFLICT at deciderIds.0", decide("recruiter", nil)})
		d.must(d.DB.Application.UpdateOneID(h.application).ClearCreditedMemberID().Exec(d.system()))
		person := d.DB.Application.GetX(d.system(), h.application).CandidateID
		address := d.id(gid.CandidateContact)
		d.must(d.DB.CandidateContact.Create().SetID(address).SetCandidateID(person).SetKind("EMAIL").SetPosition(0).
			SetAddress("Recruiter@Example.org").SetNormalized(hiring.NormalizeEmail("Recruiter@Example.org")).Exec(d.system()))
		h.refuses(t,
			refusal{"the candidate", "CONFLICT at deciderIds.1", decide("manager", nil)},
			refusal{"the candidate, who does not see their own", "NOT_FOUND at loopId", decide("recruiter", nil)},
		)
		d.must(d.DB.CandidateContact.DeleteOneID(address).Exec(d.system()))

		d.must(decide("recruiter", nil)())
		h.refuses(t,
			refusal{"a second decision", "CONFLICT at loopId", decide("recruiter", nil)},
			refusal{"more evidence after a decision", "CONFLICT at loopId", decide("manager", func(c in) { c.Kind, c.LevelID = decision.KindMORE_EVIDENCE, nil })},
		)
	})
}

func TestDecisionsWaitForWhatPeopleMustTalkAbout(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.No) // against their own ratings
		decide := func(kind decision.Kind) func() error {
			return func() error {
				_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) {
					if in.Kind = kind; kind != decision.KindHIRE {
						in.LevelID = nil
					}
					if kind == decision.KindNO_HIRE {
						in.OverridesLevelFit, in.OverrideReason = to(true), to(agreed)
					}
				})
				return err
			}
		}
		for _, kind := range []decision.Kind{decision.KindHIRE, decision.KindNO_HIRE, decision.KindMORE_EVIDENCE} {
			h.refuses(t, refusal{"before the debrief: " + string(kind), "INVALID_TRANSITION at loopId", decide(kind)})
		}
		opened := h.debriefed()
		card, err := d.DB.Scorecard.Query().FirstID(d.system())
		d.must(err)
		flag := h.flag(card, flagged{key: "x", signal: "coaching_growth", severity: redflagobservation.SeverityBLOCKING})
		for _, kind := range []decision.Kind{decision.KindHIRE, decision.KindNO_HIRE} {
			h.refuses(t, refusal{"with an unconfirmed red flag: " + string(kind), "INVALID_TRANSITION at loopId", decide(kind)})
		}
		d.must(decide(decision.KindMORE_EVIDENCE)())
		d.must(decide(decision.KindMORE_EVIDENCE)()) // as often as it takes
		d.must(d.DB.RedFlagObservation.UpdateOneID(flag).SetConfirmedByID(d.members["admin"]).SetConfirmedAt(d.now).Exec(d.system()))
		if got := h.fit("recruiter").Outcome; got != rubric.NoHire {
			t.Fatalf("with a confirmed red flag the outcome is %s", got)
		}
		id, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { in.Kind, in.LevelID = decision.KindNO_HIRE, nil })
		d.must(err)
		if got := h.decision(id); *got.DebriefID != opened.ID {
			t.Errorf("the debrief before it is %v", got.DebriefID)
		}
	})
}

func TestBasisHashTellsWhatWasDecidedOn(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.dispute()
		hashes := map[string]string{}
		hash := func(what string) {
			t.Helper()
			id, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { in.Kind, in.LevelID = decision.KindMORE_EVIDENCE, nil })
			d.must(err)
			got := h.decision(id).BasisHash
			if other, known := hashes[got]; known && what != other {
				t.Errorf("%s has the hash of %s", what, other)
			}
			hashes[got] = what
		}
		debriefed := h.debriefed().ID
		hash("the beginning")
		hash("the beginning")
		if len(hashes) != 1 {
			t.Error("the same inputs have two hashes")
		}
		card, err := d.DB.Scorecard.Query().FirstID(d.system())
		d.must(err)
		d.must(d.DB.Scorecard.UpdateOneID(card).AddRevision(1).Exec(d.system()))
		hash("another revision")
		flag := h.flag(card, flagged{key: "x", signal: "coaching_growth", severity: redflagobservation.SeverityNOTE})
		d.must(d.DB.RedFlagObservation.UpdateOneID(flag).SetConfirmedByID(d.members["admin"]).Exec(d.system()))
		hash("a confirmation")
		_, err = d.ResolveSignal(d.as("recruiter"), hiring.ResolveSignalInput{DebriefID: debriefed, ExpectedVersion: 1, Signal: "coaching_growth", Resolution: agreed})
		d.must(err)
		hash("a resolution")
	})
}

// TestOneFinalDecisionIsRecorded has several people decide at once.
func TestOneFinalDecisionIsRecorded(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		outcomes := tally(atOnce(times(4, func(int) error { _, err := h.decide("recruiter", nil); return err })...))
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at loopId": 3}, outcomes); diff != "" {
			t.Error(diff)
		}
		if n := d.DB.Decision.Query().CountX(d.system()); n != 1 {
			t.Errorf("%d decisions were recorded", n)
		}
		if n := d.DB.DecisionMaker.Query().Where(decisionmaker.IsDissenting(false)).CountX(d.system()); n != 2 {
			t.Errorf("%d people decided", n)
		}
	})
}

func TestImportedDecisionsHaveNoLevelFit(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		id, err := h.decide("recruiter", nil)
		d.must(err)
		row := h.decision(id)
		for _, stored := range []string{`{"method":"MEANS","signals":[{"signal":"x","mean":2.5}]}`, `{}`, `[]`, `null`, `{"decidedBy":1}`} {
			row.LevelFit = json.RawMessage(stored)
			fits, err := d.FrozenLevelFits(d.as("recruiter"), []*db.Decision{row})
			if err != nil || fits[id] != nil {
				t.Errorf("%s is %+v: %v", stored, fits[id], err)
			}
		}
		row.LoopID = nil
		if fits, err := d.FrozenLevelFits(d.as("recruiter"), []*db.Decision{row}); err != nil || len(fits) != 0 {
			t.Errorf("without a loop it is %+v: %v", fits, err)
		}
	})
}

func TestLevelsOfApplications(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("senior_em", "em", "senior_em")
		h.threes(3, rubric.Yes)
		levels := func(who string) [4]string {
			t.Helper()
			rows, err := d.DB.Application.Query().All(d.system())
			d.must(err)
			found, err := d.LevelsOf(d.as(who), rows)
			d.must(err)
			l := found[h.application]
			return [4]string{keyOf(l.Applied), keyOf(l.Assessed), keyOf(l.Offered), keyOf(l.Accepted)}
		}
		is := func(who string, want ...string) {
			t.Helper()
			if got := levels(who); !slices.Equal(got[:], want) {
				t.Errorf("to %s the levels are %q, want %q", who, got, want)
			}
		}
		is("manager", "", "", "", "")
		d.must(d.DB.Application.UpdateOneID(h.application).SetAppliedLevelID(d.levels["senior_em"]).Exec(d.system()))
		is("manager", "senior_em", "", "", "")
		_, err := h.decide("manager", nil)
		d.must(err)
		is("manager", "senior_em", "em", "", "")
		h.storedOffer(h.application, offer.StatusDECLINED, "em", "em")
		is("manager", "senior_em", "em", "em", "")
		h.storedOffer(h.application, offer.StatusACCEPTED, "em", "senior_em")
		is("manager", "senior_em", "em", "senior_em", "senior_em")
		h.storedOffer(h.application, offer.StatusDRAFT, "em")
		is("manager", "senior_em", "em", "em", "senior_em")
		is("recruiter", "senior_em", "em", "", "") // does not lead the opening
		is("ana", "senior_em", "em", "", "")
		h.report(said{by: "ana", status: "DRAFT", ratings: h.all(0)})
		is("ana", "senior_em", "", "", "") // owes a card
	})
}
