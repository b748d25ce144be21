package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/member"
	"hireloop/ent/schema"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// maxTeam is how many places a hiring team has at most.
const maxTeam = 100

// HiringTeamMemberInput is a member and what they do for an opening.
type HiringTeamMemberInput struct {
	MemberID gid.ID
	Role     hiringteammember.Role
}

// team are the places of a hiring team.
type team []HiringTeamMemberInput

func (t team) has(member gid.ID) bool {
	return slices.ContainsFunc(t, func(p HiringTeamMemberInput) bool { return p.MemberID == member })
}

// with puts the viewer into the team of an opening that they make confidential,
// lest they lose sight of it.
func (t team) with(viewer gid.ID) team {
	if t.has(viewer) {
		return t
	}
	return append(t, HiringTeamMemberInput{MemberID: viewer, Role: hiringteammember.RoleRECRUITER})
}

// readTeam checks the input's hiringTeam. Who has left the company gets no new
// place; places that the opening has already may stay.
func (w *write) readTeam(ctx context.Context, problems *fault.List, in []*HiringTeamMemberInput, present team) (team, error) {
	if !atMost(problems, "hiringTeam", len(in), maxTeam) {
		return nil, nil
	}
	var ids []gid.ID
	for _, p := range in {
		ids = append(ids, p.MemberID)
	}
	members, err := w.Member.Query().Where(member.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[gid.ID]*db.Member{}
	for _, m := range members {
		byID[m.ID] = m
	}
	var places team
	for i, p := range in {
		found := byID[p.MemberID]
		known(problems, at("hiringTeam", i, "role"), &p.Role, hiringteammember.RoleValidator)
		switch {
		case found == nil:
			problems.Add(missing(at("hiringTeam", i, "memberId"), gid.Member))
		case found.DeactivatedAt != nil && !slices.Contains(present, *p):
			problems.Add(fault.Invalidf(at("hiringTeam", i, "memberId"), "has left the company"))
		case slices.Contains(places, *p):
			problems.Add(fault.Invalidf(at("hiringTeam", i), "is in the list twice"))
		}
		places = append(places, *p)
	}
	return places, nil
}

// promotes reports whether a change of the team of an opening makes the viewer a
// member of it, or changes who leads it and so may read salaries.
func (w *write) promotes(present, wanted team) bool {
	if wanted.has(w.viewer.Member) && !present.has(w.viewer.Member) {
		return true
	}
	moved := func(from, to team) bool {
		return slices.ContainsFunc(from, func(p HiringTeamMemberInput) bool {
			return access.Leads(string(p.Role)) && !slices.Contains(to, p)
		})
	}
	return moved(wanted, present) || moved(present, wanted)
}

// manageable refuses to lock a confidential opening away: its team alone sees
// it, so somebody who is still there and may manage openings must be in it.
func (w *write) manageable(ctx context.Context, problems *fault.List, places team) error {
	var ids []gid.ID
	for _, p := range places {
		ids = append(ids, p.MemberID)
	}
	present, err := w.Member.Query().Where(member.IDIn(ids...), member.DeactivatedAtIsNil()).All(ctx)
	if err != nil {
		return err
	}
	for _, m := range present {
		if slices.Contains(m.Roles, string(access.Admin)) || slices.Contains(m.Roles, string(access.Recruiter)) {
			return nil
		}
	}
	problems.Add(fault.Invalidf("hiringTeam", "nobody could manage the confidential opening, as its team alone sees it").
		WithHint("put an administrator or a recruiter of the company into the team"))
	return nil
}

// teamOf is the hiring team that an opening has.
func (w *write) teamOf(ctx context.Context, openingID gid.ID) (team, error) {
	rows, err := w.HiringTeamMember.Query().Where(hiringteammember.OpeningID(openingID)).
		Order(hiringteammember.ByID()).All(access.System(ctx))
	if err != nil {
		return nil, err
	}
	var places team
	for _, r := range rows {
		places = append(places, HiringTeamMemberInput{MemberID: r.MemberID, Role: r.Role})
	}
	return places, nil
}

// saveTeam makes the team of an opening the wanted one. Places that stay keep
// their ids.
func (w *write) saveTeam(ctx context.Context, openingID gid.ID, present, wanted team) error {
	for _, p := range present {
		if slices.Contains(wanted, p) {
			continue
		}
		w.written = append(w.written, written{entry: len(w.entries), changes: []schema.AuditChange{
			{Noun: gid.HiringTeamMember.Noun(), Field: "memberId", Before: shown(p.MemberID)},
			{Noun: gid.HiringTeamMember.Noun(), Field: "role", Before: shown(p.Role)},
		}})
		_, err := w.HiringTeamMember.Delete().Where(hiringteammember.OpeningID(openingID),
			hiringteammember.MemberID(p.MemberID), hiringteammember.RoleEQ(p.Role)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	var added []*db.HiringTeamMemberCreate
	for _, p := range wanted {
		if !slices.Contains(present, p) {
			added = append(added, w.HiringTeamMember.Create().SetID(w.id(gid.HiringTeamMember)).
				SetOpeningID(openingID).SetMemberID(p.MemberID).SetRole(p.Role))
		}
	}
	return w.HiringTeamMember.CreateBulk(added...).Exec(ctx)
}
