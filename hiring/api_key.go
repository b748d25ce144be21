package hiring

import (
	"context"
	"slices"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/apikey"
	"hireloop/internal/access"
	"hireloop/internal/bearer"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

const (
	// LongestKey is how long a key can be good for, from when it is made or rotated.
	LongestKey = 366 * 24 * time.Hour

	longestOverlap = 7 * 24 * time.Hour // of the secrets before and after a rotation
)

// CreateApiKeyInput is a key that a member makes for a program of theirs.
type CreateApiKeyInput struct {
	Name      string
	Scope     apikey.Scope
	Roles     []access.Role // nil for all that the member has
	ExpiresAt time.Time
}

// RotateApiKeyInput gives a key another secret.
type RotateApiKeyInput struct {
	ApiKeyID            gid.ID
	ExpectedVersion     int
	ExpiresAt           time.Time
	PreviousSecretUntil *time.Time // at once when nil
}

// RevokeApiKeyInput names a key to end.
type RevokeApiKeyInput struct{ ApiKeyID gid.ID }

// IssuedApiKey is a key and its token, which nobody can tell again.
type IssuedApiKey struct {
	ID    gid.ID
	Token string
}

// Told is the token as an answer tells it; nil when there is none.
func (k IssuedApiKey) Told() *string { return given(k.Token) }

// CreateAPIKey makes a key that acts for the viewer.
func (s *Service) CreateAPIKey(ctx context.Context, in CreateApiKeyInput) (IssuedApiKey, error) {
	var issued IssuedApiKey
	err := s.change(ctx, "createApiKey", func(ctx context.Context, w *write) error {
		m, err := w.holdKeyOwner(ctx)
		if err != nil {
			return err
		}
		var problems fault.List
		name := line(&problems, "name", in.Name, maxName)
		known(&problems, "scope", &in.Scope, apikey.ScopeValidator)
		w.checkKeyEnd(&problems, in.ExpiresAt)
		roles := m.Roles
		if in.Roles != nil {
			roles = readRoles(&problems, in.Roles)
		}
		for i, role := range in.Roles {
			if role.Valid() && !slices.Contains(m.Roles, string(role)) {
				problems.Add(fault.Invalidf(at("roles", i), "is not one of your roles"))
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		issued, err = w.issueKey(ctx, m.ID, name, in.Scope, roles, in.ExpiresAt)
		return err
	})
	if err != nil {
		return IssuedApiKey{}, err
	}
	return issued, nil
}

// RotateAPIKey gives a key of the viewer another secret; the one before stays good
// as long as the input says.
func (s *Service) RotateAPIKey(ctx context.Context, in RotateApiKeyInput) (IssuedApiKey, error) {
	issued := IssuedApiKey{ID: in.ApiKeyID}
	err := s.change(ctx, "rotateApiKey", func(ctx context.Context, w *write) error {
		m, err := w.holdKeyOwner(ctx)
		if err != nil {
			return err
		}
		key, err := w.holdKey(ctx, in.ApiKeyID)
		if err != nil {
			return err
		}
		if key.MemberID != m.ID {
			return fault.Deniedf("the API key is another's: you may revoke it")
		}
		if key.Version != in.ExpectedVersion {
			return overtaken("API key", key.Version)
		}
		var problems fault.List
		if key.RevokedAt != nil {
			problems.Add(fault.Transition("apiKeyId", "API key", "revoked", "rotate"))
		}
		w.checkKeyEnd(&problems, in.ExpiresAt)
		if until := in.PreviousSecretUntil; until != nil && (!until.After(w.now) || until.Sub(w.now) > longestOverlap) {
			problems.Add(fault.Invalidf("previousSecretUntil", "must be after now, and within %d days", longestOverlap/(24*time.Hour)))
		}
		if err := problems.Err(); err != nil {
			return err
		}
		var digest []byte
		issued.Token, digest = bearer.NewKey(key.ID)
		update := w.ApiKey.UpdateOne(key).SetDigest(digest).SetExpiresAt(microseconds(in.ExpiresAt)).
			SetRotatedAt(w.now).SetUpdatedAt(w.now).AddVersion(1)
		if in.PreviousSecretUntil == nil {
			update.ClearPreviousDigest().ClearPreviousSecretUntil()
		} else {
			update.SetPreviousDigest(key.Digest).SetPreviousSecretUntil(earlier(microseconds(*in.PreviousSecretUntil), key.ExpiresAt))
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "api_key.rotated", Subject: key.ID})
		return w.record(ctx, key.ID, map[string]any{"expiresAt": in.ExpiresAt, "previousSecretUntil": in.PreviousSecretUntil})
	})
	if err != nil {
		return IssuedApiKey{}, err
	}
	return issued, nil
}

// RevokeAPIKey ends a key for good: one's own, or any for who manages members.
func (s *Service) RevokeAPIKey(ctx context.Context, in RevokeApiKeyInput) (gid.ID, error) {
	return in.ApiKeyID, s.change(ctx, "revokeApiKey", func(ctx context.Context, w *write) error {
		key, err := w.holdKey(ctx, in.ApiKeyID)
		if err != nil {
			return err
		}
		if key.RevokedAt != nil {
			return fault.Transition("apiKeyId", "API key", "revoked", "revoke")
		}
		err = w.ApiKey.UpdateOne(key).SetRevokedAt(w.now).SetUpdatedAt(w.now).AddVersion(1).Exec(ctx)
		if err != nil {
			return err
		}
		w.emit(happening{Type: "api_key.revoked", Subject: key.ID})
		return w.record(ctx, key.ID, map[string]any{"memberId": key.MemberID})
	})
}

// issueKey makes a key for a member, whose row is held.
func (w *write) issueKey(ctx context.Context, memberID gid.ID, name string, scope apikey.Scope, roles []string, until time.Time) (IssuedApiKey, error) {
	id := w.id(gid.ApiKey)
	token, digest := bearer.NewKey(id)
	err := w.ApiKey.Create().SetID(id).SetCreatedAt(w.now).SetUpdatedAt(w.now).SetMemberID(memberID).
		SetName(name).SetScope(scope).SetRoles(roles).SetDigest(digest).SetExpiresAt(microseconds(until)).Exec(ctx)
	if err != nil {
		return IssuedApiKey{}, err
	}
	w.emit(happening{Type: "api_key.created", Subject: id})
	return IssuedApiKey{ID: id, Token: token}, w.record(ctx, id, map[string]any{
		"memberId": memberID, "scope": scope, "roles": roles, "expiresAt": until,
	})
}

// holdKeyOwner holds the viewer's own row, so that who is deactivated meanwhile
// gets no key. Roles are those of this moment.
func (w *write) holdKeyOwner(ctx context.Context) (*db.Member, error) {
	if !w.viewer.MayCreateAPIKeys() {
		return nil, fault.Deniedf("an API key makes no API keys: sign in yourself, or have whoever runs the server make one")
	}
	m, err := w.lockMember(ctx, w.viewer.Member)
	if err != nil {
		return nil, err
	}
	if m.DeactivatedAt != nil {
		return nil, fault.Deniedf("you no longer take part")
	}
	return m, nil
}

// holdKey reads the key that an input calls apiKeyId, if the viewer sees it, and
// holds it.
func (w *write) holdKey(ctx context.Context, id gid.ID) (*db.ApiKey, error) {
	var problems fault.List
	if !of(&problems, "apiKeyId", id, gid.ApiKey) {
		return nil, problems
	}
	key, err := locked(w, w.ApiKey.Query().Where(apikey.ID(id))).Only(ctx)
	if db.IsNotFound(err) {
		return nil, missing("apiKeyId", gid.ApiKey)
	}
	return key, err
}

// checkKeyEnd refuses a key that never ends, or has ended.
func (w *write) checkKeyEnd(problems *fault.List, until time.Time) {
	if !until.After(w.now) || until.Sub(w.now) > LongestKey {
		problems.Add(fault.Invalidf("expiresAt", "must be after now, and within %d days", LongestKey/(24*time.Hour)))
	}
}

func microseconds(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
