package hiring

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"hireloop/ent/db"
	"hireloop/ent/db/apikey"
	"hireloop/ent/db/member"
	"hireloop/ent/db/memberidentity"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CreateMemberInput is a person who joins those who work with hiring.
type CreateMemberInput struct {
	Name  string
	Email string
	Title *string
	Roles []access.Role
}

// MemberUpdate is changes to a member: the SDL's UpdateMemberInput.
type MemberUpdate struct {
	MemberID        gid.ID
	ExpectedVersion int
	Name            Change[*string]
	Email           Change[*string]
	Title           Change[*string]
	Roles           Change[[]access.Role]
}

// DeactivateMemberInput names who leaves.
type DeactivateMemberInput struct {
	MemberID        gid.ID
	ExpectedVersion int
}

// ReactivateMemberInput names who is back.
type ReactivateMemberInput struct {
	MemberID        gid.ID
	ExpectedVersion int
}

// UnlinkMemberInput names whose accounts are forgotten.
type UnlinkMemberInput struct {
	MemberID        gid.ID
	ExpectedVersion int
}

// CreateMember makes a member, who can sign in from now on.
func (s *Service) CreateMember(ctx context.Context, in CreateMemberInput) (gid.ID, error) {
	return s.create(ctx, "createMember", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayManageMembers(); err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		draft, err := w.draftMember(ctx, &problems, in)
		if err != nil {
			return gid.Nil, err
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		draft.ID = w.id(gid.Member)
		return draft.ID, w.addMember(ctx, draft)
	})
}

// UpdateMember changes a member. Their roles hold from their next request on.
func (s *Service) UpdateMember(ctx context.Context, in MemberUpdate) (gid.ID, error) {
	return in.MemberID, s.change(ctx, "updateMember", func(ctx context.Context, w *write) error {
		if (in.Roles.Set || in.Email.Set) && in.MemberID == w.viewer.Member {
			return fault.Deniedf("nobody changes their own roles or address: another administrator can")
		}
		m, err := w.holdMember(ctx, in.MemberID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		var problems fault.List
		update := w.Member.UpdateOne(m).SetUpdatedAt(w.now).AddVersion(1)
		if in.Name.Set {
			update.SetName(line(&problems, "name", text(in.Name.To), maxName))
		}
		if in.Title.Set {
			apply(optionalLine(&problems, "title", in.Title.To, maxName), update.SetTitle, update.ClearTitle)
		}
		if in.Email.Set {
			email, err := w.freeEmail(ctx, &problems, text(in.Email.To), m.ID)
			if err != nil {
				return err
			}
			update.SetEmail(email)
		}
		details := map[string]any{"fields": in.fields()}
		if in.Roles.Set {
			roles := readRoles(&problems, in.Roles.To)
			update.SetRoles(roles)
			details["rolesBefore"], details["rolesAfter"] = m.Roles, roles
			if !slices.Contains(roles, string(access.Admin)) {
				if err := w.keepAdministrator(ctx, &problems, "roles", m); err != nil {
					return err
				}
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "member.updated", Subject: m.ID})
		return w.record(ctx, m.ID, details)
	})
}

// fields names what an update changes, for the audit trail.
func (in MemberUpdate) fields() []string {
	return changed(map[string]bool{
		"name": in.Name.Set, "email": in.Email.Set, "title": in.Title.Set, "roles": in.Roles.Set,
	})
}

// DeactivateMember takes a member out: from the next request on they are not let
// in, and their API keys are revoked. What they did stays.
func (s *Service) DeactivateMember(ctx context.Context, in DeactivateMemberInput) (gid.ID, error) {
	return in.MemberID, s.change(ctx, "deactivateMember", func(ctx context.Context, w *write) error {
		m, err := w.holdMember(ctx, in.MemberID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		var problems fault.List
		if m.DeactivatedAt != nil {
			problems.Add(fault.Transition("memberId", "member", "deactivated", "deactivate"))
		}
		if err := w.keepAdministrator(ctx, &problems, "memberId", m); err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		err = w.Member.UpdateOne(m).SetDeactivatedAt(w.now).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		keys, err := w.ApiKey.Update().Where(apikey.MemberID(m.ID), apikey.RevokedAtIsNil()).
			SetRevokedAt(w.now).SetUpdatedAt(w.now).AddVersion(1).Save(access.System(ctx))
		if err != nil {
			return err
		}
		w.emit(happening{Type: "member.deactivated", Subject: m.ID})
		return w.record(ctx, m.ID, map[string]any{"revokedApiKeys": keys})
	})
}

// ReactivateMember lets a member in again, with the roles that they had. Their API
// keys stay revoked.
func (s *Service) ReactivateMember(ctx context.Context, in ReactivateMemberInput) (gid.ID, error) {
	return in.MemberID, s.change(ctx, "reactivateMember", func(ctx context.Context, w *write) error {
		m, err := w.holdMember(ctx, in.MemberID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		if m.DeactivatedAt == nil {
			return fault.Transition("memberId", "member", "active", "reactivate")
		}
		err = w.Member.UpdateOne(m).ClearDeactivatedAt().SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "member.reactivated", Subject: m.ID})
		return w.record(ctx, m.ID, nil)
	})
}

// UnlinkMember forgets the accounts by which a member signed in, so that the next
// one with their verified address is linked: for who got a new account.
func (s *Service) UnlinkMember(ctx context.Context, in UnlinkMemberInput) (gid.ID, error) {
	return in.MemberID, s.change(ctx, "unlinkMember", func(ctx context.Context, w *write) error {
		m, err := w.holdMember(ctx, in.MemberID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		accounts, err := w.MemberIdentity.Delete().Where(memberidentity.MemberID(m.ID)).Exec(access.System(ctx))
		if err != nil {
			return err
		}
		if accounts == 0 {
			return fault.Transition("memberId", "member", "linked to no account", "unlink")
		}
		err = w.Member.UpdateOne(m).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "member.unlinked", Subject: m.ID})
		return w.record(ctx, m.ID, map[string]any{"accounts": accounts})
	})
}

func (w *write) mayManageMembers() error {
	if !w.viewer.MayManageMembers() {
		return fault.Deniedf("you may not manage members")
	}
	return nil
}

// holdMember reads the member that an input calls memberId and holds them, for who
// manages members.
func (w *write) holdMember(ctx context.Context, id gid.ID, expectedVersion int) (*db.Member, error) {
	if err := w.mayManageMembers(); err != nil {
		return nil, err
	}
	var problems fault.List
	if !of(&problems, "memberId", id, gid.Member) {
		return nil, problems
	}
	m, err := w.lockMember(ctx, id)
	if db.IsNotFound(err) {
		return nil, missing("memberId", gid.Member)
	}
	if err == nil && m.Version != expectedVersion {
		err = overtaken("member", m.Version)
	}
	return m, err
}

// lockMember reads a member and holds them, for the program itself.
func (w *write) lockMember(ctx context.Context, id gid.ID) (*db.Member, error) {
	return locked(w, w.Member.Query().Where(member.ID(id))).Only(access.System(ctx))
}

// keepAdministrator refuses to take the last administrator away. Those who take
// two away at once wait for each other.
func (w *write) keepAdministrator(ctx context.Context, problems *fault.List, path string, m *db.Member) error {
	admin := string(access.Admin)
	if m.DeactivatedAt != nil || !slices.Contains(m.Roles, admin) {
		return nil
	}
	if err := w.alone(ctx, []string{"administrators"}); err != nil {
		return err
	}
	others, err := w.Member.Query().Where(member.IDNEQ(m.ID), member.DeactivatedAtIsNil(), func(s *sql.Selector) {
		s.Where(sqljson.ValueContains(s.C(member.FieldRoles), admin))
	}).Exist(access.System(ctx))
	if err == nil && !others {
		problems.Add(fault.Conflictf(path, "is the last administrator").WithHint("make another one first"))
	}
	return err
}

// draftMember checks what an input says of a new member.
func (w *write) draftMember(ctx context.Context, problems *fault.List, in CreateMemberInput) (*db.Member, error) {
	m := &db.Member{
		Name: line(problems, "name", in.Name, maxName), Title: optionalLine(problems, "title", in.Title, maxName),
		Roles: readRoles(problems, in.Roles),
	}
	var err error
	m.Email, err = w.freeEmail(ctx, problems, in.Email, gid.Nil)
	return m, err
}

func (w *write) addMember(ctx context.Context, m *db.Member) error {
	err := w.Member.Create().SetID(m.ID).SetCreatedAt(w.now).SetUpdatedAt(w.now).
		SetName(m.Name).SetEmail(m.Email).SetNillableTitle(m.Title).SetRoles(m.Roles).Exec(ctx)
	if err != nil {
		return err
	}
	w.emit(happening{Type: "member.created", Subject: m.ID})
	return w.record(ctx, m.ID, map[string]any{"roles": m.Roles})
}

// freeEmail reads an address that no other member has. Two who want the same one
// wait for each other.
func (w *write) freeEmail(ctx context.Context, problems *fault.List, address string, of gid.ID) (string, error) {
	before := len(*problems)
	email := NormalizeEmail(line(problems, "email", address, maxAddress))
	if len(*problems) > before {
		return "", nil
	}
	if email == "" {
		problems.Add(fault.Invalidf("email", "is not an e-mail address"))
		return "", nil
	}
	if err := w.alone(ctx, []string{"member " + email}); err != nil {
		return "", err
	}
	taken, err := w.Member.Query().Where(member.Email(email), member.IDNEQ(of)).Exist(access.System(ctx))
	if taken {
		problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, "email", "a member has this address").
			WithHint("reactivate them if they have left"))
	}
	return email, err
}

// readRoles checks the roles of an input, of which there must be one, and drops
// repeats.
func readRoles(problems *fault.List, in []access.Role) []string {
	roles := make([]string, 0, len(in))
	for i, role := range in {
		if !role.Valid() {
			problems.Add(fault.Invalidf(at("roles", i), "is not one of the values that this field has"))
		}
		roles = append(roles, string(role))
	}
	if len(in) == 0 {
		problems.Add(fault.Required("roles"))
	}
	return distinct(roles)
}
