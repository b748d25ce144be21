package hiring

import (
	"context"
	"slices"

	"hireloop/ent/db/member"
	"hireloop/ent/db/predicate"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// Whoever is a candidate, or referred one, is not told what becomes of it, also not
// by the audit trail. So nobody but administrators says so of an administrator:
// anybody else would hide their own doing by it.

// spareAdministrator refuses an administrator in the input at path.
func (w *write) spareAdministrator(ctx context.Context, problems *fault.List, path string, id *gid.ID) error {
	if id == nil {
		return nil
	}
	return w.spare(ctx, problems, path, member.ID(*id))
}

// spareAdministrators refuses addresses of administrators among new ones.
func (w *write) spareAdministrators(ctx context.Context, problems *fault.List, present, wanted []contact) error {
	for i, c := range wanted {
		if slices.ContainsFunc(present, func(p contact) bool { return p.key() == c.key() }) {
			continue
		}
		if err := w.spare(ctx, problems, at("emails", i), member.Email(c.Normalized)); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) spare(ctx context.Context, problems *fault.List, path string, who predicate.Member) error {
	if w.viewer.MayManageMembers() {
		return nil
	}
	found, err := w.Member.Query().Where(who).All(access.System(ctx))
	for _, m := range found {
		if slices.Contains(m.Roles, string(access.Admin)) {
			problems.Add(fault.Conflictf(path, "is an administrator; only administrators say of one that they applied or referred somebody"))
		}
	}
	return err
}
