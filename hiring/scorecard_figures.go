package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// IsOverdue reports whether a scorecard is a draft past its due time.
func IsOverdue(card *db.Scorecard, now time.Time) bool {
	return card.Status == scorecard.StatusDRAFT && card.DueAt != nil && now.After(*card.DueAt)
}

// OverdueScorecards counts the scorecards that are past due of the active
// applications of these openings, in one statement; those of people who learn
// hold nothing up. It is asked as System: whoever sees an opening may know that
// its interviewers are late, also without seeing who applied.
func (s *Service) OverdueScorecards(ctx context.Context, openings []gid.ID) (map[gid.ID]int, error) {
	var rows []struct {
		OpeningID gid.ID `sql:"opening_id"`
		Count     int    `sql:"n"`
	}
	err := s.DB.Scorecard.Query().
		Where(scorecard.StatusEQ(scorecard.StatusDRAFT), scorecard.IsShadow(false), scorecard.DueAtLT(s.Now().UTC())).
		Modify(func(s *sql.Selector) {
			active := sql.Select(application.FieldID, application.FieldOpeningID).From(sql.Table(application.Table)).
				Where(sql.EQ(application.FieldStatus, application.StatusACTIVE))
			active.SetDialect(s.Dialect())
			relay.IDs(application.FieldOpeningID, openings)(active)
			a := active.As("active")
			s.Join(a).On(s.C(scorecard.FieldApplicationID), a.C(application.FieldID))
			s.Select(a.C(application.FieldOpeningID), sql.As(sql.Count("*"), "n")).GroupBy(a.C(application.FieldOpeningID))
		}).
		Scan(access.System(ctx), &rows)
	counts := make(map[gid.ID]int, len(rows))
	for _, r := range rows {
		counts[r.OpeningID] = r.Count
	}
	return counts, err
}

// CanWriteScorecard reports whether the viewer may save, submit or amend the
// card as it stands; decided says whether people decided on its loop.
func CanWriteScorecard(viewer *access.Viewer, card *db.Scorecard, decided bool) bool {
	own := viewer != nil && !viewer.ReadOnly && viewer.Member == card.InterviewerID
	return own && (card.Status == scorecard.StatusDRAFT || handedIn(card.Status) && !decided)
}

// DecidedLoops are those of these loops on which people decided for good, in one
// statement. It is asked as System, for whether a card can still be amended: its
// interviewer finds out by trying, also while the decision is hidden from them.
func (s *Service) DecidedLoops(ctx context.Context, loops []gid.ID) (map[gid.ID]bool, error) {
	var rows []struct {
		LoopID gid.ID `json:"loop_id"`
	}
	err := s.DB.Decision.Query().
		Where(relay.IDs(decision.FieldLoopID, loops), decision.KindIn(final...)).
		GroupBy(decision.FieldLoopID).Scan(access.System(ctx), &rows)
	decided := make(map[gid.ID]bool, len(rows))
	for _, r := range rows {
		decided[r.LoopID] = true
	}
	return decided, err
}
