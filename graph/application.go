package graph

import (
	"hireloop/ent/db/application"
	"hireloop/ent/db/predicate"
	"hireloop/ent/db/stage"
	"hireloop/graph/model"
	"hireloop/internal/fault"
	"hireloop/relay"
)

// applicationWhere turns a filter into conditions. The one on a neighbour reads
// only the stage, which whoever sees the application may see.
func applicationWhere(f *model.ApplicationFilter) ([]predicate.Application, error) {
	if f == nil {
		return nil, nil
	}
	var problems fault.List
	var where []predicate.Application
	if f.OpeningIds != nil {
		where = append(where, application.OpeningIDIn(f.OpeningIds...))
	}
	if f.StageIds != nil {
		where = append(where, application.StageIDIn(f.StageIds...))
	}
	if f.StageKinds != nil {
		where = append(where, application.HasStageWith(stage.KindIn(f.StageKinds...)))
	}
	if f.Status != nil {
		where = append(where, application.StatusIn(f.Status...))
	}
	if f.SourceIds != nil {
		where = append(where, application.SourceIDIn(f.SourceIds...))
	}
	where = append(where, during(&problems, "appliedAt", application.FieldAppliedAt, f.AppliedAt))
	where = append(where, during(&problems, "updatedAt", application.FieldUpdatedAt, f.UpdatedAt))
	return where, problems.Err()
}

func applicationSort(o *model.ApplicationOrder) relay.Sort {
	appliedAt := relay.By("APPLIED_AT", application.FieldAppliedAt, relay.Time)
	if o == nil {
		return relay.Sort{Term: appliedAt, Desc: true}
	}
	return relay.Sort{Desc: o.Direction == model.OrderDirectionDesc, Term: map[model.ApplicationOrderField]relay.Term{
		model.ApplicationOrderFieldAppliedAt:      appliedAt,
		model.ApplicationOrderFieldLastActivityAt: relay.By("LAST_ACTIVITY_AT", application.FieldLastActivityAt, relay.Time),
		model.ApplicationOrderFieldUpdatedAt:      relay.By("UPDATED_AT", application.FieldUpdatedAt, relay.Time),
	}[o.Field]}
}
