package graph

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/gqlhttp"
	"hireloop/relay"
)

// auditEntryWhere turns a filter into conditions, for whoever may read the trail.
func auditEntryWhere(ctx context.Context, f *model.AuditEntryFilter) ([]predicate.AuditEntry, error) {
	if !access.ViewerOf(ctx).MayReadAuditTrail() {
		return nil, fault.Deniedf("only administrators read the audit trail")
	}
	if f == nil {
		return nil, nil
	}
	var problems fault.List
	var where []predicate.AuditEntry
	if f.ActorIds != nil {
		fewEnough(&problems, "actorIds", len(f.ActorIds))
		where = append(where, auditentry.ActorIDIn(f.ActorIds...))
	}
	if f.SubjectIds != nil {
		fewEnough(&problems, "subjectIds", len(f.SubjectIds))
		where = append(where, auditentry.SubjectIDIn(f.SubjectIds...))
	}
	if f.ApplicationIds != nil {
		fewEnough(&problems, "applicationIds", len(f.ApplicationIds))
		where = append(where, auditentry.ApplicationIDIn(f.ApplicationIds...))
	}
	if f.OpeningIds != nil {
		fewEnough(&problems, "openingIds", len(f.OpeningIds))
		where = append(where, auditentry.OpeningIDIn(f.OpeningIds...))
	}
	if f.APIKeyIds != nil {
		fewEnough(&problems, "apiKeyIds", len(f.APIKeyIds))
		where = append(where, auditentry.APIKeyIDIn(f.APIKeyIds...))
	}
	if f.Actions != nil {
		fewEnough(&problems, "actions", len(f.Actions))
		where = append(where, auditentry.ActionIn(f.Actions...))
	}
	if f.Kinds != nil {
		where = append(where, auditentry.KindIn(f.Kinds...))
	}
	where = append(where, during(&problems, "recordedAt", auditentry.FieldRecordedAt, f.RecordedAt))
	return where, problems.Err()
}

func fewEnough(problems *fault.List, path string, n int) {
	if n > longestList {
		problems.Add(fault.Invalidf("filterBy."+path, "must be at most %d", longestList))
	}
}

func auditEntrySort(o *model.AuditEntryOrder) relay.Sort {
	return relay.Sort{
		Term: relay.By("RECORDED_AT", auditentry.FieldRecordedAt, relay.Time),
		Desc: o == nil || o.Direction == model.OrderDirectionDesc,
	}
}

// auditSubject reads what entries are about, for all of a page at once.
func (r *Resolver) auditSubject(ctx context.Context, e *db.AuditEntry) (db.Noder, error) {
	if e.SubjectID == nil {
		return nil, nil
	}
	return relay.ComputedBy(ctx, e.Cohort(), "subject", *e.SubjectID, subjectOf, func(ctx context.Context, ids []gid.ID) (map[gid.ID]db.Noder, error) {
		nodes, err := r.nodes(ctx, ids)
		found := make(map[gid.ID]db.Noder, len(nodes))
		for i, n := range nodes {
			found[ids[i]] = n
		}
		return found, err
	})
}

// subjectOf is Nil for an entry about nothing in particular.
func subjectOf(e *db.AuditEntry) gid.ID {
	if e.SubjectID == nil {
		return gid.Nil
	}
	return *e.SubjectID
}

func auditDetails(e *db.AuditEntry) ([]*model.AuditDetail, error) {
	details := make([]*model.AuditDetail, 0, len(e.Details))
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		d := &model.AuditDetail{Name: name}
		switch value := e.Details[name].(type) {
		case nil:
		case string:
			d.Value = &value
		default:
			raw, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			text := string(raw)
			d.Value = &text
		}
		details = append(details, d)
	}
	return details, nil
}

// settle records which sensitive things an answer shows and what of it was
// refused, before it leaves. An answer that cannot be recorded is not given.
func (r *Resolver) settle(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	answer := next(ctx)
	if answer == nil {
		return nil
	}
	if err := r.Hiring.Settle(ctx, refusedActions(ctx, answer.Errors)); err != nil {
		return &graphql.Response{Errors: gqlerror.List{gqlhttp.Present(ctx, err)}}
	}
	return answer
}

// refusedActions are the root fields of an operation that the viewer may not have.
func refusedActions(ctx context.Context, errs gqlerror.List) []string {
	var actions []string
	for _, e := range errs {
		if e.Extensions["code"] != gqlhttp.CodeForbidden || len(e.Path) == 0 {
			continue
		}
		op := graphql.GetOperationContext(ctx)
		for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation"}) {
			if e.Path[0] == ast.PathName(field.Alias) && !slices.Contains(actions, field.Name) {
				actions = append(actions, field.Name)
			}
		}
	}
	return actions
}
