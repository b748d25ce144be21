package hiring

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/apikey"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/bearer"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// ErrNotSignedIn is all that is told of a key or an account that lets nobody in.
var ErrNotSignedIn = errors.New("not signed in")

// Account is who a token of an identity provider names.
type Account struct {
	Issuer  string
	Subject string
	Email   string // as the issuer verified it; "" when it did not
}

// SignInByKey is the viewer for whom an API key asks. Unknown, malformed, expired
// and revoked keys, and those whose member no longer takes part, take the same
// steps to the same answer: one statement, two comparisons in constant time.
func (s *Service) SignInByKey(ctx context.Context, token string) (*access.Viewer, error) {
	id, digest := bearer.ParseKey(token)
	k := struct {
		digest, previous             []byte
		previousUntil, revoked, left *time.Time
		expires                      time.Time
		scope                        apikey.Scope
		keyRoles, roles              string
		member                       gid.ID
	}{digest: make([]byte, bearer.DigestSize), previous: make([]byte, bearer.DigestSize)}
	err := store.Query(access.System(ctx), s.Store.SQL(), `SELECT k.digest, coalesce(k.previous_digest, k.digest), k.previous_secret_until,
		k.expires_at, k.revoked_at, k.scope, k.roles, m.id, m.roles, m.deactivated_at
		FROM api_keys k JOIN members m ON m.id = k.member_id WHERE k.id = $1`, id).Each(func(row store.Row) error {
		return row.Scan(&k.digest, &k.previous, &k.previousUntil, &k.expires, &k.revoked, &k.scope, &k.keyRoles, &k.member, &k.roles, &k.left)
	})
	if err != nil {
		return nil, err
	}
	now := s.Now()
	current, previous := bearer.SameDigest(digest, k.digest), bearer.SameDigest(digest, k.previous)
	inOverlap := previous && k.previousUntil != nil && now.Before(*k.previousUntil)
	if !(current || inOverlap) || k.revoked != nil || k.left != nil || !now.Before(k.expires) {
		return nil, ErrNotSignedIn
	}
	mayHave, err := readStoredRoles(k.keyRoles)
	if err != nil {
		return nil, err
	}
	has, err := readStoredRoles(k.roles)
	if err != nil {
		return nil, err
	}
	viewer := &access.Viewer{Member: k.member, Key: id, ReadOnly: k.scope != apikey.ScopeWRITE}
	for _, role := range has {
		if (&access.Viewer{Roles: mayHave}).Is(role) {
			viewer.Roles = append(viewer.Roles, role)
		}
	}
	return viewer, nil
}

// SignInMember is the viewer as whom a member asks.
func (s *Service) SignInMember(ctx context.Context, id gid.ID) (*access.Viewer, error) {
	m, err := s.DB.Member.Query().Where(member.ID(id), member.DeactivatedAtIsNil()).Only(access.System(ctx))
	if db.IsNotFound(err) {
		return nil, ErrNotSignedIn
	}
	if err != nil {
		return nil, err
	}
	viewer := &access.Viewer{Member: id}
	for _, role := range m.Roles {
		viewer.Roles = append(viewer.Roles, access.Role(role))
	}
	return viewer, nil
}

// SignIn is the member whose account this is. An account that nobody has is linked,
// once, to the member with its verified e-mail address; from then on addresses do
// not matter. Nobody becomes a member by signing in.
func (s *Service) SignIn(ctx context.Context, a Account) (*access.Viewer, error) {
	viewer, err := s.memberOf(ctx, a)
	if err != nil || viewer != nil {
		return viewer, err
	}
	err = s.linkAccount(ctx, a)
	if _, _, taken := store.IsUniqueViolation(err); err != nil && !taken {
		return nil, err
	}
	// Read again: another request of the same person may have been a little faster.
	viewer, err = s.memberOf(ctx, a)
	if err == nil && viewer == nil {
		err = ErrNotSignedIn
	}
	return viewer, err
}

// memberOf is the member who is linked to an account; nil when none is.
func (s *Service) memberOf(ctx context.Context, a Account) (*access.Viewer, error) {
	var viewer *access.Viewer
	err := store.Query(access.System(ctx), s.Store.SQL(), `SELECT m.id, m.roles, m.deactivated_at
		FROM member_identities i JOIN members m ON m.id = i.member_id WHERE i.issuer = $1 AND i.subject = $2`,
		a.Issuer, a.Subject).Each(func(row store.Row) error {
		var roles string
		var left *time.Time
		v := &access.Viewer{}
		if err := row.Scan(&v.Member, &roles, &left); err != nil {
			return err
		}
		if left != nil {
			return ErrNotSignedIn
		}
		viewer = v
		var err error
		v.Roles, err = readStoredRoles(roles)
		return err
	})
	return viewer, err
}

// linkAccount links an account to the member with its address.
func (s *Service) linkAccount(ctx context.Context, a Account) error {
	email := NormalizeEmail(a.Email)
	if email == "" || strings.ContainsFunc(email+a.Email, func(r rune) bool { return r > 127 }) {
		return ErrNotSignedIn // letters that fold into one another would make two addresses one
	}
	m, err := s.DB.Member.Query().Where(member.Email(email)).Only(access.System(ctx))
	if db.IsNotFound(err) {
		return ErrNotSignedIn
	}
	if err != nil {
		return err
	}
	// The member themselves do this, by signing in.
	return s.change(access.WithViewer(ctx, &access.Viewer{Member: m.ID}), "signIn", func(ctx context.Context, w *write) error {
		m, err := w.lockMember(ctx, m.ID)
		if err != nil {
			return err
		}
		if m.DeactivatedAt != nil || m.Email != email {
			return ErrNotSignedIn
		}
		id := w.id(gid.MemberIdentity)
		err = w.MemberIdentity.Create().SetID(id).SetMemberID(m.ID).SetIssuer(a.Issuer).SetSubject(a.Subject).SetLinkedAt(w.now).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "member.linked", Subject: m.ID})
		return w.record(ctx, m.ID, map[string]any{"memberIdentityId": id})
	})
}

// readStoredRoles reads a column of roles.
func readStoredRoles(text string) ([]access.Role, error) {
	var roles []access.Role
	err := json.Unmarshal([]byte(text), &roles)
	return roles, err
}

// keyUseEvery is how often the use of a key is written down at most.
const keyUseEvery = 5 * time.Minute

// keyUses is when the use of each key was last written down by this server.
type keyUses struct {
	sync.Mutex
	at map[gid.ID]time.Time
}

// due reports whether the use of a key is to be written down now, and takes it
// that it will be.
func (u *keyUses) due(key gid.ID, now time.Time) bool {
	u.Lock()
	defer u.Unlock()
	if last, known := u.at[key]; known && now.Sub(last) < keyUseEvery {
		return false
	}
	if u.at == nil {
		u.at = map[gid.ID]time.Time{}
	}
	u.at[key] = now
	return true
}

// NoteKeyUse writes down that a key was used: once in five minutes, whichever of
// the servers over a database it asks.
func (s *Service) NoteKeyUse(ctx context.Context, key gid.ID) error {
	now := microseconds(s.Now())
	if !s.keyUses.due(key, now) {
		return nil
	}
	_, err := s.DB.ApiKey.Update().
		Where(apikey.ID(key), apikey.Or(apikey.LastUsedAtIsNil(), apikey.LastUsedAtLTE(now.Add(-keyUseEvery)))).
		SetLastUsedAt(now).Save(access.System(ctx))
	return err
}
