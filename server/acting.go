package main

import (
	"context"
	"strings"

	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
)

// acting is a command over a database that is there, which does in somebody's name
// what they may do.
type acting struct {
	database
	As string `required:"" placeholder:"EMAIL" help:"E-mail address of the administrator in whose name it is done; receipts and audit entries name them."`
}

// act opens the database and runs do as the administrator.
func (c *acting) act(ctx context.Context, term *terminal, do func(context.Context, *app) error) error {
	url, err := c.existing()
	if err != nil {
		return err
	}
	app, err := openApp(ctx, url, term.logger)
	if err != nil {
		return err
	}
	defer app.store.Close()
	if ctx, err = c.viewer(ctx, app); err != nil {
		return err
	}
	return do(ctx, app)
}

// viewer is a context in which the administrator asks.
func (c *acting) viewer(ctx context.Context, app *app) (context.Context, error) {
	m, err := app.db.Member.Query().Where(member.Email(strings.ToLower(strings.TrimSpace(c.As))), member.DeactivatedAtIsNil()).
		Only(access.System(ctx))
	if db.IsNotFound(err) {
		return nil, usagef("--as: there is no such member")
	}
	if err != nil {
		return nil, err
	}
	v := &access.Viewer{Member: m.ID}
	for _, role := range m.Roles {
		v.Roles = append(v.Roles, access.Role(role))
	}
	return access.WithViewer(ctx, v), nil
}
