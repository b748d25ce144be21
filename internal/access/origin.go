package access

import "context"

// Origin is from where somebody asks, for the audit trail.
type Origin struct {
	Address   string // of the network, without a port; "" when it is not known
	RequestID string
}

type originKey struct{}

// WithOrigin returns a context of what comes from there.
func WithOrigin(ctx context.Context, from Origin) context.Context {
	return context.WithValue(ctx, originKey{}, from)
}

// OriginOf is from where ctx comes; empty for what the program itself does.
func OriginOf(ctx context.Context) Origin {
	from, _ := ctx.Value(originKey{}).(Origin)
	return from
}
