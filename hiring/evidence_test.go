package hiring_test

import (
	"slices"
	"testing"
	"time"

	"hireloop/ent/db/debrief"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// Whoever debriefs or decides names the version of the loop that they weighed:
// whatever changes what its evidence adds up to makes it another one, and nothing
// else that is done to scorecards does.
func TestWhatIsWeighedAnew(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		version := func() int { return s.DB.Loop.GetX(s.system(), s.loop.ID).Version }
		id := s.cards["interviewer"]
		other := s.submit("second", func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning", "takes_credit") })
		for _, c := range []struct {
			what  string
			anew  bool
			doing func() error
		}{
			{"save", false, func() error { _, err := s.SaveScorecard(s.as("interviewer"), s.whole(id)); return err }},
			{"submit", true, func() error { s.submit("interviewer"); return nil }},
			{"amend", true, func() error {
				_, err := s.AmendScorecard(s.as("interviewer"), hiring.ScorecardChange{
					ScorecardID: id, ExpectedRevision: s.card(id).Revision, Reason: "Misheard", Summary: hiring.To(to("Otherwise.")),
				})
				return err
			}},
			{"confirm", true, s.confirm("recruiter", s.flag(other, "demeaning").ID)},
			{"dismiss", true, s.dismiss("recruiter", s.flag(other, "takes_credit").ID, agreed)},
			{"void a draft", false, s.void("recruiter", s.cards["third"], nil, conflict)},
			{"void what is in", true, s.void("recruiter", other, to(1), conflict)},
		} {
			before := version()
			s.must(c.doing())
			if anew := version() > before; anew != c.anew {
				t.Errorf("%s: the loop is at version %d, was at %d", c.what, version(), before)
			}
			if !c.anew {
				continue
			}
			open := hiring.OpenDebriefInput{LoopID: s.loop.ID, ExpectedVersion: before, MissingReason: to("Now")}
			decide := hiring.RecordDecisionInput{LoopID: s.loop.ID, ExpectedVersion: before, Kind: decision.KindMORE_EVIDENCE}
			s.refuses(t,
				refusal{c.what + " before the debrief", "CONFLICT at expectedVersion", func() error { _, err := s.OpenDebrief(s.as("recruiter"), open); return err }},
				refusal{c.what + " before the decision", "CONFLICT at expectedVersion", func() error { _, err := s.RecordDecision(s.as("recruiter"), decide); return err }},
			)
		}
	})
}

// After a final decision its evidence stays as it was, but for cards that come
// late.
func TestEvidenceRestsOnceDecided(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		card := s.submit("interviewer", func(in *hiring.ScorecardChange) { in.RedFlags = seen("demeaning") })
		flag := s.flag(card, "demeaning").ID
		s.storedDecision(s.application, decision.KindNO_HIRE, onLoop(s.loop.ID))
		s.refuses(t,
			refusal{"confirming", "INVALID_TRANSITION at redFlagObservationId", s.confirm("recruiter", flag)},
			refusal{"dismissing", "INVALID_TRANSITION at redFlagObservationId", s.dismiss("recruiter", flag, agreed)},
			refusal{"debriefing", "INVALID_TRANSITION at loopId", func() error {
				_, err := s.OpenDebrief(s.as("recruiter"), hiring.OpenDebriefInput{
					LoopID: s.loop.ID, ExpectedVersion: s.DB.Loop.GetX(s.system(), s.loop.ID).Version, MissingReason: to("Now"),
				})
				return err
			}},
		)
		s.submit("second")
	})
}

func TestNothingIsSettledOnceDecided(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.dispute()
		id := h.debriefed().ID
		_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) {
			in.Kind, in.LevelID, in.OverridesLevelFit, in.OverrideReason = decision.KindNO_HIRE, nil, to(true), to(agreed)
		})
		d.must(err)
		h.refuses(t, refusal{"resolving", "INVALID_TRANSITION at debriefId", h.resolve(id)})
		_, err = d.CloseDebrief(d.as("recruiter"), hiring.CloseDebriefInput{DebriefID: id, ExpectedVersion: 1})
		d.must(err)
	})
}

// resolve settles coaching in a debrief as it is now.
func (h *hearing) resolve(id gid.ID) func() error {
	return func() error {
		_, err := h.ResolveSignal(h.as("manager"), hiring.ResolveSignalInput{
			DebriefID: id, ExpectedVersion: h.debrief(id).Version, Signal: "coaching_growth", Resolution: agreed,
		})
		return err
	}
}

// amended makes a card one that was amended now.
func (h *hearing) amended(card gid.ID) {
	h.t.Helper()
	h.must(h.DB.Scorecard.UpdateOneID(card).SetStatus(scorecard.StatusAMENDED).SetUpdatedAt(h.now).Exec(h.system()))
}

// What people settled holds for the ratings that they had before them: further
// ones of the signal make it disputed again, and it can be settled again.
func TestAResolutionHoldsForItsRatings(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.dispute()
		disputed := func() bool {
			return slices.ContainsFunc(h.fit("recruiter").Levels[0].Signals, func(s rubric.SignalResult) bool {
				return s.Signal == "coaching_growth" && s.Status == rubric.Disputed
			})
		}
		later := func() { d.now = d.now.Add(time.Minute) }
		without := d.all(3)
		delete(without, "coaching_growth")
		h.report(said{by: "eli", ratings: without})
		asked := h.report(said{by: "fay", ratings: map[string]int{"coaching_growth": 0, "team_wellbeing": 3}})
		learns := h.report(said{by: "gil", ratings: d.all(3), shadow: true})
		id := h.debriefed().ID
		later()
		d.must(h.resolve(id)())
		h.refuses(t, refusal{"twice", "CONFLICT at signal", h.resolve(id)})
		for _, c := range []struct {
			what   string
			doing  func()
			reopen bool
		}{
			{"nothing", func() {}, false},
			{"a card that does not rate it", func() { h.report(said{by: "hal", ratings: without}) }, false},
			{"a card that could not assess it", func() { h.amended(asked) }, false},
			{"a card of somebody who learns", func() { h.amended(learns) }, false},
			{"a draft", func() { h.report(said{by: "ivy", ratings: h.all(4), status: scorecard.StatusDRAFT}) }, false},
			{"a card that was taken out", func() { h.report(said{by: "jon", ratings: h.all(4), status: scorecard.StatusVOID}) }, false},
			{"another card that rates it", func() { h.report(said{by: "kim", ratings: h.all(3)}) }, true},
			{"an amendment", func() {
				h.amended(h.DB.Scorecard.Query().Where(scorecard.InterviewerID(d.members["ana"])).OnlyIDX(d.system()))
			}, true},
		} {
			later()
			c.doing()
			if disputed() != c.reopen {
				t.Errorf("after %s it is disputed: %t", c.what, !c.reopen)
			}
			if !c.reopen {
				continue
			}
			d.must(h.resolve(id)())
			if disputed() {
				t.Errorf("after %s it cannot be settled again", c.what)
			}
		}
		rows := d.DB.DebriefResolution.Query().AllX(d.system())
		if len(rows) != 1 || !rows[0].RecordedAt.Equal(d.now) {
			t.Errorf("there are %v", rows)
		}
		if got, want := d.traces(), "resolveSignal by manager of debrief, debrief.signal_resolved"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
	})
}

// A decision that takes a debrief takes one over what is decided on.
func TestADebriefIsOverTheEvidence(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.No) // against their own ratings: it takes a debrief
		more := func() error {
			_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { in.Kind, in.LevelID = decision.KindMORE_EVIDENCE, nil })
			return err
		}
		again := func() {
			t.Helper()
			for _, b := range d.DB.Debrief.Query().Where(debrief.ClosedAtIsNil()).AllX(d.system()) {
				_, err := d.CloseDebrief(d.as("recruiter"), hiring.CloseDebriefInput{DebriefID: b.ID, ExpectedVersion: b.Version})
				d.must(err)
			}
			h.debriefed()
			d.must(more())
		}
		ana := d.DB.Scorecard.Query().Where(scorecard.InterviewerID(d.members["ana"])).OnlyIDX(d.system())
		again()
		for _, c := range []struct {
			what    string
			doing   func()
			changed bool
		}{
			{"a draft", func() { h.report(said{by: "dee", ratings: h.all(3), status: scorecard.StatusDRAFT}) }, false},
			{"a card of somebody who learns", func() { h.report(said{by: "eli", ratings: h.all(3), shadow: true}) }, false},
			{"a card that never was in", func() {
				id := h.report(said{by: "fay", ratings: h.all(3), status: scorecard.StatusVOID})
				d.must(d.DB.Scorecard.UpdateOneID(id).ClearSubmittedAt().Exec(d.system()))
			}, false},
			{"another card", func() { h.report(said{by: "gil", ratings: h.all(3)}) }, true},
			{"an amendment", func() { h.amended(ana) }, true},
			{"a card that was taken out", func() {
				d.must(d.DB.Scorecard.UpdateOneID(ana).SetStatus(scorecard.StatusVOID).SetUpdatedAt(d.now).Exec(d.system()))
			}, true},
		} {
			d.now = d.now.Add(time.Minute)
			c.doing()
			if !c.changed {
				d.must(more())
				continue
			}
			h.refuses(t, refusal{c.what, "INVALID_TRANSITION at loopId", more})
			again()
		}
	})
}

// Who decides sees what the loop found; whatever keeps them from it, the refusal
// says the same.
func TestDecidersSeeWhatTheLoopFound(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		h.report(said{by: "colleague", ratings: h.all(0), status: scorecard.StatusDRAFT})
		never := h.report(said{by: "dee", ratings: h.all(0), status: scorecard.StatusVOID})
		d.must(d.DB.Scorecard.UpdateOneID(never).ClearSubmittedAt().SetVoidReason(conflict).Exec(d.system()))
		texts := map[string]bool{}
		deciding := func(who string) func() error {
			return func() error {
				_, err := h.decide("recruiter", func(in *hiring.RecordDecisionInput) { in.DeciderIDs[0] = d.members[who] })
				if err != nil {
					texts[err.Error()] = true
				}
				return err
			}
		}
		for rule, who := range map[string]string{
			"owes a card": "colleague", "never reports, for a conflict": "dee", "does not interview": "interviewer", "sees no candidates": "analyst",
		} {
			h.refuses(t, refusal{"who " + rule, "INVALID_TRANSITION at deciderIds.0", deciding(who)})
		}
		if len(texts) != 1 {
			t.Errorf("refusals say why: %v", texts)
		}
		d.must(deciding("ana")())
	})
}
