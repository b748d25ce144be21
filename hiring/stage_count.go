package hiring

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/stage"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
)

// StageCount is how many applications a stage has.
type StageCount struct {
	Stage  *db.Stage
	Active int // in the stage of the hired: those hired
}

// StageCounts counts the applications of these openings by stage, in one
// statement: every stage is there, in order. An opening that the viewer may
// not see is left out.
//
// The counts are the same for everybody who sees the opening, analysts
// included, who see no application: the program itself takes them beside each
// stage, while the rule for stages decides which openings are counted at all.
func (s *Service) StageCounts(ctx context.Context, openingIDs []gid.ID) (map[gid.ID][]*StageCount, error) {
	query := s.stages(openingIDs).Where(access.Visible(ctx, "Stage"))
	query.Modify(countingActive)
	stages, err := query.All(access.System(ctx)) // the rule is in the condition
	if err != nil {
		return nil, err
	}
	counts := make(map[gid.ID][]*StageCount, len(openingIDs))
	for _, st := range stages {
		active, err := st.Value(activeColumn)
		if err != nil {
			return nil, err
		}
		n, ok := active.(int64)
		if !ok {
			return nil, fmt.Errorf("count of stage %s is a %T", st.ID, active)
		}
		counts[st.OpeningID] = append(counts[st.OpeningID], &StageCount{Stage: st, Active: int(n)})
	}
	return counts, nil
}

// stages are those of these openings, in order.
func (s *Service) stages(openingIDs []gid.ID) *db.StageQuery {
	return s.DB.Stage.Query().
		Where(relay.IDs(stage.FieldOpeningID, openingIDs)).
		Order(stage.ByOpeningID(), stage.ByPosition())
}

const activeColumn = "active_applications"

// countingActive has a query of stages tell how many applications each has.
func countingActive(s *sql.Selector) {
	a := sql.Table(application.Table).As("counted")
	status := sql.P(func(b *sql.Builder) { // one value a stage, so that one index answers
		b.Ident(a.C(application.FieldStatus)).WriteString(" = CASE WHEN ").Ident(s.C(stage.FieldKind)).
			WriteString(" = 'HIRED' THEN 'HIRED' ELSE 'ACTIVE' END")
	})
	s.AppendSelectExprAs(sql.Select(sql.Count("*")).From(a).Where(sql.And(
		sql.ColumnsEQ(a.C(application.FieldOpeningID), s.C(stage.FieldOpeningID)),
		sql.ColumnsEQ(a.C(application.FieldStageID), s.C(stage.FieldID)),
		status,
	)), activeColumn)
}
