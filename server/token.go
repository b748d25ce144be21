package main

import (
	"context"
	"fmt"
	"time"

	"hireloop/hiring"
	"hireloop/internal/access"
)

type tokenCommand struct {
	database
	Email    string        `arg:"" help:"E-mail address of the member."`
	Name     string        `help:"Name of the member, to create one with this address."`
	Role     []access.Role `help:"Role of the new member: ADMIN, RECRUITER, HIRING_MANAGER, INTERVIEWER or ANALYST; repeat for several."`
	Lifetime time.Duration `default:"720h" help:"How long the API key is good for; at most 8784h."`
}

// Run prints the token of a new API key, and nothing else on standard output.
func (c *tokenCommand) Run(ctx context.Context, term *terminal) error {
	url, err := c.required()
	if err != nil {
		return err
	}
	if c.Lifetime <= 0 || c.Lifetime > hiring.LongestKey {
		return usagef("--lifetime %s: must be between 1s and 8784h", c.Lifetime)
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
	issued, err := app.hiring.Enrol(ctx, hiring.EnrolInput{
		Email: c.Email, Name: c.Name, Roles: c.Role, ExpiresAt: app.hiring.Now().Add(c.Lifetime),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, issued.Token)
	return err
}
