package graph_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// What operations are told to cost: see the directive @cost in the contract.
func TestCosts(t *testing.T) {
	d := testdb.Engines()[0].Open(t, template, store.Options{})
	h, viewer := newHandler(d), viewerOf(t, d, "recruiter")
	const half = `filterBy: {from: "2026-01-01", to: "2026-07-01"}`
	for _, c := range []struct {
		rule, query, variables string
		cost                   int
	}{
		{"a page", `{ openings(first: 50) { nodes { id title } } }`, "", 1 + 50*(1+2)},
		{"a list has as many rows as the contract says", `{ openings(first: 50) { nodes { stages { name } } } }`, "", 1 + 50*(1+1+8)},
		{"an assessment weighs more than a field", `{ applications(first: 10) { nodes { levelFit { outcome } } } }`, "", 1 + 10*(1+20+1)},
		{"a report weighs what it counts", `{ funnel { total { hires } } }`, "", 500 + 1 + 1},
		{"a stage costs its fields", `{ funnel { total { rows { entered passed } } } }`, "", 500 + 1 + 1 + 8*2},
		{"weeks", `{ funnel(` + half + `, view: {interval: WEEK}) { groups { hires } } }`, "", 500 + 1 + 26},
		{"months of a year that nobody named", `{ funnelActivity(view: {interval: MONTH}) { groups { applied } } }`, "", 500 + 1 + 14},
		{"groups", `{ hireTimes(view: {groupBy: DEPARTMENT}) { groups { group { name } } } }`, "", 1000 + 1 + 10*2},
		{"groups and periods, from variables", `query($v: FunnelView) { funnel(` + half + `, view: $v) { groups { hires } } }`, `{"v": {"groupBy": "SOURCE", "interval": "QUARTER"}}`, 500 + 1 + 10*3},
		{"a day that is none is refused, not priced", `{ funnel(filterBy: {from: "1-1-1"}, view: {interval: WEEK}) { groups { hires } } }`, "", 500 + 1 + 53},
		{"as many points as asked for", `query($id: ID!) { hireForecast(openingId: $id) { curve(points: 90) { __typename } } }`, fmt.Sprintf(`{"id": %q}`, world.Openings["growth"]), 2000 + 1 + 90},
		{"a mutation", `mutation { updateCandidate(input: {candidateId: "candidate_00000000000000000000000000", expectedVersion: 1}) { userErrors { code } } }`, "", 10 + 1 + 1},
	} {
		text, _ := ask(t, h, viewer, c.query, c.variables)
		var answer struct {
			Errors     json.RawMessage
			Extensions struct {
				Cost struct{ Requested, Limit int }
			}
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatal(err)
		}
		if got := answer.Extensions.Cost; got.Requested != c.cost || got.Limit != 50_000 {
			t.Errorf("%s: %+v, want %d\n%.300s", c.rule, got, c.cost, text)
		}
	}
}
