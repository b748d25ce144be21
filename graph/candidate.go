package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db/candidate"
	"hireloop/ent/db/candidatecontact"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/relay"
)

// candidateWhere turns a filter into conditions; those who were merged into
// another candidate, and those of whom nothing is left, are not listed.
func candidateWhere(ctx context.Context, f *model.CandidateFilter) ([]predicate.Candidate, error) {
	where := []predicate.Candidate{candidate.MergedIntoIDIsNil(), candidate.IsErased(false)}
	if f == nil {
		return where, nil
	}
	var problems fault.List
	if f.Query != nil {
		shortEnough(&problems, *f.Query)
		where = append(where, candidatesMatching(ctx, hiring.FoldSearch(*f.Query)))
	}
	if f.Tags != nil {
		where = append(where, holdsAny(&problems, "tags", candidate.FieldTags, f.Tags))
	}
	where = append(where, during(&problems, "updatedAt", candidate.FieldUpdatedAt, f.UpdatedAt))
	return where, problems.Err()
}

// candidatesMatching finds people by what they are called, and by those of their
// addresses and numbers that the viewer may see: a search must not tell what
// reading would not.
func candidatesMatching(ctx context.Context, folded string) predicate.Candidate {
	visible := access.Visible(ctx, "CandidateContact")
	return func(s *sql.Selector) {
		if folded == "" {
			return
		}
		matching := func(table, id, column string) *sql.Selector {
			found := sql.Dialect(s.Dialect()).Select().From(sql.Table(table))
			found.Select(found.C(id))
			relay.Matches(column, folded)(found)
			return found
		}
		named := matching(candidate.Table, candidate.FieldID, candidate.FieldSearchText)
		reached := matching(candidatecontact.Table, candidatecontact.FieldCandidateID, candidatecontact.FieldNormalized)
		visible(reached)
		s.Where(sql.In(s.C(candidate.FieldID), named.UnionAll(reached)))
	}
}

func candidateSort(o *model.CandidateOrder) relay.Sort {
	createdAt := relay.By("CREATED_AT", candidate.FieldCreatedAt, relay.Time)
	if o == nil {
		return relay.Sort{Term: createdAt, Desc: true}
	}
	return relay.Sort{Desc: o.Direction == model.OrderDirectionDesc, Term: map[model.CandidateOrderField]relay.Term{
		model.CandidateOrderFieldCreatedAt: createdAt,
		model.CandidateOrderFieldName:      relay.By("NAME", candidate.FieldName, relay.Text),
		model.CandidateOrderFieldUpdatedAt: relay.By("UPDATED_AT", candidate.FieldUpdatedAt, relay.Time),
	}[o.Field]}
}

// candidateUpdate tells hiring what a client said, and what it said nothing of.
func candidateUpdate(in model.UpdateCandidateInput) hiring.CandidateUpdate {
	return hiring.CandidateUpdate{
		CandidateID: in.CandidateID, ExpectedVersion: in.ExpectedVersion,
		Name: said(in.Name), Headline: said(in.Headline), Company: said(in.Company), Location: said(in.Location),
		Emails: said(in.Emails), Phones: said(in.Phones), Links: said(in.Links), Tags: said(in.Tags),
		IsPrivate: said(in.IsPrivate), MemberID: said(in.MemberID),
	}
}
