package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

type tokenCommand struct {
	database
	credentials
	Email    string        `arg:"" help:"E-mail address of the member."`
	Name     string        `help:"Name of the member, to create one with this address."`
	Role     []access.Role `help:"Role of the new member: ADMIN, RECRUITER, HIRING_MANAGER, INTERVIEWER or ANALYST; repeat for several."`
	Lifetime time.Duration `default:"24h" help:"How long the token is good for; at most 8760h."`
}

// Run prints a token, and nothing else on standard output.
func (c *tokenCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	key, err := c.key()
	if err != nil {
		return err
	}
	if c.Lifetime <= 0 || c.Lifetime > 365*24*time.Hour {
		return usagef("--lifetime %s: must be between 1s and 8760h", c.Lifetime)
	}
	for _, role := range c.Role {
		if !role.Valid() {
			return usagef("--role %s: there are %v", role, access.Roles)
		}
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	id, err := c.member(access.System(ctx), app)
	if err != nil {
		return err
	}
	token, err := issuer{key: key, now: time.Now}.sign(id, c.Lifetime)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, token)
	return err
}

// member finds the member with the address, or makes one when a name says so.
func (c *tokenCommand) member(ctx context.Context, app *app) (gid.ID, error) {
	email := strings.ToLower(strings.TrimSpace(c.Email))
	m, err := app.db.Member.Query().Where(member.Email(email)).Only(ctx)
	switch {
	case err == nil && c.Name != "":
		return gid.Nil, usagef("there is a member %s already; leave out --name", email)
	case err == nil:
		return m.ID, nil
	case !db.IsNotFound(err):
		return gid.Nil, err
	case c.Name == "" || len(c.Role) == 0:
		return gid.Nil, usagef("there is no member %s; give --name and --role to create one", email)
	case !strings.Contains(email, "@"):
		return gid.Nil, usagef("%q is not an e-mail address", c.Email)
	}
	roles := make([]string, len(c.Role))
	for i, r := range slices.Compact(c.Role) {
		roles[i] = string(r)
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	id := app.hiring.IDs.New(gid.Member)
	return id, app.db.Member.Create().SetID(id).SetName(c.Name).SetEmail(email).SetRoles(roles).
		SetCreatedAt(now).SetUpdatedAt(now).Exec(ctx)
}
