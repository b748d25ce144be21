package telemetry

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"hireloop/internal/gqlhttp"
)

// operation is what is told of one.
type operation struct {
	kind string // query, mutation, subscription or invalid
	name string // bounded
}

// codeOK is the outcome of an operation without top-level errors.
const codeOK = "OK"

// Responses watches operations: give it to gqlhttp.Options. It hears of
// refused ones, too.
func (t *Telemetry) Responses(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op, start := t.operation(ctx)
	seen := activityOf(ctx)
	seen.begun(op)
	before := seen.statements.Load()
	ctx, span := t.tracer.Start(ctx, op.kind+" "+op.name, trace.WithTimestamp(start), trace.WithAttributes(
		attribute.String("graphql.operation.type", op.kind), attribute.String("graphql.operation.name", op.name)))
	inFlight := t.metrics.operationsInFlight.WithLabelValues(op.kind)
	inFlight.Inc()
	code := gqlhttp.CodeInternal // of a panic
	defer func() {
		inFlight.Dec()
		cost, priced := gqlhttp.CostOf(ctx)
		seen.ended(code, cost.Requested)
		t.metrics.operations.WithLabelValues(op.name, op.kind, code).Inc()
		t.metrics.operationSeconds.WithLabelValues(op.name, op.kind).Observe(time.Since(start).Seconds())
		if priced {
			t.metrics.operationCost.WithLabelValues(op.name, op.kind).Observe(float64(cost.Requested))
		}
		if span.IsRecording() {
			span.SetAttributes(attribute.String("hireloop.outcome", code), attribute.Int("hireloop.cost", cost.Requested),
				attribute.Int64("hireloop.statements", seen.statements.Load()-before))
			if failed(code) {
				span.SetStatus(codes.Error, code)
			}
		}
		span.End()
	}()
	r := next(ctx)
	code = outcome(ctx, r)
	return r
}

func (t *Telemetry) operation(ctx context.Context) (operation, time.Time) {
	start := time.Now()
	if !graphql.HasOperationContext(ctx) {
		return operation{invalidName, invalidName}, start
	}
	o := graphql.GetOperationContext(ctx)
	if began := o.Stats.OperationStart; !began.IsZero() {
		start = began
	}
	if o.Operation == nil {
		return operation{invalidName, invalidName}, start
	}
	return operation{string(o.Operation.Operation), t.names.bounded(o.Operation.Name)}, start
}

// outcome is the code of the first error.
func outcome(ctx context.Context, r *graphql.Response) string {
	switch {
	case r == nil && errors.Is(ctx.Err(), context.Canceled):
		return gqlhttp.CodeCancelled
	case r == nil:
		return gqlhttp.CodeTimeout
	case len(r.Errors) == 0:
		return codeOK
	}
	if code, ok := r.Errors[0].Extensions["code"].(string); ok {
		return code
	}
	return gqlhttp.CodeInternal
}

// failed tells outcomes that are the server's fault.
func failed(code string) bool {
	switch code {
	case gqlhttp.CodeInternal, gqlhttp.CodeTimeout, gqlhttp.CodeUnavailable:
		return true
	}
	return false
}
