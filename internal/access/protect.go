package access

import (
	"context"

	"entgo.io/ent"

	"hireloop/ent/db"
)

// Protect makes every query of a client obey the table of rules (see Guard), and
// every write of it run as the program itself (see AsProgram).
func Protect(client *db.Client) {
	client.Intercept(Guard())
	client.Use(AsProgram)
}

// AsProgram has a write run as the program itself: hiring has decided by then who
// writes what, also into rows that the writer does not see.
func AsProgram(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		return next.Mutate(System(ctx), m)
	})
}
