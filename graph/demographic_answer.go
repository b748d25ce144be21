package graph

import (
	"context"

	"hireloop/internal/gid"
)

// itself stands for reading again what must not be read.
func itself(_ context.Context, id gid.ID) (*gid.ID, error) { return &id, nil }
