package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/apikey"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// EnrolInput is a member who gets an API key from whoever runs the server.
type EnrolInput struct {
	Email     string
	Name      string // of a member who is new; else empty
	Roles     []access.Role
	ExpiresAt time.Time
}

// Enrol makes an API key for the member with an address, and the member if there
// is none and a name is given. It is the way in when nobody can sign in yet, and
// asks nobody's leave: it is for the command line, never for a request.
func (s *Service) Enrol(ctx context.Context, in EnrolInput) (IssuedApiKey, error) {
	var issued IssuedApiKey
	err := s.change(access.WithViewer(ctx, &access.Viewer{}), "enrol", func(ctx context.Context, w *write) error {
		var problems fault.List
		w.checkKeyEnd(&problems, in.ExpiresAt)
		m, err := locked(w, w.Member.Query().Where(member.Email(NormalizeEmail(in.Email)))).Only(access.System(ctx))
		isNew := db.IsNotFound(err)
		switch {
		case isNew && in.Name == "":
			problems.Add(fault.New(fault.Invalid, fault.CodeNotFound, "", "there is no member %s", in.Email).
				WithHint("give a name and roles to make one"))
		case isNew:
			m, err = w.draftMember(ctx, &problems, CreateMemberInput{Name: in.Name, Email: in.Email, Roles: in.Roles})
		case err == nil && in.Name != "":
			problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, "", "there is a member %s already", m.Email).
				WithHint("leave out name and roles"))
		case err == nil && m.DeactivatedAt != nil:
			problems.Add(fault.Transition("", "member", "deactivated", "get an API key"))
		}
		if refused := problems.Err(); refused != nil {
			return refused
		}
		if err != nil {
			return err
		}
		if isNew {
			m.ID = w.id(gid.Member)
		}
		if isNew {
			if err := w.addMember(ctx, m); err != nil {
				return err
			}
		}
		issued, err = w.issueKey(ctx, m.ID, "Made on the command line", apikey.ScopeWRITE, m.Roles, in.ExpiresAt)
		return err
	})
	if err != nil {
		return IssuedApiKey{}, err
	}
	return issued, nil
}
