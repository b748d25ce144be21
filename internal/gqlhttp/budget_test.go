package gqlhttp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// stopped is a clock that goes when it is told to.
type stopped struct{ at time.Time }

func (c *stopped) now() time.Time { return c.at }

func TestBudgets(t *testing.T) {
	clock := &stopped{at: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)}
	b := NewBudgets("cost", 600, clock.now)
	for _, step := range []struct {
		rule                   string
		after                  time.Duration
		who                    string
		cost                   int
		remaining, reset, wait int
	}{
		{"a budget is full at first", 0, "ann", 100, 500, 10, 0},
		{"what is left can be used at once", 0, "ann", 500, 0, 60, 0},
		{"then nothing can", 0, "ann", 1, 0, 60, 1},
		{"it fills evenly", 30 * time.Second, "ann", 100, 200, 40, 0},
		{"what is too dear takes nothing", 0, "ann", 300, 200, 40, 10},
		{"others have their own", 0, "bob", 600, 0, 60, 0},
		{"it never holds more than a minute's", time.Hour, "bob", 0, 600, 0, 0},
		{"what is dearer than a minute takes all", 0, "bob", 5_000, 0, 60, 0},
		{"and waits for all", 30 * time.Second, "bob", 5_000, 300, 30, 30},
	} {
		clock.at = clock.at.Add(step.after)
		afford := b.Afford(step.who, step.cost)
		a := b.Take(step.who, step.cost)
		if a.Remaining != step.remaining || a.Reset != step.reset || a.wait != step.wait || a.Limit != 600 {
			t.Errorf("%s: %+v", step.rule, a)
		}
		if afford.wait != a.wait {
			t.Errorf("%s: Afford says %d, Take %d", step.rule, afford.wait, a.wait)
		}
	}
}

// Whatever is asked for when, no more is paid than the bucket and what came in
// meanwhile; and who waits as long as told can pay.
func TestBudgetsGiveNoMoreThanTheyHave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := &stopped{at: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)}
		began := clock.at
		perMinute := rapid.IntRange(1, 10_000).Draw(t, "a minute")
		b := NewBudgets("cost", perMinute, clock.now)
		paid := 0
		for range rapid.IntRange(1, 50).Draw(t, "requests") {
			clock.at = clock.at.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "pause")))
			cost := rapid.IntRange(0, 2*perMinute).Draw(t, "cost")
			a := b.Take("ann", cost)
			if a.wait > 0 {
				clock.at = clock.at.Add(time.Duration(a.wait) * time.Second)
				if a = b.Take("ann", cost); a.wait > 0 {
					t.Fatalf("%d was to be affordable by now: %+v", cost, a)
				}
			}
			paid += min(cost, perMinute)
			if most := float64(perMinute) * (1 + clock.at.Sub(began).Minutes()); float64(paid) > most+1 {
				t.Fatalf("paid %d, at most %f", paid, most)
			}
		}
	})
}

// Made-up names must not fill memory.
func TestBudgetsAreBounded(t *testing.T) {
	b := NewBudgets("cost", 600, time.Now)
	before := heap()
	for i := range 10 * mostBuckets {
		b.Take(fmt.Sprintf("nobody in particular, number %d", i), 1)
	}
	if n := b.buckets.Len(); n != mostBuckets {
		t.Errorf("%d buckets, want %d", n, mostBuckets)
	}
	if grown := (heap() - before) >> 20; grown > 16 {
		t.Errorf("%d MiB of buckets", grown)
	}
	b.Take("", 0) // keeps b until here
}

func TestRateLimit(t *testing.T) {
	clock := &stopped{at: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)}
	who := "ann"
	h, toy := serveToy(t, Options{
		Budgets: NewBudgets("cost", 120, clock.now), Principal: func(context.Context) string { return who },
	})
	for _, c := range []struct {
		rule, who, query string
		status           int
		state            string // of the header RateLimit
		after            time.Duration
	}{
		{"a small query costs what a request does", "ann", "{ hello }", 200, `"cost";r=110;t=5`, 0},
		{"a page costs its size", "ann", "{ things(first: 25) { nodes { id } } }", 200, `"cost";r=59;t=31`, 0},
		{"a refused document is a request too", "ann", "{ nope }", 200, `"cost";r=49;t=36`, 0},
		{"what cannot be paid is not run, and a request was had", "ann", "{ things(first: 50) { nodes { id } } }", 429, `"cost";r=39;t=41`, 0},
		{"smaller ones go on", "ann", "{ hello }", 200, `"cost";r=29;t=46`, 0},
		{"a mutation costs ten", "ann", `mutation { rename(input: {id: "thing_1", name: "n"}) { name } }`, 200, `"cost";r=18;t=51`, 0},
		{"down to nothing", "ann", "{ hello }", 200, `"cost";r=8;t=56`, 0},
		{"now not even the request is read", "ann", "{", 429, `"cost";r=8;t=56`, 0},
		{"others are not concerned", "bob", "{ hello }", 200, `"cost";r=110;t=5`, 0},
		{"a while later", "ann", "{ hello }", 200, `"cost";r=110;t=5`, time.Minute},
		{"what costs more than a minute has takes all of one", "ann", "{ things(first: 90) { nodes { id } } }", 200, `"cost";r=0;t=60`, time.Minute},
	} {
		clock.at, who = clock.at.Add(c.after), c.who
		w := call{body: fmt.Sprintf(`{"query":%q}`, c.query), header: map[string]string{"Accept": mediaJSON}}.send(h)
		if w.Code != c.status || w.Header().Get("RateLimit") != c.state || w.Header().Get("RateLimit-Policy") != `"cost";q=120;w=60` {
			t.Errorf("%s: %d %s %s", c.rule, w.Code, w.Header().Get("RateLimit"), w.Body)
		}
		got := decode(t, w)
		if (got.code() == CodeRateLimited) != (c.status == http.StatusTooManyRequests) || (w.Header().Get("Retry-After") != "") != (c.status == http.StatusTooManyRequests) {
			t.Errorf("%s: %+v, Retry-After %q", c.rule, got.Errors, w.Header().Get("Retry-After"))
		}
		if c.query == "{ hello }" && !strings.Contains(c.state, fmt.Sprintf("r=%v;", got.Extensions["rateLimit"].(map[string]any)["remaining"])) {
			t.Errorf("%s: the body says %v, the header %s", c.rule, got.Extensions, c.state)
		}
	}
	if toy.writes.Load() != 1 {
		t.Error("a mutation is to run once")
	}
}
