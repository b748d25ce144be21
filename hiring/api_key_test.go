package hiring_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hireloop/ent/db"
	"hireloop/ent/db/apikey"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// newKey makes a key for somebody, good for ten days.
func (d *desk) newKey(who string, scope apikey.Scope) hiring.IssuedApiKey {
	d.t.Helper()
	key, err := d.CreateAPIKey(d.as(who), hiring.CreateApiKeyInput{Name: "Export", Scope: scope, ExpiresAt: d.now.Add(10 * 24 * time.Hour)})
	d.must(err)
	return key
}

func (d *desk) apiKey(id gid.ID) *db.ApiKey {
	d.t.Helper()
	key, err := d.DB.ApiKey.Get(d.system(), id)
	d.must(err)
	return key
}

// lets tells as whom a token lets in.
func (d *desk) lets(token string) string {
	d.t.Helper()
	v, err := d.SignInByKey(context.Background(), token)
	if errors.Is(err, hiring.ErrNotSignedIn) {
		return "nobody"
	}
	d.must(err)
	for name, id := range d.members {
		if id == v.Member {
			return fmt.Sprintf("%s %v read only %t", name, v.Roles, v.ReadOnly)
		}
	}
	return "a stranger"
}

func TestAPIKeysActForTheirOwner(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		write, read := d.newKey("recruiter", apikey.ScopeWRITE), d.newKey("recruiter", apikey.ScopeREAD)
		if got, want := d.traces(), "createApiKey by recruiter of api_key, api_key.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		for token, want := range map[string]string{
			write.Token: "recruiter [RECRUITER] read only false", read.Token: "recruiter [RECRUITER] read only true",
		} {
			if got := d.lets(token); got != want {
				t.Errorf("lets in %s, want %s", got, want)
			}
		}
		key := d.apiKey(write.ID)
		for _, secret := range [][]byte{[]byte(write.Token), []byte(strings.SplitN(write.Token, ".", 2)[1])} {
			if bytes.Contains(key.Digest, secret) || strings.Contains(fmt.Sprint(d.everything()), string(secret)) {
				t.Error("the secret is kept")
			}
		}
		if strings.Contains(fmt.Sprintf("%v %+v", key, key.String()), fmt.Sprint(key.Digest)) {
			t.Error("the digest is told when a key is logged")
		}
	})
}

// What a key may do is what its owner may at the time, and no more than it was
// made for.
func TestAPIKeysFollowTheirOwnersRoles(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		both := d.join("both", access.Recruiter, access.Analyst)
		until := d.now.Add(time.Hour)
		all, err := d.CreateAPIKey(d.as("both"), hiring.CreateApiKeyInput{Name: "All", Scope: apikey.ScopeREAD, ExpiresAt: until})
		d.must(err)
		one, err := d.CreateAPIKey(d.as("both"), hiring.CreateApiKeyInput{Name: "One", Scope: apikey.ScopeREAD, ExpiresAt: until,
			Roles: []access.Role{access.Analyst}})
		d.must(err)
		for _, step := range []struct {
			rule      string
			roles     []string
			all, only string
		}{
			{"as made", nil, "[RECRUITER ANALYST]", "[ANALYST]"},
			{"a role is added", []string{"ADMIN", "RECRUITER", "ANALYST"}, "[RECRUITER ANALYST]", "[ANALYST]"},
			{"a role is taken", []string{"RECRUITER"}, "[RECRUITER]", "[]"},
		} {
			if step.roles != nil {
				d.must(d.DB.Member.UpdateOneID(both).SetRoles(step.roles).Exec(d.system()))
			}
			got := []string{d.lets(all.Token), d.lets(one.Token)}
			want := []string{"both " + step.all + " read only true", "both " + step.only + " read only true"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", step.rule, diff)
			}
		}
	})
}

func TestAPIKeysEnd(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		key := d.newKey("recruiter", apikey.ScopeREAD)
		other := d.newKey("recruiter", apikey.ScopeREAD)
		id, _, _ := strings.Cut(key.Token, ".")
		_, secret, _ := strings.Cut(other.Token, ".")
		unknown, _, _ := strings.Cut(strings.TrimPrefix(d.id(gid.ApiKey).String(), "api_key_"), ".")
		for rule, token := range map[string]string{
			"another key's secret": id + "." + secret, "an unknown id": "hl_" + unknown + "." + secret,
			"nothing": "", "no secret": id, "nonsense": "hl_x.y", "a quote": "hl_'; DROP TABLE api_keys; --." + secret,
		} {
			if got := d.lets(token); got != "nobody" {
				t.Errorf("%s lets in %s", rule, got)
			}
		}
		in := "recruiter [RECRUITER] read only true"
		made := d.now
		d.now = made.Add(10*24*time.Hour - time.Microsecond)
		if got := d.lets(key.Token); got != in {
			t.Errorf("before it expires it lets in %s", got)
		}
		d.now = made.Add(10 * 24 * time.Hour)
		if got := d.lets(key.Token); got != "nobody" {
			t.Errorf("when it has expired it lets in %s", got)
		}
		d.now = made
		_, err := d.RevokeAPIKey(d.as("recruiter"), hiring.RevokeApiKeyInput{ApiKeyID: key.ID})
		d.must(err)
		if got := d.lets(key.Token); got != "nobody" {
			t.Errorf("revoked it lets in %s", got)
		}
		_, err = d.DeactivateMember(d.as("admin"), hiring.DeactivateMemberInput{MemberID: d.members["recruiter"], ExpectedVersion: 1})
		d.must(err)
		if got := d.lets(other.Token); got != "nobody" {
			t.Errorf("of who has left it lets in %s", got)
		}
		_, err = d.ReactivateMember(d.as("admin"), hiring.ReactivateMemberInput{MemberID: d.members["recruiter"], ExpectedVersion: 2})
		d.must(err)
		if got := d.lets(other.Token); got != "nobody" {
			t.Errorf("of who is back it lets in %s", got)
		}
	})
}

// Two secrets are good at once, for as long as was said, and never three.
func TestRotateAPIKeyOverlaps(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		first := d.newKey("recruiter", apikey.ScopeREAD)
		rotate := func(version int, overlap time.Duration) hiring.IssuedApiKey {
			t.Helper()
			in := hiring.RotateApiKeyInput{ApiKeyID: first.ID, ExpectedVersion: version, ExpiresAt: d.now.Add(90 * 24 * time.Hour)}
			if overlap > 0 {
				in.PreviousSecretUntil = to(d.now.Add(overlap))
			}
			key, err := d.RotateAPIKey(d.as("recruiter"), in)
			d.must(err)
			if key.ID != first.ID {
				t.Errorf("rotated %s is %s", first.ID, key.ID)
			}
			return key
		}
		good := func(tokens ...hiring.IssuedApiKey) (good []bool) {
			for _, k := range tokens {
				good = append(good, d.lets(k.Token) != "nobody")
			}
			return good
		}
		check := func(rule string, got []bool, want ...bool) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: good are %v, want %v", rule, got, want)
			}
		}
		second := rotate(1, time.Hour)
		check("during the overlap", good(first, second), true, true)
		third := rotate(2, time.Hour)
		check("rotated again during the overlap", good(first, second, third), false, true, true)
		d.now = d.now.Add(time.Hour - time.Microsecond)
		check("until it ends", good(second, third), true, true)
		d.now = d.now.Add(time.Microsecond)
		check("when it has ended", good(second, third), false, true)
		fourth := rotate(3, 0)
		check("without one", good(third, fourth), false, true)
		d.now = d.apiKey(first.ID).ExpiresAt.Add(-time.Hour)
		fifth := rotate(4, 2*24*time.Hour)
		d.now = d.now.Add(2 * time.Hour)
		check("no longer than it would have been good for", good(fourth, fifth), false, true)
	})
}

func TestAPIKeysRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		key := d.newKey("recruiter", apikey.ScopeWRITE)
		viewer, err := d.SignInByKey(context.Background(), key.Token)
		d.must(err)
		byKey := access.WithViewer(context.Background(), viewer)
		reading := *viewer
		reading.ReadOnly = true
		readOnly := access.WithViewer(context.Background(), &reading)
		create := func(ctx context.Context, change func(*hiring.CreateApiKeyInput)) func() error {
			return func() error {
				in := hiring.CreateApiKeyInput{Name: "K", Scope: apikey.ScopeREAD, ExpiresAt: d.now.Add(time.Hour)}
				if change != nil {
					change(&in)
				}
				issued, err := d.CreateAPIKey(ctx, in)
				if err != nil && issued != (hiring.IssuedApiKey{}) {
					t.Errorf("refused, and yet there is %v", issued)
				}
				return err
			}
		}
		rotate := func(ctx context.Context) func() error {
			return func() error {
				_, err := d.RotateAPIKey(ctx, hiring.RotateApiKeyInput{ApiKeyID: key.ID, ExpectedVersion: 1, ExpiresAt: d.now.Add(time.Hour)})
				return err
			}
		}
		d.refuses(t,
			refusal{"a key makes no key", "FORBIDDEN at ", create(byKey, nil)},
			refusal{"a key does not rotate itself", "FORBIDDEN at ", rotate(byKey)},
			refusal{"nobody signed in", "FORBIDDEN at ", create(context.Background(), nil)},
			refusal{"who has left", "FORBIDDEN at ", create(d.as("left"), nil)},
			refusal{"another's key", "NOT_FOUND at apiKeyId", rotate(d.as("colleague"))},
			refusal{"another's key, for administrators", "FORBIDDEN at ", rotate(d.as("admin"))},
			refusal{"never ends", "INVALID at expiresAt", create(d.as("recruiter"), func(in *hiring.CreateApiKeyInput) { in.ExpiresAt = d.now.Add(367 * 24 * time.Hour) })},
			refusal{"has ended", "INVALID at expiresAt", create(d.as("recruiter"), func(in *hiring.CreateApiKeyInput) { in.ExpiresAt = d.now })},
			refusal{"no such scope", "INVALID at scope", create(d.as("recruiter"), func(in *hiring.CreateApiKeyInput) { in.Scope = "ALL" })},
			refusal{"a role of others", "INVALID at roles.0", create(d.as("recruiter"), func(in *hiring.CreateApiKeyInput) { in.Roles = []access.Role{access.Admin} })},
			refusal{"no roles", "REQUIRED at roles", create(d.as("recruiter"), func(in *hiring.CreateApiKeyInput) { in.Roles = []access.Role{} })},
			refusal{"a key for reading changes nothing", "FORBIDDEN at ", func() error {
				_, err := d.CreateCandidate(readOnly, hiring.CreateCandidateInput{Name: "Ada"})
				return err
			}},
			refusal{"not even itself", "FORBIDDEN at ", func() error {
				_, err := d.RevokeAPIKey(readOnly, hiring.RevokeApiKeyInput{ApiKeyID: key.ID})
				return err
			}},
		)
		if _, err := d.CreateCandidate(byKey, hiring.CreateCandidateInput{Name: "Ada"}); err != nil {
			t.Errorf("a key for writing does not: %v", err)
		}
	})
}

// Using a key is one statement; in five minutes at most one more, and one row
// written, by however many servers and requests.
func TestUseOfAPIKeysIsNotedNowAndThen(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		key := d.newKey("recruiter", apikey.ScopeREAD)
		updated := d.apiKey(key.ID).UpdatedAt
		another := newService(d.Store, d.now)
		another.Now = d.Now
		use := func(s *hiring.Service) int {
			t.Helper()
			ctx, statements := store.CountStatements(context.Background())
			v, err := s.SignInByKey(ctx, key.Token)
			d.must(err)
			d.must(s.NoteKeyUse(ctx, v.Key))
			return statements.Count()
		}
		lastUsed := func() time.Time { return *d.apiKey(key.ID).LastUsedAt }
		start := d.now
		if got := []int{use(d.Service), use(d.Service), use(d.Service)}; !slices.Equal(got, []int{2, 1, 1}) {
			t.Errorf("took %v statements", got)
		}
		d.now = start.Add(time.Minute)
		use(another) // it does not know yet, the database does
		if !lastUsed().Equal(start) {
			t.Errorf("another server noted %s, a minute after %s", lastUsed(), start)
		}
		d.now = start.Add(5*time.Minute - time.Microsecond)
		if n := use(d.Service); n != 1 || !lastUsed().Equal(start) {
			t.Errorf("before five minutes: %d statements, last used %s", n, lastUsed())
		}
		d.now = start.Add(5 * time.Minute)
		var all []func() error
		for range 20 {
			all = append(all, func() error { return d.NoteKeyUse(context.Background(), key.ID) })
		}
		for _, err := range atOnce(all...) {
			d.must(err)
		}
		if !lastUsed().Equal(d.now) {
			t.Errorf("after five minutes last used is %s", lastUsed())
		}
		if k := d.apiKey(key.ID); !k.UpdatedAt.Equal(updated) || k.Version != 1 {
			t.Error("use counts as a change")
		}
	})
}
