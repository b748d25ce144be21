package graph

import (
	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/relay"
)

func memberWhere(f *model.MemberFilter) ([]predicate.Member, error) {
	if f == nil {
		return nil, nil
	}
	var problems fault.List
	var where []predicate.Member
	if f.Roles != nil {
		where = append(where, holdsAny(&problems, "roles", member.FieldRoles, f.Roles))
	}
	if f.Query != nil {
		shortEnough(&problems, *f.Query)
		where = append(where, relay.Contains(*f.Query, member.FieldName, member.FieldEmail))
	}
	return where, problems.Err()
}

var membersByName = relay.Sort{Term: relay.By("NAME", member.FieldName, relay.Text)}

// memberUpdate tells hiring what a client said, and what it said nothing of.
func memberUpdate(in model.UpdateMemberInput) hiring.MemberUpdate {
	return hiring.MemberUpdate{
		MemberID: in.MemberID, ExpectedVersion: in.ExpectedVersion,
		Name: said(in.Name), Email: said(in.Email), Title: said(in.Title), Roles: said(in.Roles),
	}
}

// whoIs is the viewer as the contract shows them.
func whoIs(v *access.Viewer, member *db.Member) *model.Viewer {
	return &model.Viewer{
		Member: member, Roles: v.Roles,
		ViewerCanCreateOpening:   v.MayCreateOpenings(),
		ViewerCanCreateCandidate: v.MayEditCandidates(),
		ViewerCanAuthorRubrics:   v.MayAuthorRubrics(),
		ViewerCanManageMembers:   v.MayManageMembers(),
		ViewerCanCreateAPIKey:    v.MayCreateAPIKeys(),
	}
}
