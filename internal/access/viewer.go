// Package access owns who may see and do what: the viewer of a request, the
// roles, the one table of rules, and the guard that applies it to every query.
//
// It does not own sign-in (hiring makes a Viewer of who a token names) and decides
// nothing about hiring itself.
package access

import (
	"context"
	"slices"

	"hireloop/internal/gid"
)

// Role is what a member may do across openings. What they do for one opening is
// in its hiring team.
type Role string

const (
	Admin         Role = "ADMIN"
	Recruiter     Role = "RECRUITER"
	HiringManager Role = "HIRING_MANAGER"
	Interviewer   Role = "INTERVIEWER"
	Analyst       Role = "ANALYST"
)

// Roles are all of them, the most powerful first.
var Roles = []Role{Admin, Recruiter, HiringManager, Interviewer, Analyst}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Viewer is who is asking.
type Viewer struct {
	Member gid.ID
	Roles  []Role

	Key      gid.ID // the API key by which a program asks for the member; Nil when they ask themselves
	ReadOnly bool   // the key is for reading

	asking context.Context // in which rules ask what the viewer is kept from; nil when they do not: see Remembering
}

// recall is what is known of what the viewer is kept from.
func (v *Viewer) recall() recollection {
	if v.asking == nil {
		return nil
	}
	return recall(v.asking, v.Member)
}

// Is reports whether the viewer has any of these roles.
func (v *Viewer) Is(any ...Role) bool {
	return v != nil && slices.ContainsFunc(v.Roles, func(r Role) bool { return slices.Contains(any, r) })
}

// as is the viewer with no other roles than these.
func (v *Viewer) as(roles ...Role) *Viewer {
	only := *v
	only.Roles = nil
	for _, r := range v.Roles {
		if slices.Contains(roles, r) {
			only.Roles = append(only.Roles, r)
		}
	}
	return &only
}

type viewerKey struct{}

// WithViewer returns a context in which viewer asks.
func WithViewer(ctx context.Context, viewer *Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer)
}

// ViewerOf is who asks; nil when nobody signed in, and then nothing is seen.
func ViewerOf(ctx context.Context) *Viewer {
	v, _ := ctx.Value(viewerKey{}).(*Viewer)
	return v
}

type systemKey struct{}

// System returns a context in which the program itself asks and sees every row:
// for migrations, importers, and for checks inside a mutation whose answer must
// not depend on who asks (is a seat left?). Never pass it to a resolver.
func System(ctx context.Context) context.Context {
	return context.WithValue(ctx, systemKey{}, true)
}

// IsSystem reports whether the program itself asks.
func IsSystem(ctx context.Context) bool {
	yes, _ := ctx.Value(systemKey{}).(bool)
	return yes
}

// Asks is on whose behalf the statements of a context run: the program's own, a
// viewer's, or, as neither, nobody's.
func Asks(ctx context.Context) (viewer *Viewer, program bool) {
	if IsSystem(ctx) {
		return nil, true
	}
	return ViewerOf(ctx), false
}
