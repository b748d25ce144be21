package graph

import (
	"time"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
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

// currentRatings links a scorecard to the ratings of its current revision.
var currentRatings = relay.Through(scorecard.Table, scorecard.FieldID, scorecard.FieldCurrentRevisionID).
	Matching(signalrating.FieldRevisionID)
