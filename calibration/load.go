package calibration

import (
	"cmp"
	"slices"

	"hireloop/funnel"
)

// Load is how interviews are spread over those who could hold them.
type Load struct {
	Eligible    int
	Gini        *float64 // 0 when all hold as many, towards 1 when few hold all; nil without interviews
	MaxToMedian *float64 // nil when half hold none
	Warnings    []Week   // of more interviews than anybody should hold, by week, then by interviewer
}

// Week is what one interviewer held in one week of ISO 8601.
type Week struct {
	Interviewer string // id
	Year, Week  int
	Interviews  int
}

// mostPerWeek is how many interviews a week leave time to prepare and report.
const mostPerWeek = 4

// Gini is how unevenly the values, none of them negative, are spread: from 0, all
// the same, to less than 1. Nil when there is nothing to spread.
func Gini(values []int) *float64 {
	values = slices.Sorted(slices.Values(values))
	n, sum, weighted := len(values), 0, 0
	for i, v := range values {
		sum += v
		weighted += (2*(i+1) - n - 1) * v
	}
	if sum == 0 {
		return nil
	}
	g := float64(weighted) / (float64(n) * float64(sum))
	return &g
}

// load counts the interviews of the window, for each rater by rank as well.
func load(in *Input, o Options, raters []int32) (l Load, interviews []int) {
	interviews = make([]int, len(raters))
	type at struct {
		year, week int
		row        int32
	}
	weekly := map[at]int{}
	for _, held := range in.Interviews {
		if held.EndedAt.Before(o.From) || !held.EndedAt.Before(o.To) || held.EndedAt.After(o.AsOf) {
			continue
		}
		interviews[raters[held.Interviewer]]++
		year, week := held.EndedAt.UTC().ISOWeek()
		weekly[at{year, week, held.Interviewer}]++
	}
	for k, n := range weekly {
		if n > mostPerWeek {
			l.Warnings = append(l.Warnings, Week{in.Interviewers[k.row].ID, k.year, k.week, n})
		}
	}
	slices.SortFunc(l.Warnings, func(a, b Week) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Week, b.Week), cmp.Compare(a.Interviewer, b.Interviewer))
	})
	var held []int
	var sorted []float64
	for row, i := range in.Interviewers {
		if i.Eligible {
			held = append(held, interviews[raters[row]])
			sorted = append(sorted, float64(interviews[raters[row]]))
		}
	}
	slices.Sort(sorted)
	l.Eligible, l.Gini = len(held), Gini(held)
	if median := funnel.Quantile(sorted, .5); median != nil && *median > 0 {
		ratio := sorted[len(sorted)-1] / *median
		l.MaxToMedian = &ratio
	}
	return l, interviews
}
