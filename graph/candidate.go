package graph

import (
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"hireloop/ent/db/candidate"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/relay"
)

// candidateWhere turns a filter into conditions; those who were merged into
// another candidate are not listed.
func candidateWhere(f *model.CandidateFilter) ([]predicate.Candidate, error) {
	where := []predicate.Candidate{candidate.MergedIntoIDIsNil()}
	if f == nil {
		return where, nil
	}
	if f.Query != nil {
		if len([]rune(*f.Query)) > 200 {
			return nil, fault.Invalidf("filterBy.query", "is longer than 200 characters")
		}
		where = append(where, relay.Matches(candidate.FieldSearchText, hiring.FoldSearch(*f.Query)))
	}
	if f.Tags != nil {
		where = append(where, func(s *sql.Selector) {
			any := make([]*sql.Predicate, len(f.Tags))
			for i, tag := range f.Tags {
				any[i] = sqljson.ValueContains(s.C(candidate.FieldTags), tag)
			}
			s.Where(sql.Or(any...))
		})
	}
	return append(where, during[predicate.Candidate](candidate.FieldUpdatedAt, f.UpdatedAt)...), nil
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
		IsPrivate: said(in.IsPrivate),
	}
}
