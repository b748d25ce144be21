package hiring

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db/application"
	"hireloop/ent/db/seat"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// SeatCount is how many seats of an opening are to be filled and are filled.
type SeatCount struct{ Open, Filled int }

// SeatCounts counts the seats of these openings in one statement. An opening
// without seats, or that the viewer may not see, is left out.
func (s *Service) SeatCounts(ctx context.Context, openings []gid.ID) (map[gid.ID]SeatCount, error) {
	var rows []struct {
		OpeningID gid.ID      `json:"opening_id"`
		Status    seat.Status `json:"status"`
		Count     int         `json:"count"`
	}
	err := s.DB.Seat.Query().
		Where(relay.IDs(seat.FieldOpeningID, openings)).
		GroupBy(seat.FieldOpeningID, seat.FieldStatus).
		Aggregate(func(s *sql.Selector) string { return sql.As(sql.Count("*"), "count") }).
		Scan(ctx, &rows)
	counts := make(map[gid.ID]SeatCount, len(openings))
	for _, r := range rows {
		c := counts[r.OpeningID]
		switch r.Status {
		case seat.StatusOPEN:
			c.Open = r.Count
		case seat.StatusFILLED:
			c.Filled = r.Count
		}
		counts[r.OpeningID] = c
	}
	return counts, err
}

// NewestActivity is when anything last happened to any application of these
// openings, in one statement. It is asked as System: whoever sees an opening
// may know that it moves, also without seeing who applied.
func (s *Service) NewestActivity(ctx context.Context, openings []gid.ID) (map[gid.ID]*time.Time, error) {
	var rows []struct {
		OpeningID gid.ID    `json:"opening_id"`
		Newest    time.Time `json:"newest"`
	}
	err := s.DB.Application.Query().
		Where(relay.IDs(application.FieldOpeningID, openings)).
		GroupBy(application.FieldOpeningID).
		Aggregate(func(s *sql.Selector) string {
			return sql.As(sql.Max(s.C(application.FieldLastActivityAt)), "newest")
		}).
		Scan(access.System(ctx), &rows)
	newest := make(map[gid.ID]*time.Time, len(rows))
	for _, r := range rows {
		newest[r.OpeningID] = &r.Newest
	}
	return newest, err
}
