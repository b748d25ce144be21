package hiring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/ent/db/signalrating"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// sitting is an application whose loop is under way: three interviewers, each
// alone in an interview that ended an hour ago, owe a scorecard until tomorrow.
// Each interview asks for coaching_growth and team_wellbeing.
type sitting struct {
	*desk
	opening     *db.Opening
	application gid.ID
	loop        *db.Loop
	cards       map[string]gid.ID // by interviewer: interviewer, second, third
}

var focus = []string{"coaching_growth", "team_wellbeing"}

func eachSitting(t *testing.T, fn func(t *testing.T, s *sitting)) {
	eachDesk(t, func(t *testing.T, d *desk) {
		for _, name := range []string{"second", "third"} {
			d.join(name, access.Interviewer)
		}
		fn(t, d.sit())
	})
}

func (d *desk) sit() *sitting {
	d.t.Helper()
	s := &sitting{desk: d, opening: d.open(1), cards: map[string]gid.ID{}}
	s.application = d.applicant(s.opening.ID).ID
	s.loop = s.anotherLoop(loop.RevealPolicyOWN_SUBMITTED)
	for i, who := range []string{"interviewer", "second", "third"} {
		s.cards[who] = s.assign(s.loop, i, who, nil)
	}
	return s
}

func (s *sitting) anotherLoop(policy loop.RevealPolicy) *db.Loop {
	s.t.Helper()
	return s.storedLoop(s.application, func(c *db.LoopCreate) {
		c.SetRubricVersionID(*s.opening.RubricVersionID).SetTargetLevelID(*s.opening.TargetLevelID).SetRevealPolicy(policy)
	})
}

// assign adds an interview to a loop, with somebody who owes a scorecard of it.
func (s *sitting) assign(l *db.Loop, position int, who string, with func(*db.ScorecardCreate)) gid.ID {
	s.t.Helper()
	session := s.storedInterview(l.ID, func(c *db.InterviewCreate) {
		c.SetPosition(position).SetFocusSignals(focus).SetStatus(interview.StatusSCHEDULED).
			SetStartsAt(s.now.Add(-2 * time.Hour)).SetEndsAt(s.now.Add(-time.Hour))
	})
	s.must(s.DB.InterviewSeat.Create().SetID(s.id(gid.InterviewSeat)).SetInterviewID(session).SetPosition(0).SetRole("manager").
		SetMemberID(s.members[who]).Exec(s.system()))
	return s.storedCard(session, who, func(c *db.ScorecardCreate) {
		if c.SetDueAt(s.now.Add(24 * time.Hour)); with != nil {
			with(c)
		}
	})
}

func (s *sitting) card(id gid.ID) *db.Scorecard {
	s.t.Helper()
	c, err := s.DB.Scorecard.Query().Where(scorecard.ID(id)).WithInterview().Only(s.system())
	s.must(err)
	return c
}

// evidence is long enough for any rating.
var evidence = strings.Repeat("Told how two engineers grew. ", 3)

func ratingOf(signal string, n int) *hiring.SignalRatingInput {
	return &hiring.SignalRatingInput{Signal: signal, Rating: &n, Evidence: to(evidence), EvidenceKind: to(signalrating.EvidenceKindCLAIMED)}
}

func noTime(signal string) *hiring.SignalRatingInput {
	return &hiring.SignalRatingInput{Signal: signal, NotAssessed: to(signalrating.NotAssessedNO_TIME)}
}

func seen(keys ...string) hiring.Change[[]*hiring.RedFlagInput] {
	list := []*hiring.RedFlagInput{}
	for _, key := range keys {
		list = append(list, &hiring.RedFlagInput{RedFlag: key, Evidence: "Saw it, and heard it said, more than once: " + key})
	}
	return hiring.To(list)
}

// whole is a change that makes a card complete, for its present revision.
func (s *sitting) whole(id gid.ID) hiring.ScorecardChange {
	s.t.Helper()
	return hiring.ScorecardChange{
		ScorecardID: id, ExpectedRevision: s.card(id).Revision,
		Ratings: []*hiring.SignalRatingInput{ratingOf("coaching_growth", 3), noTime("team_wellbeing")},
	}
}

// submit has somebody hand in their card.
func (s *sitting) submit(who string, with ...func(*hiring.ScorecardChange)) gid.ID {
	s.t.Helper()
	in := s.whole(s.cards[who])
	for _, change := range with {
		change(&in)
	}
	id, err := s.SubmitScorecard(s.as(who), in)
	s.must(err)
	return id
}

// story tells a card and all its revisions, line by line.
func (s *sitting) story(id gid.ID) string {
	s.t.Helper()
	ctx := s.system()
	c := s.card(id)
	var b strings.Builder
	fmt.Fprintf(&b, "%s r%d %s", c.Status, c.Revision, optional(c.Recommendation))
	if c.SubmittedAt != nil {
		fmt.Fprintf(&b, " on time %s", optional(c.IsOnTime))
	}
	revisions, err := s.DB.ScorecardRevision.Query().Where(scorecardrevision.ScorecardID(id)).
		Order(scorecardrevision.ByNumber()).WithAuthor().WithRatings().All(ctx)
	s.must(err)
	for _, r := range revisions {
		current := ""
		if c.CurrentRevisionID != nil && *c.CurrentRevisionID == r.ID {
			current = "*"
		}
		fmt.Fprintf(&b, "\n%d%s by %s", r.Number, current, r.Edges.Author.Name)
		if r.Reason != nil {
			fmt.Fprintf(&b, " as %q", *r.Reason)
		}
		if r.IsAfterReveal {
			b.WriteString(" after reveal")
		}
		fmt.Fprintf(&b, ": %s %q", optional(r.Recommendation), r.Summary)
		slices.SortFunc(r.Edges.Ratings, func(x, y *db.SignalRating) int { return x.Position - y.Position })
		for _, x := range r.Edges.Ratings {
			fmt.Fprintf(&b, " %s=%s%s", x.Signal, optional(x.Rating), optional(x.NotAssessed))
			if x.IsUnplanned {
				b.WriteString(" unplanned")
			}
		}
	}
	flags, err := s.DB.RedFlagObservation.Query().Where(redflagobservation.ScorecardID(id)).
		Order(redflagobservation.ByRedFlag(), redflagobservation.BySinceRevision()).All(ctx)
	s.must(err)
	for _, f := range flags {
		fmt.Fprintf(&b, "\n%s of %s %s %d-%s", f.RedFlag, f.Signal, f.Severity, f.SinceRevision, optional(f.UntilRevision))
		if f.ConfirmedByID != nil {
			b.WriteString(" confirmed")
		}
	}
	return b.String()
}

func optional[T any](value *T) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

func (s *sitting) tells(want ...string) func(id gid.ID) {
	return func(id gid.ID) {
		s.t.Helper()
		if diff := cmp.Diff(strings.Join(want, "\n"), s.story(id)); diff != "" {
			s.t.Errorf("-want +got\n%s", diff)
		}
	}
}

// flag is the red flag that a card reports now.
func (s *sitting) flag(card gid.ID, key string) *db.RedFlagObservation {
	s.t.Helper()
	f, err := s.DB.RedFlagObservation.Query().
		Where(redflagobservation.ScorecardID(card), redflagobservation.RedFlag(key), redflagobservation.UntilRevisionIsNil()).
		Only(s.system())
	s.must(err)
	return f
}
