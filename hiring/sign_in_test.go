package hiring_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hireloop/ent/db/apikey"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/store"
)

// is tells whom an account lets in.
func (d *desk) is(a hiring.Account) string {
	d.t.Helper()
	v, err := d.SignIn(context.Background(), a)
	if errors.Is(err, hiring.ErrNotSignedIn) {
		return "nobody"
	}
	d.must(err)
	for name, id := range d.members {
		if id == v.Member {
			return name
		}
	}
	return "a stranger"
}

func TestAccountsAreLinkedOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		account := func(subject, email string) hiring.Account {
			return hiring.Account{Issuer: "https://id.example.org", Subject: subject, Email: email}
		}
		elsewhere := hiring.Account{Issuer: "https://other.example.org", Subject: "1", Email: "analyst@example.org"}
		for _, step := range []struct {
			rule string
			of   hiring.Account
			want string
		}{
			{"an unknown person is nobody", account("9", "stranger@example.org"), "nobody"},
			{"an address that is not verified links nothing", account("1", ""), "nobody"},
			{"the first account with an address is its member's", account("1", "Recruiter@Example.org"), "recruiter"},
			{"from then on the address does not matter", account("1", ""), "recruiter"},
			{"not even when it is another's", account("1", "admin@example.org"), "recruiter"},
			{"who has the address later is not the member", account("2", "recruiter@example.org"), "nobody"},
			{"the same subject of another issuer is somebody else", elsewhere, "analyst"},
			{"who has left is not let in", account("3", "left@example.org"), "nobody"},
			{"letters that fold into others are not those", account("4", "\u212aolleague@example.org"), "nobody"},
			{"nothing is no address", account("5", "@"), "nobody"},
		} {
			if got := d.is(step.of); got != step.want {
				t.Errorf("%s: it lets in %s", step.rule, got)
			}
		}
		ctx, statements := store.CountStatements(context.Background())
		if _, err := d.SignIn(ctx, account("1", "")); err != nil || statements.Count() != 1 {
			t.Errorf("a linked account takes %d statements (%v)", statements.Count(), err)
		}
		if n := d.DB.MemberIdentity.Query().CountX(d.system()); n != 2 {
			t.Errorf("%d accounts are linked, want 2", n)
		}
	})
}

func TestSignInFollowsTheMember(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		a := hiring.Account{Issuer: "https://id.example.org", Subject: "1", Email: "recruiter@example.org"}
		if got := d.is(a); got != "recruiter" {
			t.Fatalf("it lets in %s", got)
		}
		if got, want := d.traces(), "signIn by recruiter of member, member.linked"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		id, admin := d.members["recruiter"], d.as("admin")
		_, err := d.UpdateMember(admin, hiring.MemberUpdate{MemberID: id, ExpectedVersion: 1,
			Roles: hiring.To([]access.Role{access.Analyst}), Email: hiring.To(to("new@example.org"))})
		d.must(err)
		if v, err := d.SignIn(context.Background(), a); err != nil || !v.Is(access.Analyst) || v.Is(access.Recruiter) || v.Member != id {
			t.Errorf("the next request is %+v (%v)", v, err)
		}
		_, err = d.DeactivateMember(admin, hiring.DeactivateMemberInput{MemberID: id, ExpectedVersion: 2})
		d.must(err)
		if got := d.is(a); got != "nobody" {
			t.Errorf("who has left is let in as %s", got)
		}
		if _, err := d.SignInMember(context.Background(), id); !errors.Is(err, hiring.ErrNotSignedIn) {
			t.Errorf("who has left is let in by id: %v", err)
		}
		_, err = d.ReactivateMember(admin, hiring.ReactivateMemberInput{MemberID: id, ExpectedVersion: 3})
		d.must(err)
		if got := d.is(a); got != "recruiter" {
			t.Errorf("who is back is %s", got)
		}
		_, err = d.UnlinkMember(admin, hiring.UnlinkMemberInput{MemberID: id, ExpectedVersion: 4})
		d.must(err)
		if got := d.is(hiring.Account{Issuer: a.Issuer, Subject: "2", Email: "new@example.org"}); got != "recruiter" {
			t.Errorf("a new account is %s", got)
		}
		if got := d.is(a); got != "nobody" {
			t.Errorf("the account before is %s", got)
		}
	})
}

// A page that opens with ten requests at once signs in once.
func TestFirstSignInsAtOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		var all []func() error
		for range 10 {
			all = append(all, func() error {
				v, err := d.SignIn(context.Background(), hiring.Account{Issuer: "i", Subject: "1", Email: "recruiter@example.org"})
				if err == nil && v.Member != d.members["recruiter"] {
					t.Errorf("signed in as %s", v.Member)
				}
				return err
			})
		}
		for _, err := range atOnce(all...) {
			d.must(err)
		}
		// Two accounts with one address: one of them is the member.
		let := 0
		for _, err := range atOnce(
			func() error {
				_, err := d.SignIn(context.Background(), hiring.Account{Issuer: "i", Subject: "2", Email: "analyst@example.org"})
				return err
			},
			func() error {
				_, err := d.SignIn(context.Background(), hiring.Account{Issuer: "i", Subject: "3", Email: "analyst@example.org"})
				return err
			},
		) {
			if err == nil {
				let++
			} else if !errors.Is(err, hiring.ErrNotSignedIn) {
				t.Error(err)
			}
		}
		if let != 1 {
			t.Errorf("%d accounts are one member", let)
		}
	})
}

func TestEnrol(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		until := d.now.Add(time.Hour)
		issued, err := d.Enrol(context.Background(), hiring.EnrolInput{Email: "Ada@Example.org", Name: "Ada", Roles: []access.Role{access.Admin}, ExpiresAt: until})
		d.must(err)
		v, err := d.SignInByKey(context.Background(), issued.Token)
		if err != nil || !v.Is(access.Admin) || v.ReadOnly {
			t.Fatalf("the first administrator is %+v (%v)", v, err)
		}
		if got, want := d.traces(), "enrol by the program of api_key, api_key.created"; got != want {
			t.Errorf("left %q, want %q", got, want)
		}
		again, err := d.Enrol(context.Background(), hiring.EnrolInput{Email: "ada@example.org", ExpiresAt: until})
		d.must(err)
		if other, err := d.SignInByKey(context.Background(), again.Token); err != nil || other.Member != v.Member || again.ID == issued.ID {
			t.Errorf("another key of hers is %+v (%v)", other, err)
		}
		enrol := func(in hiring.EnrolInput) func() error {
			return func() error { _, err := d.Enrol(context.Background(), in); return err }
		}
		d.refuses(t,
			refusal{"there already", "DUPLICATE at ", enrol(hiring.EnrolInput{Email: "ada@example.org", Name: "Ada", ExpiresAt: until})},
			refusal{"nobody", "NOT_FOUND at ", enrol(hiring.EnrolInput{Email: "b@example.org", ExpiresAt: until})},
			refusal{"no roles", "REQUIRED at roles", enrol(hiring.EnrolInput{Email: "b@example.org", Name: "B", ExpiresAt: until})},
			refusal{"no address", "INVALID at email", enrol(hiring.EnrolInput{Email: "b", Name: "B", Roles: []access.Role{access.Admin}, ExpiresAt: until})},
			refusal{"who has left", "INVALID_TRANSITION at ", enrol(hiring.EnrolInput{Email: "left@example.org", ExpiresAt: until})},
			refusal{"never ends", "INVALID at expiresAt", enrol(hiring.EnrolInput{Email: "ada@example.org", ExpiresAt: d.now.Add(9000 * time.Hour)})},
		)
	})
}

// However many administrators are taken away at once, one is left; and nobody gets
// a key who is taken away meanwhile.
func TestTheLastAdministratorStays(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		names := []string{"admin", "second", "third", "fourth"}
		for _, name := range names[1:] {
			d.join(name, access.Admin)
		}
		var all []func() error
		for i, name := range names { // each takes the next away
			victim, by := d.members[names[(i+1)%len(names)]], d.as(name)
			if i%2 == 0 {
				all = append(all, func() error {
					_, err := d.DeactivateMember(by, hiring.DeactivateMemberInput{MemberID: victim, ExpectedVersion: 1})
					return err
				})
			} else {
				all = append(all, func() error {
					_, err := d.UpdateMember(by, hiring.MemberUpdate{MemberID: victim, ExpectedVersion: 1, Roles: hiring.To([]access.Role{access.Analyst})})
					return err
				})
			}
			all = append(all, func() error {
				_, err := d.CreateAPIKey(d.as(name), hiring.CreateApiKeyInput{Name: "K", Scope: apikey.ScopeREAD, ExpiresAt: d.now.Add(time.Hour)})
				return err
			})
		}
		refusals := 0
		for _, err := range atOnce(all...) {
			switch {
			case err == nil:
			case fault.Is(err, fault.Conflict):
				refusals++
			case !fault.Is(err, fault.Denied): // who has left gets no key
				t.Error(err)
			}
		}
		left := 0
		for _, m := range d.DB.Member.Query().AllX(d.system()) {
			for _, role := range m.Roles {
				if m.DeactivatedAt == nil && role == "ADMIN" {
					left++
				}
			}
			if m.DeactivatedAt == nil {
				continue
			}
			if d.DB.ApiKey.Query().Where(apikey.MemberID(m.ID), apikey.RevokedAtIsNil()).ExistX(d.system()) {
				t.Errorf("%s has left, and has a key", m.Name)
			}
		}
		if left != 1 || refusals != 1 {
			t.Errorf("%d administrators are left after %d refusals, want one of each", left, refusals)
		}
	})
}
