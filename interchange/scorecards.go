package interchange

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// cardFiling is where scorecards and what belongs to them go.
type cardFiling struct {
	cards, revisions, ratings *sink
}

// cardHere is a scorecard as it is here, with its current revision.
type cardHere struct {
	status   string
	revision int
	updated  int64
	current  gid.ID
	content  string
}

// scorecards makes scorecards. What was handed in is frozen as a revision; when
// a later export says otherwise, that is one more revision.
func (r *run) scorecards() error {
	var all []*Scorecard
	for _, l := range r.world.Loops {
		for _, i := range l.Interviews {
			for _, s := range i.Scorecards {
				s.interview, s.loop = i, l
				all = append(all, s)
			}
		}
	}
	var to cardFiling
	var err error
	if to.cards, err = r.sink("scorecards", "id", "interview_id", "interviewer_id", "loop_id", "application_id", "status", "recommendation",
		"submitted_at", "is_shadow", "revision", "current_revision_id", "created_at", "updated_at"); err != nil {
		return err
	}
	if to.revisions, err = r.sink("scorecard_revisions", "id", "scorecard_id", "number", "recorded_at", "author_id", "reason",
		"is_after_reveal", "recommendation", "summary"); err != nil {
		return err
	}
	if to.ratings, err = r.sink("signal_ratings", "id", "revision_id", "position", "signal", "rating", "not_assessed", "evidence",
		"is_unplanned"); err != nil {
		return err
	}
	for part := range slices.Chunk(all, chunk) {
		if err := r.fileCards(part, to); err != nil {
			return err
		}
		for _, s := range part {
			r.step(1 + len(s.Ratings))
		}
	}
	for _, s := range []*sink{to.cards, to.revisions, to.ratings} {
		if err := s.close(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) fileCards(part []*Scorecard, to cardFiling) error {
	recs := make([]*Reference, len(part))
	for i, s := range part {
		recs[i] = &s.Reference
	}
	known, err := r.find(recs)
	if err != nil {
		return err
	}
	here, err := r.cardsHere(recs)
	if err != nil {
		return err
	}
	taken, err := r.cardsOf(part)
	if err != nil {
		return err
	}
	var revised []*Scorecard
	for _, s := range part {
		have, there := here[s.id]
		place := [2]gid.ID{s.interview.id, s.Interviewer.id}
		switch {
		case !s.id.IsNil() && !there:
			r.leaveOut(s, CodeGone, "was removed here since it was imported; it is not brought back")
			continue
		case !there && (s.interview.id.IsNil() || s.Interviewer.id.IsNil()):
			r.leaveOut(s, CodeGone, "what it belongs to is not here any more")
			continue
		case !there && taken[place]:
			r.leaveOut(s, CodeConflict, "the interviewer has another scorecard for that interview here")
			continue
		case !there:
			taken[place] = true
			err = r.newCard(s, to)
		default:
			err = r.agreeCard(s, have)
		}
		if err == nil {
			err = r.refer(&s.Reference, known)
		}
		if err != nil {
			return err
		}
		if s.number > 0 {
			revised = append(revised, s)
		} else {
			r.countRatings(s, unchanged)
		}
	}
	if err := to.cards.flush(); err != nil {
		return err
	}
	for _, s := range revised {
		if err := r.revise(s, to.revisions); err != nil {
			return err
		}
	}
	if err := to.revisions.flush(); err != nil {
		return err
	}
	for _, s := range revised {
		if err := r.rate(s, to.ratings); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) leaveOut(s *Scorecard, code Code, why string) {
	r.report.Add(s.issue("", code, Skipped, why))
	s.id = gid.Nil
	r.settle(&s.Reference, skipped)
	r.countRatings(s, skipped)
}

func (r *run) countRatings(s *Scorecard, f fate) {
	for _, x := range s.Ratings {
		r.settle(&x.Reference, f)
	}
}

func (r *run) newCard(s *Scorecard, to cardFiling) error {
	s.id = r.opt.IDs.New(gid.Scorecard)
	status, current := "DRAFT", any(nil)
	if s.Submitted {
		status = "SUBMITTED"
		s.number, s.revision = 1, r.opt.IDs.New(gid.ScorecardRevision)
		current = s.revision
	}
	r.settle(&s.Reference, created)
	return to.cards.add(s.id, s.interview.id, s.Interviewer.id, s.loop.id, s.loop.Application.id, status, orNull(s.Recommendation),
		orNull(s.SubmittedAt), false, s.number, current, r.started, r.started)
}

// agreeCard brings a scorecard up to date: what differs makes a revision.
func (r *run) agreeCard(s *Scorecard, have cardHere) error {
	silent := slices.Contains(r.world.Silent["scorecards"], "ratings")
	if !s.Submitted || have.status != "DRAFT" && (silent || have.content == s.content()) {
		r.settle(&s.Reference, unchanged)
		return nil
	}
	if !r.before[have.updated] {
		s.kept = true
		r.keep(&s.Reference, []string{"content"})
		return nil
	}
	status := "SUBMITTED"
	if have.status != "DRAFT" {
		status, s.amended = "AMENDED", true
	}
	s.number, s.revision = have.revision+1, r.opt.IDs.New(gid.ScorecardRevision)
	r.settle(&s.Reference, updated)
	return r.exec(`UPDATE scorecards SET status = $1, recommendation = $2, submitted_at = coalesce(submitted_at, $3),
		revision = $4, current_revision_id = $5, updated_at = $6 WHERE id = $7`,
		status, orNull(s.Recommendation), orNull(s.SubmittedAt), s.number, s.revision, r.started, s.id)
}

func (r *run) revise(s *Scorecard, out *sink) error {
	recorded, reason := s.SubmittedAt, any(nil)
	if s.amended {
		recorded, reason = r.started, "changed in "+r.opt.System
	}
	if err := out.add(s.revision, s.id, s.number, firstTime(recorded, r.started), idOf(s.Author), reason, false, orNull(s.Recommendation), s.Summary); err != nil {
		return err
	}
	return r.name(Ref{s.Key.Object, s.Key.ID + "#" + strconv.Itoa(s.number)}, s.revision)
}

func (r *run) rate(s *Scorecard, out *sink) error {
	f := created
	if s.amended {
		f = updated
	}
	for _, x := range s.Ratings {
		x.id = r.opt.IDs.New(gid.SignalRating)
		rating, reason := orNull(x.Value), any(nil)
		if x.Value == 0 {
			reason = "NO_SIGNAL"
		}
		if err := out.add(x.id, s.revision, x.Position, x.Signal, rating, reason, x.Evidence, false); err != nil {
			return err
		}
		ref := x.Key
		if s.number > 1 {
			ref.ID += "#" + strconv.Itoa(s.number)
		}
		if err := r.name(ref, x.id); err != nil {
			return err
		}
		r.settle(&x.Reference, f)
	}
	return nil
}

// content is what a revision says, as one text to compare.
func (s *Scorecard) content() string {
	c := cardContent{recommendation: s.Recommendation, summary: s.Summary}
	for _, x := range s.Ratings {
		c.rate(x.Signal, x.Value, x.Evidence)
	}
	return c.text()
}

type cardContent struct {
	recommendation, summary string
	ratings                 []string
}

func (c *cardContent) rate(signal string, value int, evidence string) {
	c.ratings = append(c.ratings, fmt.Sprintf("%q %d %q", signal, value, evidence))
}

func (c *cardContent) text() string {
	slices.Sort(c.ratings)
	return fmt.Sprintf("%s %q %v", c.recommendation, c.summary, c.ratings)
}

func (r *run) cardsHere(recs []*Reference) (map[gid.ID]cardHere, error) {
	here := map[gid.ID]cardHere{}
	var ids, revisions []gid.ID
	for _, rec := range recs {
		if !rec.id.IsNil() {
			ids = append(ids, rec.id)
		}
	}
	if len(ids) == 0 {
		return here, nil
	}
	contents := map[gid.ID]*cardContent{}
	if err := store.Query(r.ctx, r.tx, `SELECT id, status, revision, updated_at, current_revision_id FROM scorecards WHERE `+r.db.AmongIDs("id", 1), r.db.IDs(ids)).Each(func(row store.Row) error {
		var id gid.ID
		var c cardHere
		var updated sql.NullTime
		err := row.Scan(&id, &c.status, &c.revision, &updated, &c.current)
		c.updated = updated.Time.UnixMicro()
		here[id] = c
		revisions = append(revisions, c.current)
		contents[c.current] = &cardContent{}
		return err
	}); err != nil {
		return nil, err
	}
	if err := r.contents(revisions, contents); err != nil {
		return nil, err
	}
	for id, c := range here {
		c.content = contents[c.current].text()
		here[id] = c
	}
	return here, nil
}

// contents reads what revisions say.
func (r *run) contents(revisions []gid.ID, into map[gid.ID]*cardContent) error {
	if err := store.Query(r.ctx, r.tx, `SELECT id, recommendation, summary FROM scorecard_revisions WHERE `+r.db.AmongIDs("id", 1), r.db.IDs(revisions)).Each(func(row store.Row) error {
		var id gid.ID
		var recommendation sql.NullString
		var summary string
		if err := row.Scan(&id, &recommendation, &summary); err != nil {
			return err
		}
		into[id].recommendation, into[id].summary = recommendation.String, summary
		return nil
	}); err != nil {
		return err
	}
	return store.Query(r.ctx, r.tx, `SELECT revision_id, signal, rating, evidence FROM signal_ratings WHERE `+r.db.AmongIDs("revision_id", 1), r.db.IDs(revisions)).Each(func(row store.Row) error {
		var id gid.ID
		var signal, evidence string
		var rating sql.NullInt64
		if err := row.Scan(&id, &signal, &rating, &evidence); err != nil {
			return err
		}
		into[id].rate(signal, int(rating.Int64), evidence)
		return nil
	})
}

// cardsOf tells which interviewers have a scorecard for which interviews here.
func (r *run) cardsOf(part []*Scorecard) (map[[2]gid.ID]bool, error) {
	taken := map[[2]gid.ID]bool{}
	if r.first {
		return taken, nil
	}
	var interviews []gid.ID
	for _, s := range part {
		interviews = append(interviews, s.interview.id)
	}
	return taken, store.Query(r.ctx, r.tx, `SELECT interview_id, interviewer_id FROM scorecards WHERE `+r.db.AmongIDs("interview_id", 1), r.db.IDs(interviews)).Each(func(row store.Row) error {
		var place [2]gid.ID
		err := row.Scan(&place[0], &place[1])
		taken[place] = true
		return err
	})
}
