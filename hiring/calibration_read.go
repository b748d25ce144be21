package hiring

import (
	"context"
	"strconv"
	"strings"
	"time"

	"hireloop/calibration"
	"hireloop/ent/db/loop"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/rubric"
)

// tables builds what is calibrated: each thing has a row, numbered as it comes.
type tables struct {
	calibration.Input
	interviewers, applications, cards map[gid.ID]int32
	signals                           map[string]int32
}

func newTables() *tables {
	return &tables{
		interviewers: map[gid.ID]int32{}, applications: map[gid.ID]int32{}, cards: map[gid.ID]int32{}, signals: map[string]int32{},
	}
}

func (t *tables) interviewer(id gid.ID) int32 {
	return numbered(t.interviewers, id, func() { t.Interviewers = append(t.Interviewers, calibration.Interviewer{ID: id.String()}) })
}

func (t *tables) application(id gid.ID) int32 {
	return numbered(t.applications, id, func() { t.Applications = append(t.Applications, id.String()) })
}

func (t *tables) signal(id string) int32 {
	return numbered(t.signals, id, func() { t.Signals = append(t.Signals, id) })
}

// seated counts who has a card or held an interview.
func (t *tables) seated() int {
	seated := map[int32]bool{}
	for _, c := range t.Cards {
		seated[c.Interviewer] = true
	}
	for _, i := range t.Interviews {
		seated[i.Interviewer] = true
	}
	return len(seated)
}

// numbered is the number of a key; one that is new is added.
func numbered[K comparable](numbers map[K]int32, key K, add func()) int32 {
	n, known := numbers[key]
	if !known {
		n = int32(len(numbers))
		numbers[key] = n
		add()
	}
	return n
}

// calibrated is whose interviews are looked at: those that ended in a time, for
// the applications of these openings, as far as it was known at a moment. What was
// reported of an application for which a member owes a scorecard, or whose cards a
// loop still hides, is left out: it must not show, not even in sums. That cards
// are in or out, and when, is no secret.
type calibrated struct {
	openings        []gid.ID
	from, to, known time.Time
	withheld        map[gid.ID]bool // applications
}

const wasHeld = `i.status = 'COMPLETED' AND i.ends_at >= $2 AND i.ends_at < $3 AND i.ends_at <= $4`

// calibrated reads what interviewers did, by a constant number of statements, as
// the program itself: what is told of it, and to whom, Calibration decides.
func (r columnReader) calibrated(ctx context.Context, c calibrated) (*tables, error) {
	t := newTables()
	ctx = access.System(ctx)
	for _, read := range []func(context.Context, calibrated, *tables) error{r.readCards, r.readRatings, r.readInterviews, r.readDecisions} {
		if err := read(ctx, c, t); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (r columnReader) args(c calibrated) []any {
	return []any{r.IDs(c.openings), c.from.UTC(), c.to.UTC(), c.known.UTC()}
}

// readCards reads the cards of interviews that took place, with what their first
// version recommended: the one with the smallest number.
func (r columnReader) readCards(ctx context.Context, c calibrated, t *tables) error {
	return store.Query(ctx, r.SQL(), `SELECT c.id, c.interviewer_id, c.application_id, c.status, c.is_shadow, i.ends_at, c.due_at, c.submitted_at,
		b.semver, (SELECT v.recommendation FROM scorecard_revisions v WHERE v.scorecard_id = c.id ORDER BY v.number LIMIT 1)
		FROM applications a JOIN scorecards c ON c.application_id = a.id JOIN interviews i ON i.id = c.interview_id
		JOIN loops l ON l.id = c.loop_id LEFT JOIN rubric_versions b ON b.id = l.rubric_version_id
		WHERE `+r.AmongIDs("a.opening_id", 1)+` AND `+wasHeld+` AND c.status <> 'VOID'`, r.args(c)...).Each(func(row store.Row) error {
		var (
			id, interviewer, application gid.ID
			card                         calibration.Card
			due, submitted               *time.Time
			semver, recommendation       *string
		)
		if err := row.Scan(&id, &interviewer, &application, &card.Status, &card.Shadow, &card.EndedAt, &due, &submitted, &semver, &recommendation); err != nil {
			return err
		}
		card.Interviewer, card.Application = t.interviewer(interviewer), t.application(application)
		if due != nil {
			card.DueAt = *due
		}
		if submitted != nil {
			card.SubmittedAt = *submitted
		}
		if semver != nil {
			card.Major = majorOf(*semver)
		}
		if recommendation != nil && card.Status != rubric.ScorecardDraft && !c.withheld[application] {
			card.Recommendation = rubric.Recommendation(*recommendation)
		}
		numbered(t.cards, id, func() { t.Cards = append(t.Cards, card) })
		return nil
	})
}

// readRatings reads the ratings of the first versions of the cards that are in.
func (r columnReader) readRatings(ctx context.Context, c calibrated, t *tables) error {
	return store.Query(ctx, r.SQL(), `SELECT c.id, c.application_id, l.ladder_id, x.signal, x.rating
		FROM applications a JOIN scorecards c ON c.application_id = a.id JOIN interviews i ON i.id = c.interview_id
		JOIN (SELECT n.id, b.ladder_id FROM loops n LEFT JOIN rubric_versions b ON b.id = n.rubric_version_id) l ON l.id = c.loop_id
		JOIN scorecard_revisions v ON v.scorecard_id = c.id AND v.number = (SELECT min(n.number) FROM scorecard_revisions n WHERE n.scorecard_id = c.id)
		JOIN signal_ratings x ON x.revision_id = v.id
		WHERE `+r.AmongIDs("a.opening_id", 1)+` AND `+wasHeld+` AND c.status IN ('SUBMITTED', 'AMENDED') AND x.rating IS NOT NULL`, r.args(c)...).Each(func(row store.Row) error {
		var card, application gid.ID
		var ladder *gid.ID
		var signal string
		var rating int
		if err := row.Scan(&card, &application, &ladder, &signal, &rating); err != nil {
			return err
		}
		n, known := t.cards[card]
		if !known || c.withheld[application] { // unknown: handed in since the cards were read
			return nil
		}
		if ladder != nil {
			signal = ladder.String() + "/" + signal
		}
		t.Ratings = append(t.Ratings, calibration.Rating{Card: n, Signal: t.signal(signal), Value: uint8(rating)})
		return nil
	})
}

// readInterviews reads who held which interview.
func (r columnReader) readInterviews(ctx context.Context, c calibrated, t *tables) error {
	return store.Query(ctx, r.SQL(), `SELECT s.member_id, i.ends_at
		FROM applications a JOIN loops l ON l.application_id = a.id JOIN interviews i ON i.loop_id = l.id JOIN interview_seats s ON s.interview_id = i.id
		WHERE `+r.AmongIDs("a.opening_id", 1)+` AND `+wasHeld+` AND s.member_id IS NOT NULL AND NOT s.is_shadow`, r.args(c)...).Each(func(row store.Row) error {
		var who gid.ID
		var held calibration.Interview
		if err := row.Scan(&who, &held.EndedAt); err != nil {
			return err
		}
		held.Interviewer = t.interviewer(who)
		t.Interviews = append(t.Interviews, held)
		return nil
	})
}

// readDecisions reads the last final decision on each application with a card.
func (r columnReader) readDecisions(ctx context.Context, c calibrated, t *tables) error {
	return store.Query(ctx, r.SQL(), `SELECT d.application_id, d.kind FROM applications a JOIN decisions d ON d.application_id = a.id
		WHERE `+r.AmongIDs("a.opening_id", 1)+` AND d.kind IN ('HIRE', 'NO_HIRE') AND d.decided_at <= $4 AND EXISTS (
			SELECT 1 FROM loops l JOIN interviews i ON i.loop_id = l.id WHERE l.application_id = a.id AND `+wasHeld+`)
		ORDER BY d.application_id, d.decided_at, d.id`, r.args(c)...).Each(func(row store.Row) error {
		var application gid.ID
		var kind string
		if err := row.Scan(&application, &kind); err != nil {
			return err
		}
		if c.withheld[application] {
			return nil
		}
		of := t.application(application)
		if n := len(t.Decisions); n > 0 && t.Decisions[n-1].Application == of {
			t.Decisions = t.Decisions[:n-1]
		}
		t.Decisions = append(t.Decisions, calibration.Decision{Application: of, Hire: kind == "HIRE"})
		return nil
	})
}

// majorOf is the first number of a version.
func majorOf(semver string) int32 {
	first, _, _ := strings.Cut(semver, ".")
	n, err := strconv.ParseInt(first, 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}

// withheld are the applications of which a viewer must not learn what was
// reported, not even in sums.
func (s *Service) withheld(ctx context.Context) (map[gid.ID]bool, error) {
	out := map[gid.ID]bool{}
	owed, err := s.DB.Application.Query().Where(access.Biased(ctx)).IDs(access.System(ctx)) // the rule is in the condition
	if err != nil {
		return nil, err
	}
	concealed, err := s.DB.Loop.Query().Where(access.Concealing()).Select(loop.FieldApplicationID).All(access.System(ctx)) // likewise
	if err != nil {
		return nil, err
	}
	for _, id := range owed {
		out[id] = true
	}
	for _, l := range concealed {
		out[l.ApplicationID] = true
	}
	return out, nil
}
