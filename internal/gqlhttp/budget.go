package gqlhttp

import (
	"fmt"
	"math"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Budgets give everybody so many units of cost a minute: a bucket for each that
// is full at first and fills evenly. It keeps as many buckets as fit into a few
// megabytes; whose bucket was pushed out begins with a full one.
type Budgets struct {
	name      string
	perMinute int
	now       func() time.Time
	buckets   *lru.Cache[string, *rate.Limiter]
}

const mostBuckets = 1 << 15

// NewBudgets are empty of principals. Nil Budgets limit nobody. The name is what
// answers call the limit.
func NewBudgets(name string, perMinute int, now func() time.Time) *Budgets {
	buckets, err := lru.New[string, *rate.Limiter](mostBuckets)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &Budgets{name: name, perMinute: perMinute, now: now, buckets: buckets}
}

// Allowance is what is left of a budget. The zero value is of nobody's.
type Allowance struct {
	name  string
	Limit int `json:"limit"` // units a minute
	// Remaining units.
	Remaining int `json:"remaining"`
	// Reset is in how many seconds the budget is full again.
	Reset int `json:"resetSeconds"`
	// wait is in how many seconds what was refused will be affordable; 0 when it
	// was not refused.
	wait int
}

// Take pays for what costs so much, or says when it can be paid for: then
// nothing is taken. What costs more than a minute's units takes them all.
func (b *Budgets) Take(principal string, cost int) Allowance {
	if b == nil {
		return Allowance{}
	}
	now, bucket := b.now(), b.bucket(principal)
	cost = b.payable(cost)
	return b.state(bucket.AllowN(now, cost), cost, bucket.TokensAt(now))
}

// Afford says what Take would, and takes nothing.
func (b *Budgets) Afford(principal string, cost int) Allowance {
	if b == nil {
		return Allowance{}
	}
	cost = b.payable(cost)
	left := b.bucket(principal).TokensAt(b.now())
	return b.state(left >= float64(cost), cost, left)
}

func (b *Budgets) payable(cost int) int { return min(max(cost, 0), b.perMinute) }

func (b *Budgets) state(paid bool, cost int, left float64) Allowance {
	left = max(left, 0)
	a := Allowance{
		name: b.name, Limit: b.perMinute, Remaining: int(left),
		Reset: b.seconds(float64(b.perMinute) - left),
	}
	if !paid {
		a.wait = max(b.seconds(float64(cost)-left), 1)
	}
	return a
}

func (b *Budgets) bucket(principal string) *rate.Limiter {
	if bucket, known := b.buckets.Get(principal); known {
		return bucket
	}
	fresh := rate.NewLimiter(rate.Limit(float64(b.perMinute)/60), b.perMinute)
	if bucket, known, _ := b.buckets.PeekOrAdd(principal, fresh); known {
		return bucket
	}
	return fresh
}

// seconds until so many units have come back.
func (b *Budgets) seconds(units float64) int {
	return int(math.Ceil(units * 60 / float64(b.perMinute)))
}

// show tells the state in the headers of the IETF's draft on rate limits.
func (a Allowance) show(h http.Header) {
	if a.Limit == 0 {
		return
	}
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=60", a.name, a.Limit))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", a.name, a.Remaining, a.Reset))
	if a.wait > 0 {
		h.Set("Retry-After", fmt.Sprint(a.wait))
	}
}

// refusal is nil when it was paid for.
func (a Allowance) refusal() *answer {
	if a.wait == 0 {
		return nil
	}
	err := Errorf(CodeRateLimited, "nothing was done: this costs more than is left of your %d a minute", a.Limit)
	err.Extensions["hint"] = fmt.Sprintf("send it again in %d seconds", a.wait)
	err.Extensions["retryAfterSeconds"] = a.wait
	refused := refusal(http.StatusTooManyRequests, CodeRateLimited, "")
	refused.errors[0], refused.allowance = err, a
	return refused
}
