package hiring_test

import (
	"strings"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/scorecard"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// What an interview asks to be rated, as the pinned edition puts it.
func TestFocusSignals(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		session := s.card(s.cards["interviewer"]).InterviewID
		s.must(s.DB.Interview.UpdateOneID(session).SetFocusSignals([]string{"autonomy_under_uncertainty", "coaching_growth", "team_wellbeing"}).Exec(s.system()))
		tell := func(level *gid.ID) string {
			t.Helper()
			focus, err := s.FocusSignals(s.as("interviewer"), []gid.ID{session}, level)
			s.must(err)
			if focus[session] == nil {
				return "none"
			}
			var words []string
			for _, f := range focus[session] {
				word := f.Key
				if f.MustHave {
					word += "!"
				}
				if !f.IsAsked {
					word += "?"
				}
				if (f.Expectation != "") != f.IsAsked || len(f.Anchors) != 4 || f.Name == "" || f.Assesses == "" {
					t.Errorf("%+v", f)
				}
				words = append(words, word)
			}
			return strings.Join(words, " ")
		}
		for _, c := range []struct {
			rule  string
			level *gid.ID
			want  string
		}{
			{"in the edition's order, at the loop's target", nil, "team_wellbeing coaching_growth! autonomy_under_uncertainty?"},
			{"at another level", to(s.levels["senior_em"]), "team_wellbeing coaching_growth! autonomy_under_uncertainty!"},
			{"at a level of another ladder", to(s.levels["designer"]), "none"},
			{"at a level that is none", to(s.application), "none"},
		} {
			if got := tell(c.level); got != c.want {
				t.Errorf("%s: got %q, want %q", c.rule, got, c.want)
			}
		}
		s.must(s.DB.Loop.UpdateOneID(s.loop.ID).ClearRubricVersionID().ClearTargetLevelID().Exec(s.system()))
		if got := tell(nil); got != "" {
			t.Errorf("without a rubric it asks for %q", got)
		}
	})
}

// Cards are late while they are owed for somebody who is still in the running;
// those of people who learn hold nothing up.
func TestOverdueScorecards(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		count := func(who string) int {
			t.Helper()
			counts, err := s.OverdueScorecards(s.as(who), []gid.ID{s.opening.ID})
			s.must(err)
			return counts[s.opening.ID]
		}
		s.now = s.now.Add(24 * time.Hour)
		if got := count("recruiter"); got != 0 {
			t.Errorf("at their due time %d are late", got)
		}
		s.now = s.now.Add(time.Microsecond)
		for _, who := range []string{"recruiter", "manager", "analyst", "interviewer"} {
			if got := count(who); got != 3 {
				t.Errorf("%s counts %d late", who, got)
			}
		}
		s.submit("interviewer")
		s.must(s.DB.Scorecard.UpdateOneID(s.cards["second"]).SetIsShadow(true).Exec(s.system()))
		if got := count("analyst"); got != 1 {
			t.Errorf("with one in and one of a person who learns %d are late", got)
		}
		s.must(s.DB.Application.UpdateOneID(s.application).SetStatus(application.StatusREJECTED).Exec(s.system()))
		if got := count("analyst"); got != 0 {
			t.Errorf("of a rejected application %d are late", got)
		}
	})
}

// viewerCanEdit says what the mutations would.
func TestWhoCanWriteAScorecard(t *testing.T) {
	me, other := gid.NewGenerator(time.Now, nil), &access.Viewer{}
	own := &access.Viewer{Member: me.New(gid.Member)}
	for _, c := range []struct {
		viewer  *access.Viewer
		status  scorecard.Status
		decided bool
		want    bool
	}{
		{own, scorecard.StatusDRAFT, false, true},
		{own, scorecard.StatusDRAFT, true, true},
		{own, scorecard.StatusSUBMITTED, false, true},
		{own, scorecard.StatusSUBMITTED, true, false},
		{own, scorecard.StatusAMENDED, false, true},
		{own, scorecard.StatusAMENDED, true, false},
		{own, scorecard.StatusVOID, false, false},
		{other, scorecard.StatusDRAFT, false, false},
		{other, scorecard.StatusSUBMITTED, false, false},
		{nil, scorecard.StatusDRAFT, false, false},
	} {
		card := &db.Scorecard{InterviewerID: own.Member, Status: c.status}
		if got := hiring.CanWriteScorecard(c.viewer, card, c.decided); got != c.want {
			t.Errorf("%v of %s, decided %t: %t", c.viewer, c.status, c.decided, got)
		}
	}
}
