package graph

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/scorecardrevision"
	"hireloop/graph/model"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// latestSubmitted orders scorecards by when they were handed in; a draft counts
// from its creation.
var latestSubmitted = relay.Sort{Desc: true, Term: relay.Term{Name: "SUBMITTED_AT", Type: relay.Time,
	Expr: func(s *sql.Selector, _ time.Time) sql.Querier {
		return sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("COALESCE(").Ident(s.C(scorecard.FieldSubmittedAt)).Comma().Ident(s.C(scorecard.FieldCreatedAt)).WriteString(")")
		})
	}}}

// owedFirst orders scorecards by what is owed: drafts by when they are due, then
// those without a due time, then the rest by when they were handed in, or made,
// the latest first. Times are in whole seconds since 1970, below undated.
var owedFirst = relay.Sort{Term: relay.Term{Name: "OWED_FIRST", Type: relay.Number,
	Expr: func(s *sql.Selector, _ time.Time) sql.Querier {
		const undated = 1 << 40
		return sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("(CASE WHEN ").Ident(s.C(scorecard.FieldStatus)).WriteString(" <> 'DRAFT' THEN " + strconv.Itoa(2*undated) + " - ")
			relay.Seconds(b, s, scorecard.FieldSubmittedAt, scorecard.FieldCreatedAt)
			b.WriteString(" WHEN ").Ident(s.C(scorecard.FieldDueAt)).WriteString(" IS NULL THEN " + strconv.Itoa(undated) + " ELSE ")
			relay.Seconds(b, s, scorecard.FieldDueAt)
			b.WriteString(" END)")
		})
	}}}

// currentRevision is what a scorecard says now; Nil before it says anything.
func currentRevision(s *db.Scorecard) gid.ID {
	if s.CurrentRevisionID == nil {
		return gid.Nil
	}
	return *s.CurrentRevisionID
}

// currentRevisionOf reads the current revision; nil before the first save.
func (r *Resolver) currentRevisionOf(ctx context.Context, s *db.Scorecard) (*db.ScorecardRevision, error) {
	return relay.One(ctx, s.Cohort(), "currentRevision", currentRevision(s), currentRevision,
		func(ctx context.Context, ids []gid.ID) ([]*db.ScorecardRevision, error) {
			return r.DB.ScorecardRevision.Query().Where(relay.IDs(scorecardrevision.FieldID, ids)).All(ctx)
		})
}

func loopOfCard(s *db.Scorecard) gid.ID { return s.LoopID }

func interviewOfCard(s *db.Scorecard) gid.ID { return s.InterviewID }

// focusOf is what the card's interview asks to be rated; a level of another
// ladder is refused.
func (r *Resolver) focusOf(ctx context.Context, s *db.Scorecard, level *gid.ID) ([]*hiring.FocusSignal, error) {
	field := "focus"
	if level != nil {
		field = fmt.Sprintf("focus|%s", level)
	}
	focus, err := relay.ComputedBy(ctx, s.Cohort(), field, s.InterviewID, interviewOfCard,
		func(ctx context.Context, interviews []gid.ID) (map[gid.ID][]*hiring.FocusSignal, error) {
			return r.Hiring.FocusSignals(ctx, interviews, level)
		})
	if err == nil && focus == nil {
		err = fault.Invalidf("levelId", "is no level of the ladder that the scorecard's rubric is of")
	}
	return focus, err
}

// cardOfSeat is the card that whoever sits there handed in, if the viewer may
// see it.
func (r *Resolver) cardOfSeat(ctx context.Context, seat *db.InterviewSeat) (*db.Scorecard, error) {
	cards, err := relay.ChildrenBy(ctx, seat.Cohort(), "scorecards", seat.InterviewID,
		func(s *db.InterviewSeat) gid.ID { return s.InterviewID },
		relay.Column(scorecard.FieldInterviewID), scorecard.FieldID, r.DB.Scorecard.Query())
	i := slices.IndexFunc(cards, func(c *db.Scorecard) bool {
		return c.SubmittedAt != nil && seat.MemberID != nil && c.InterviewerID == *seat.MemberID
	})
	if err != nil || i < 0 {
		return nil, err
	}
	return cards[i], nil
}

func saveChange(in model.SaveScorecardInput) hiring.ScorecardChange {
	return hiring.ScorecardChange{
		ScorecardID: in.ScorecardID, ExpectedRevision: in.ExpectedRevision, Ratings: in.Ratings,
		Recommendation: said(in.Recommendation), Summary: said(in.Summary), RedFlags: said(in.RedFlags),
	}
}

func submitChange(in model.SubmitScorecardInput) hiring.ScorecardChange {
	return saveChange(model.SaveScorecardInput(in))
}

func amendChange(in model.AmendScorecardInput) hiring.ScorecardChange {
	return hiring.ScorecardChange{
		ScorecardID: in.ScorecardID, ExpectedRevision: in.ExpectedRevision, Reason: in.Reason, Ratings: in.Ratings,
		Recommendation: said(in.Recommendation), Summary: said(in.Summary), RedFlags: said(in.RedFlags),
	}
}
