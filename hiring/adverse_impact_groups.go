package hiring

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"hireloop/ent/db/demographicanswer"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// otherAnswers is the group of all answers that few gave.
const otherAnswers = "Other"

// answerGroups are the groups of those who said something of themselves.
type answerGroups struct {
	names []string
	of    map[gid.ID]int32 // application → group; who said nothing is not in it
}

// said reads what people said of themselves before a moment. It is the only
// place that reads answers, and it runs as the program itself.
func (s *Service) said(ctx context.Context, attribute demographicanswer.Attribute, before time.Time) (*answerGroups, error) {
	var t tally
	err := store.Query(access.System(ctx), s.Store.SQL(), `SELECT application_id, answer, former_answer, recorded_at
		FROM demographic_answers WHERE attribute = $1 AND (recorded_at < $2 OR former_at < $2)`, string(attribute), before.UTC()).Each(func(row store.Row) error {
		var application gid.ID
		var answer, former *string
		var recorded time.Time
		err := row.Scan(&application, &answer, &former, &recorded)
		if !recorded.Before(before) {
			answer = former
		}
		if answer != nil {
			t.add(application, *answer)
		}
		return err
	})
	return t.groups(), err
}

// tally counts answers by their wording.
type tally struct {
	words    []string
	number   map[string]int32 // of each wording
	counts   []int
	answered map[gid.ID]int32 // application → wording
}

func (t *tally) add(application gid.ID, answer string) {
	if t.number == nil {
		t.number, t.answered = map[string]int32{}, map[gid.ID]int32{}
	}
	n, known := t.number[answer]
	if !known {
		n = int32(len(t.words))
		t.number[answer] = n
		t.words, t.counts = append(t.words, answer), append(t.counts, 0)
	}
	t.counts[n]++
	t.answered[application] = n
}

// groups puts wordings that differ in case only together, under the commonest.
// What fewer gave than make a group is Other: their own words may name people,
// and where they turn up would tell of them.
func (t *tally) groups() *answerGroups {
	alike := map[string][]int32{}
	for n, words := range t.words {
		key := strings.ToLower(words)
		alike[key] = append(alike[key], int32(n))
	}
	named := map[string][]int32{} // the wordings of each group
	for _, list := range alike {
		name, given := t.commonest(list)
		if given < funnel.DefaultMinimumGroup || strings.EqualFold(name, otherAnswers) {
			name = otherAnswers
		}
		named[name] = append(named[name], list...)
	}
	g := &answerGroups{names: slices.Sorted(maps.Keys(named)), of: t.answered}
	group := make([]int32, len(t.words))
	for i, name := range g.names {
		for _, n := range named[name] {
			group[n] = int32(i)
		}
	}
	for application, n := range g.of {
		g.of[application] = group[n]
	}
	return g
}

// commonest is the wording that most gave, and how many gave any of the list.
func (t *tally) commonest(list []int32) (words string, given int) {
	best := list[0]
	for _, n := range list {
		given += t.counts[n]
		if cmp.Or(t.counts[n]-t.counts[best], strings.Compare(t.words[best], t.words[n])) > 0 {
			best = n
		}
	}
	return t.words[best], given
}
