package main

import (
	"context"
	"strings"

	"hireloop/ent/db"
	"hireloop/ent/db/member"
	"hireloop/internal/access"
)

// acting is a command that does in somebody's name what they may do.
type acting struct {
	As string `required:"" placeholder:"EMAIL" help:"E-mail address of the administrator in whose name it is done; receipts and audit entries name them."`
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
