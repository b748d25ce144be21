package hiring_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hireloop/ent/db"
	"hireloop/ent/db/debriefresolution"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

const agreed = "They heard of two different projects; the later one counts."

// openDebrief opens the debrief of the loop; change makes the input wrong.
func (h *hearing) openDebrief(who string, change func(*hiring.OpenDebriefInput)) (gid.ID, error) {
	in := hiring.OpenDebriefInput{LoopID: h.loop, ExpectedVersion: h.version()}
	if change != nil {
		change(&in)
	}
	return h.OpenDebrief(h.as(who), in)
}

// version is that of the loop as it is now.
func (h *hearing) version() int { return h.DB.Loop.GetX(h.system(), h.loop).Version }

func (h *hearing) debriefed() *db.Debrief {
	h.t.Helper()
	id, err := h.openDebrief("recruiter", func(in *hiring.OpenDebriefInput) { in.MissingReason = to("The week ends") })
	h.must(err)
	return h.debrief(id)
}

func (h *hearing) debrief(id gid.ID) *db.Debrief {
	h.t.Helper()
	d, err := h.DB.Debrief.Get(h.system(), id)
	h.must(err)
	return d
}

func TestOpeningADebriefFreezesItsPacket(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em", "senior_em")
		h.dispute()
		h.report(said{by: "eli", ratings: map[string]int{"team_wellbeing": 1}, advice: rubric.StrongNo})
		h.report(said{by: "fay", ratings: h.all(0), status: scorecard.StatusDRAFT})
		h.report(said{by: "gil", ratings: h.all(0), status: scorecard.StatusDRAFT, shadow: true})
		live := h.packet(t)

		id, err := h.openDebrief("manager", func(in *hiring.OpenDebriefInput) { in.MissingReason = to("Fay is ill") })
		d.must(err)
		opened := h.debrief(id)
		if opened.LoopID != h.loop || opened.ApplicationID != h.application || *opened.OpenedByID != d.members["manager"] ||
			!opened.OpenedAt.Equal(d.now) || opened.ClosedAt != nil || opened.Summary != "" || opened.Version != 1 {
			t.Errorf("the debrief is %v", opened)
		}
		if got, want := d.traces(), "openDebrief by manager of debrief, debrief.opened"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		if after, err := d.DB.Loop.Get(d.system(), h.loop); err != nil || after.Version != 1 {
			t.Errorf("the loop is at version %d: %v", after.Version, err)
		}
		if hash, err := rubric.Hash(opened.Packet); err != nil || hash != opened.PacketHash {
			t.Errorf("the packet's hash is %s, not %s: %v", hash, opened.PacketHash, err)
		}
		live.MissingReason = to("Fay is ill") // which the frozen one says beside
		if diff := samePacket(live, h.frozen(t, id)); diff != "" {
			t.Errorf("-before it was opened +frozen: %s", diff)
		}
		h.report(said{by: "hal", ratings: h.all(1), advice: rubric.StrongNo})
		if samePacket(live, h.packet(t)) == "" {
			t.Error("another card left what a debrief would have before it now")
		}
		if diff := samePacket(live, h.frozen(t, id)); diff != "" {
			t.Errorf("another card changed what was frozen: %s", diff)
		}
	})
}

// packet is what a debrief would have before it now.
func (h *hearing) packet(t *testing.T) *hiring.DebriefPacket {
	t.Helper()
	packets, err := h.DebriefPackets(h.as("recruiter"), []gid.ID{h.loop})
	h.must(err)
	return packets[h.loop]
}

func (h *hearing) frozen(t *testing.T, id gid.ID) *hiring.DebriefPacket {
	t.Helper()
	packets, err := h.FrozenPackets(h.as("recruiter"), []*db.Debrief{h.debrief(id)})
	h.must(err)
	return packets[id]
}

// samePacket compares packets: rows by their ids, everything else as it is.
func samePacket(a, b *hiring.DebriefPacket) string {
	return cmp.Diff(a, b,
		cmp.Comparer(func(a, b *db.Member) bool { return a == b || a != nil && b != nil && a.ID == b.ID }),
		cmp.Comparer(func(a, b *db.Level) bool { return a == b || a != nil && b != nil && a.ID == b.ID }),
		cmp.Comparer(func(a, b *db.RubricVersion) bool { return a == b || a != nil && b != nil && a.ID == b.ID }))
}

func TestDebriefPacket(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em", "senior_em")
		h.dispute()
		h.report(said{by: "eli", ratings: map[string]int{"team_wellbeing": 1}})
		h.report(said{by: "fay", ratings: h.all(0), status: scorecard.StatusDRAFT})
		h.report(said{by: "gil", ratings: h.all(4), shadow: true, advice: rubric.StrongYes})
		p := h.packet(t)

		if diff := cmp.Diff(h.fit("recruiter").Fit, p.LevelFit.Fit); diff != "" {
			t.Errorf("its level fit is another one: %s", diff)
		}
		var told []string
		for _, s := range p.Signals {
			if s.Signal != "coaching_growth" && s.Signal != "team_wellbeing" {
				continue
			}
			var votes []string
			for _, v := range s.Votes {
				vote := v.Interviewer.Name + " " + v.Vote.String()
				if v.IsOutlier {
					vote += "!"
				}
				votes = append(votes, vote)
			}
			slices.Sort(votes)
			told = append(told, fmt.Sprintf("%s: %s, mean %s, range %s, at odds %v", s.Signal, strings.Join(votes, " "), s.Mean, s.Range, s.IsAtOdds))
		}
		want := []string{
			"team_wellbeing: ana 3 ben 3 cho 3 dee 3 eli 1!, mean 13/5, range 2, at odds true",
			"coaching_growth: ana 1! ben 4! cho 1! dee 4!, mean 5/2, range 3, at odds true",
		}
		if diff := cmp.Diff(want, told, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("-want +got %s", diff)
		}
		if len(p.Signals) != len(d.builtin().Signals) {
			t.Errorf("%d signals", len(p.Signals))
		}
		var advice []string
		for _, r := range p.Recommendations {
			say := "nothing"
			if r.Recommendation != nil {
				say = string(*r.Recommendation)
			}
			advice = append(advice, r.Interviewer.Name+" "+say)
		}
		if diff := cmp.Diff([]string{"ana YES", "ben YES", "cho YES", "dee YES", "eli nothing"}, advice, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("-want +got %s", diff)
		}
		if len(p.Missing) != 1 || p.Missing[0].Interviewer.Name != "fay" || p.Missing[0].Interview != "Session 6" ||
			!p.Missing[0].DueAt.Equal(d.now.AddDate(0, 0, -1)) {
			t.Errorf("missing are %+v", p.Missing)
		}
		coverages, err := d.LoopCoverages(d.as("recruiter"), []gid.ID{h.loop})
		d.must(err)
		if len(p.Coverage) != 2 || !p.Coverage[0].IsTarget || p.Coverage[1].IsTarget {
			t.Errorf("coverage is of %d levels", len(p.Coverage))
		}
		if diff := samePacket(&hiring.DebriefPacket{Coverage: coverages[h.loop]}, &hiring.DebriefPacket{Coverage: p.Coverage}); diff != "" {
			t.Errorf("-coverage of the loop +of the packet: %s", diff)
		}
	})
}

func TestFrozenPacketsKeepEveryFigure(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em", "senior_em")
		for i := range 20 { // which makes for probabilities near nothing
			h.report(said{by: fmt.Sprintf("rater%d", i), ratings: h.all(1)})
		}
		least := 1.0
		for _, l := range h.fit("recruiter").Levels {
			for _, s := range l.Signals {
				least = min(least, *s.PMeets)
			}
		}
		if least > 1e-9 {
			t.Fatalf("the least probability is %g", least)
		}
		live, frozen := h.packet(t), h.frozen(t, h.debriefed().ID)
		frozen.MissingReason = nil
		if diff := samePacket(live, frozen); diff != "" {
			t.Errorf("-live +frozen: %s", diff)
		}
	})
}

func TestPacketsOfNothing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		if p := h.packet(t); p == nil || len(p.Signals) != 0 || len(p.Recommendations) != 0 || len(p.Missing) != 0 || p.LevelFit.Outcome != rubric.LacksEvidence {
			t.Errorf("a loop without cards has %+v", p)
		}
		for _, stored := range []string{`{}`, `{"method":"MEANS","signals":[{"signal":"x","mean":2.5}]}`, `{"levelFit":null}`, `[]`, `null`} {
			h.settle([]string{"coaching_growth"})
			debriefs, err := d.DB.Debrief.Query().All(d.as("recruiter"))
			d.must(err)
			debriefs[0].Packet = json.RawMessage(stored)
			packets, err := d.FrozenPackets(d.as("recruiter"), debriefs[:1])
			if err != nil || packets[debriefs[0].ID] != nil {
				t.Errorf("an imported debrief with %s has %+v: %v", stored, packets[debriefs[0].ID], err)
			}
		}
	})
}

func TestOpenDebriefRefusals(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		open := func(who string, change func(*hiring.OpenDebriefInput)) func() error {
			return func() error { _, err := h.openDebrief(who, change); return err }
		}
		type in = *hiring.OpenDebriefInput
		set := func(change func(*db.LoopUpdateOne)) func() error {
			return func() error {
				update := d.DB.Loop.UpdateOneID(h.loop)
				change(update)
				h.must(update.Exec(d.system()))
				return nil
			}
		}
		h.refuses(t, refusal{"nothing is in", "INVALID_TRANSITION at loopId", open("recruiter", nil)})
		h.report(said{by: "ana", ratings: h.all(3), shadow: true})
		h.report(said{by: "ben", ratings: h.all(3), status: scorecard.StatusVOID})
		h.refuses(t, refusal{"what is in does not count", "INVALID_TRANSITION at loopId", open("recruiter", nil)})
		h.report(said{by: "cho", ratings: h.all(3)})
		h.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", open("nobody", nil)},
			refusal{"an interviewer of the loop", "FORBIDDEN at ", open("cho", nil)},
			refusal{"another interviewer", "NOT_FOUND at loopId", open("interviewer", nil)},
			refusal{"another kind of thing", "NOT_FOUND at loopId", open("recruiter", func(o in) { o.LoopID = h.application })},
			refusal{"an unknown loop", "NOT_FOUND at loopId", open("recruiter", func(o in) { o.LoopID = d.id(gid.Loop) })},
			refusal{"another version", "CONFLICT at expectedVersion", open("recruiter", func(o in) { o.ExpectedVersion = 2 })},
			refusal{"a reason too long", "INVALID at missingReason", open("recruiter", func(o in) { o.MissingReason = to(strings.Repeat("x", 2001)) })},
		)
		for _, status := range []loop.Status{loop.StatusDRAFT, loop.StatusCANCELLED} {
			d.must(set(func(u *db.LoopUpdateOne) { u.SetStatus(status) })())
			h.refuses(t, refusal{"a loop that is " + string(status), "INVALID_TRANSITION at loopId", open("recruiter", nil)})
		}
		d.must(set(func(u *db.LoopUpdateOne) { u.SetStatus(loop.StatusCOMPLETED) })())
		due := h.report(said{by: "dee", ratings: h.all(0), status: scorecard.StatusDRAFT})
		h.refuses(t,
			refusal{"a card is due and nobody says why", "REASON_REQUIRED at missingReason", open("recruiter", nil)},
			refusal{"nor with an empty reason", "REASON_REQUIRED at missingReason", open("recruiter", func(o in) { o.MissingReason = to(" ") })},
		)
		d.must(set(func(u *db.LoopUpdateOne) { u.SetRevealPolicy(loop.RevealPolicyALL_SUBMITTED) })())
		h.refuses(t, refusal{"cards are hidden until all are in", "INVALID_TRANSITION at loopId", open("recruiter", func(o in) { o.MissingReason = to("Now") })})
		d.must(set(func(u *db.LoopUpdateOne) { u.SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED) })())
		h.setStatus(due, scorecard.StatusSUBMITTED)
		d.must(open("recruiter", nil)())
		if h.fit("recruiter") == nil {
			t.Error("the evidence stays hidden after the debrief was opened")
		}
		h.refuses(t, refusal{"one is open", "CONFLICT at loopId", open("recruiter", nil)})

		rubrics := d.hear("em", "em")
		rubrics.report(said{by: "ana", ratings: h.all(3)})
		d.must(d.DB.Loop.UpdateOneID(rubrics.loop).ClearRubricVersionID().ClearTargetLevelID().Exec(d.system()))
		rubrics.refuses(t, refusal{"an imported loop", "INVALID_TRANSITION at loopId", func() error { _, err := rubrics.openDebrief("recruiter", nil); return err }})
	})
}

// TestBlindMoversLearnNothing has a manager whose own card is due try everything
// while others write: the answers stay the same.
func TestBlindMoversLearnNothing(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		own := h.report(said{by: "manager", ratings: h.all(0), status: scorecard.StatusDRAFT})
		unknown := d.id(gid.Debrief)
		attempts := func(debrief gid.ID) string {
			var told []string
			tell := func(_ gid.ID, err error) {
				t.Helper()
				if err == nil {
					t.Fatal("a blind manager may go on")
				}
				told = append(told, refused(err)+" "+strings.ReplaceAll(err.Error(), debrief.String(), "D"))
			}
			tell(h.openDebrief("manager", nil))
			tell(h.openDebrief("manager", func(in *hiring.OpenDebriefInput) { in.ExpectedVersion = 9 }))
			tell(d.ResolveSignal(d.as("manager"), hiring.ResolveSignalInput{DebriefID: debrief, ExpectedVersion: 1, Signal: "coaching_growth", Resolution: agreed}))
			tell(d.CloseDebrief(d.as("manager"), hiring.CloseDebriefInput{DebriefID: debrief, ExpectedVersion: 1}))
			tell(h.decide("manager", nil))
			tell(h.decide("manager", func(in *hiring.RecordDecisionInput) { in.Rationale = ""; in.LevelID = nil }))
			return strings.Join(told, "\n")
		}
		first := attempts(unknown)
		same := func(what string, debrief gid.ID) {
			t.Helper()
			if diff := cmp.Diff(first, attempts(debrief)); diff != "" {
				t.Errorf("%s shows: %s", what, diff)
			}
		}
		h.threes(3, rubric.Yes)
		same("a clean hire", unknown)
		d.must(d.DB.Loop.UpdateOneID(h.loop).SetRevealPolicy(loop.RevealPolicyDEBRIEF_OPENED).Exec(d.system()))
		same("a policy", unknown)
		h.report(said{by: "dee", ratings: h.all(1), advice: rubric.StrongNo, flags: []flagged{{key: "x", signal: "coaching_growth", severity: "BLOCKING"}}})
		same("a red flag", unknown)
		id := h.debriefed().ID
		same("an open debrief", id)
		_, err := d.CloseDebrief(d.as("recruiter"), hiring.CloseDebriefInput{DebriefID: id, ExpectedVersion: 1})
		d.must(err)
		same("a closed debrief", id)
		_, err = h.decide("recruiter", func(in *hiring.RecordDecisionInput) {
			in.Kind, in.LevelID, in.DeciderIDs = "MORE_EVIDENCE", nil, []gid.ID{d.members["recruiter"], d.members["admin"]}
		})
		d.must(err)
		same("a decision", id)
		h.setStatus(own, scorecard.StatusSUBMITTED)
		if _, err := h.openDebrief("manager", nil); err != nil {
			t.Errorf("once the card is in: %v", err)
		}
	})
}

func TestResolvingASignalEndsItsDispute(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.dispute()
		disputed := func() bool {
			return slices.ContainsFunc(h.fit("recruiter").Levels[0].Signals, func(s rubric.SignalResult) bool { return s.Status == rubric.Disputed })
		}
		if !disputed() {
			t.Fatal("nothing is disputed")
		}
		id := h.debriefed().ID
		in := hiring.ResolveSignalInput{DebriefID: id, ExpectedVersion: 1, Signal: "coaching_growth", Resolution: " " + agreed + "\n"}
		_, err := d.ResolveSignal(d.as("manager"), in)
		d.must(err)
		if disputed() {
			t.Error("it is disputed still")
		}
		if got := h.debrief(id); got.Version != 2 || got.ClosedAt != nil {
			t.Errorf("the debrief is at version %d", got.Version)
		}
		row, err := d.DB.DebriefResolution.Query().Where(debriefresolution.DebriefID(id)).Only(d.system())
		d.must(err)
		if row.Signal != in.Signal || row.Resolution != agreed || *row.RecordedByID != d.members["manager"] || !row.RecordedAt.Equal(d.now) {
			t.Errorf("recorded %v", row)
		}
		if got, want := d.traces(), "resolveSignal by manager of debrief, debrief.signal_resolved"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}

		if got := h.version(); got != 2 {
			t.Errorf("the loop is at version %d", got)
		}
		in.ExpectedVersion = 2
		h.refuses(t, refusal{"twice", "CONFLICT at signal", func() error { _, err := d.ResolveSignal(d.as("recruiter"), in); return err }})
		_, err = d.CloseDebrief(d.as("recruiter"), hiring.CloseDebriefInput{DebriefID: id, ExpectedVersion: 2})
		d.must(err)
		in.DebriefID, in.ExpectedVersion = h.debriefed().ID, 1
		if _, err := d.ResolveSignal(d.as("recruiter"), in); err != nil {
			t.Errorf("a later debrief cannot say more about it: %v", err)
		}
	})
}

func TestResolveSignalRefusals(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.dispute()
		id := h.debriefed().ID
		resolve := func(who string, change func(*hiring.ResolveSignalInput)) func() error {
			in := hiring.ResolveSignalInput{DebriefID: id, ExpectedVersion: 1, Signal: "coaching_growth", Resolution: agreed}
			if change != nil {
				change(&in)
			}
			return func() error { _, err := d.ResolveSignal(d.as(who), in); return err }
		}
		type in = *hiring.ResolveSignalInput
		h.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", resolve("nobody", nil)},
			refusal{"an interviewer of the loop", "FORBIDDEN at ", resolve("ana", nil)},
			refusal{"another interviewer", "NOT_FOUND at debriefId", resolve("interviewer", nil)},
			refusal{"another kind of thing", "NOT_FOUND at debriefId", resolve("recruiter", func(r in) { r.DebriefID = h.loop })},
			refusal{"an unknown debrief", "NOT_FOUND at debriefId", resolve("recruiter", func(r in) { r.DebriefID = d.id(gid.Debrief) })},
			refusal{"another version", "CONFLICT at expectedVersion", resolve("recruiter", func(r in) { r.ExpectedVersion = 2 })},
			refusal{"too few words about nothing", "REQUIRED at resolution, INVALID at signal", resolve("recruiter", func(r in) { r.Resolution, r.Signal = "We agreed.", "hearsay" })},
			refusal{"nobody is at odds", "INVALID at signal", resolve("recruiter", func(r in) { r.Signal = "team_wellbeing" })},
			refusal{"29 characters", "REQUIRED at resolution", resolve("recruiter", func(r in) { r.Resolution = strings.Repeat("ß", 29) + "   " })},
			refusal{"too many words", "INVALID at resolution", resolve("recruiter", func(r in) { r.Resolution = strings.Repeat("x", 20001) })},
		)
		_, err := d.CloseDebrief(d.as("recruiter"), hiring.CloseDebriefInput{DebriefID: id, ExpectedVersion: 1})
		d.must(err)
		h.refuses(t, refusal{"it is closed", "INVALID_TRANSITION at debriefId", resolve("recruiter", func(r in) { r.ExpectedVersion = 2 })})
	})
}

func TestCloseDebrief(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		id := h.debriefed().ID
		closeIt := func(who string, version int, summary *string) func() error {
			return func() error {
				_, err := d.CloseDebrief(d.as(who), hiring.CloseDebriefInput{DebriefID: id, ExpectedVersion: version, Summary: summary})
				return err
			}
		}
		h.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", closeIt("nobody", 1, nil)},
			refusal{"an interviewer of the loop", "FORBIDDEN at ", closeIt("ana", 1, nil)},
			refusal{"another version", "CONFLICT at expectedVersion", closeIt("recruiter", 0, nil)},
			refusal{"too many words", "INVALID at summary", closeIt("recruiter", 1, to(strings.Repeat("x", 20001)))},
		)
		d.must(closeIt("manager", 1, to(" All agreed.\n"))())
		got := h.debrief(id)
		if got.Summary != "All agreed." || got.ClosedAt == nil || !got.ClosedAt.Equal(d.now) || got.Version != 2 {
			t.Errorf("the debrief is %v", got)
		}
		if got, want := d.traces(), "closeDebrief by manager of debrief, debrief.closed"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		h.refuses(t, refusal{"it is closed", "INVALID_TRANSITION at debriefId", closeIt("manager", 2, nil)})
		h.debriefed() // another one may be opened now
	})
}

// TestOneDebriefIsOpenAtATime has several people open one at once.
func TestOneDebriefIsOpenAtATime(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		outcomes := tally(atOnce(times(4, func(int) error { _, err := h.openDebrief("recruiter", nil); return err })...))
		if diff := cmp.Diff(map[string]int{"<nil>": 1, "CONFLICT at loopId": 3}, outcomes); diff != "" {
			t.Error(diff)
		}
		if n := d.DB.Debrief.Query().CountX(d.system()); n != 1 {
			t.Errorf("%d debriefs were opened", n)
		}
	})
}
