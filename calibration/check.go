package calibration

import (
	"fmt"
	"math"
	"slices"

	"hireloop/internal/fault"
	"hireloop/rubric"
)

// mostProblems are told at once: a caller who numbers rows wrongly does so a
// million times.
const mostProblems = 100

var (
	statuses        = []rubric.ScorecardStatus{rubric.ScorecardDraft, rubric.ScorecardSubmitted, rubric.ScorecardAmended, rubric.ScorecardVoid}
	recommendations = []rubric.Recommendation{rubric.NoDecision, rubric.StrongNo, rubric.No, rubric.Yes, rubric.StrongYes}
)

// checker collects what is wrong with an input.
type checker struct{ problems fault.List }

func (c *checker) full() bool { return len(c.problems) >= mostProblems }

func (c *checker) refuse(format string, args []any, message string, more ...any) {
	if !c.full() {
		c.problems.Add(fault.Invalidf(fmt.Sprintf(format, args...), message, more...))
	}
}

// refers refuses a position outside a table of n rows. The path is put together
// only for what is refused: there are millions of rows.
func (c *checker) refers(table string, row int, field string, position int32, n int, to string) {
	if position < 0 || int(position) >= n {
		c.refuse("%s.%d.%s", []any{table, row, field}, "is %d: there are %d %s", position, n, to)
	}
}

// check returns a fault.List of what is wrong with the input and the options, at
// most mostProblems, or nil.
func check(in *Input, o Options) error {
	var c checker
	c.options(o)
	for _, table := range []struct {
		name string
		rows int
	}{
		{"interviewers", len(in.Interviewers)}, {"applications", len(in.Applications)}, {"signals", len(in.Signals)},
		{"cards", len(in.Cards)}, {"ratings", len(in.Ratings)},
	} {
		if table.rows > math.MaxInt32 {
			c.refuse(table.name, nil, "has %d rows: at most %d can be told apart", table.rows, math.MaxInt32)
		}
	}
	for i := range in.Cards {
		card := &in.Cards[i]
		c.refers("cards", i, "application", card.Application, len(in.Applications), "applications")
		c.refers("cards", i, "interviewer", card.Interviewer, len(in.Interviewers), "interviewers")
		if !slices.Contains(statuses, card.Status) {
			c.refuse("cards.%d.status", []any{i}, "must be DRAFT, SUBMITTED, AMENDED or VOID")
		}
		if !slices.Contains(recommendations, card.Recommendation) {
			c.refuse("cards.%d.recommendation", []any{i}, "must be STRONG_NO, NO, YES or STRONG_YES, or left out")
		}
	}
	for i := range in.Ratings {
		r := &in.Ratings[i]
		c.refers("ratings", i, "card", r.Card, len(in.Cards), "cards")
		c.refers("ratings", i, "signal", r.Signal, len(in.Signals), "signals")
		if r.Value < 1 {
			c.refuse("ratings.%d.value", []any{i}, "must be 1 or more")
		}
	}
	for i, held := range in.Interviews {
		c.refers("interviews", i, "interviewer", held.Interviewer, len(in.Interviewers), "interviewers")
		if held.EndedAt.IsZero() {
			c.refuse("interviews.%d.endedAt", []any{i}, "is required")
		}
	}
	c.decisions(in)
	return c.problems.Err()
}

func (c *checker) options(o Options) {
	if o.AsOf.IsZero() {
		c.problems.Add(fault.Required("asOf"))
	}
	if o.From.IsZero() {
		c.problems.Add(fault.Required("from"))
	}
	if !o.To.After(o.From) {
		c.problems.Add(fault.Invalidf("to", "must be after from"))
	}
	for path, v := range map[string]float64{"model.shrinkage": o.Model.Shrinkage, "model.errorSD": o.Model.ErrorSD} {
		if !(v > 0) || math.IsInf(v, 0) {
			c.problems.Add(fault.Invalidf(path, "must be a positive number"))
		}
	}
	slices.SortFunc(c.problems, func(a, b *fault.Error) int { return slices.Compare(a.Path, b.Path) })
}

func (c *checker) decisions(in *Input) {
	decided := make([]bool, len(in.Applications))
	for i, d := range in.Decisions {
		before := len(c.problems)
		c.refers("decisions", i, "application", d.Application, len(in.Applications), "applications")
		if len(c.problems) > before || c.full() {
			continue
		}
		if decided[d.Application] {
			c.refuse("decisions.%d.application", []any{i}, "has a decision already")
		}
		decided[d.Application] = true
	}
}

// ranking is where each row of a table stands when they are in the order of
// their ids, and which row stands at each place; an id that stands twice is
// refused.
func ranking(table string, n int, id func(row int) string) (rank, rows []int32, err error) {
	rows = make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortFunc(rows, func(a, b int32) int {
		x, y := id(int(a)), id(int(b))
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a - b)
	})
	rank = make([]int32, n)
	var problems fault.List
	for place, row := range rows {
		rank[row] = int32(place)
		if place > 0 && id(int(row)) == id(int(rows[place-1])) && len(problems) < mostProblems {
			problems.Add(fault.Invalidf(fmt.Sprintf("%s.%d", table, row), "is the same as %s.%d", table, rows[place-1]))
		}
	}
	return rank, rows, problems.Err()
}
