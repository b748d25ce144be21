package graph

import (
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/scorecard"
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

// currentRevision is what a scorecard says now; Nil before it says anything.
func currentRevision(s *db.Scorecard) gid.ID {
	if s.CurrentRevisionID == nil {
		return gid.Nil
	}
	return *s.CurrentRevisionID
}
