package calibration

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"hireloop/internal/fault"
)

// vote is what one interviewer says of one unit: the mean of their ratings, if
// they saw the candidate twice.
type vote struct {
	rater int32 // rank of the interviewer
	value float64
}

// unit is one signal of one candidate under one rubric, as two or more
// interviewers rated it.
type unit struct {
	application int32 // rank
	first, end  int32 // into votes
}

// panel is all that interviewers can be compared by, in the order of ids.
type panel struct {
	raters     int // ranks that there are, with votes or without
	votes      []vote
	units      []unit
	categories []float64  // different values, ascending
	whole      [256]int16 // places of the whole numbers in them
	majors     []int32    // of the units, ascending
	cards      []spread   // by position in Input.Cards: how a card's ratings vary
}

func (p *panel) of(u unit) []vote { return p.votes[u.first:u.end] }

// answer is a rating that counts, as it is sorted.
type answer struct {
	key          uint64 // kind, then rank of the rater
	card, rating int32  // positions
	value        uint8
}

func (a answer) kind() int32  { return int32(a.key >> 32) }
func (a answer) rater() int32 { return int32(a.key & math.MaxUint32) }

// kinds numbers what ratings are compared in: signals by rank, and within a
// signal the major versions, unless they mix.
type kinds struct {
	signals   []int32       // rank of each
	majors    []int32       // all of the cards that count, ascending
	major     map[int32]int // place in majors
	perSignal int           // kinds
}

func (k *kinds) n() int { return len(k.signals) * k.perSignal }

func (k *kinds) of(signal, major int32) int32 {
	place := 0
	if k.perSignal > 1 {
		place = k.major[major]
	}
	return k.signals[signal]*int32(k.perSignal) + int32(place)
}

// mostKinds keeps what is counted for each kind in memory.
const mostKinds = 1 << 24

func newKinds(in *Input, counted []bool, mixMajors bool) (*kinds, error) {
	signals, _, err := ranking("signals", len(in.Signals), func(i int) string { return in.Signals[i] })
	if err != nil {
		return nil, err
	}
	k := &kinds{signals: signals, major: map[int32]int{}, perSignal: 1}
	for i := range in.Cards {
		if counted[i] {
			k.major[in.Cards[i].Major] = 0
		}
	}
	k.majors = sortedKeys(k.major)
	for place, m := range k.majors {
		k.major[m] = place
	}
	if !mixMajors {
		k.perSignal = max(1, len(k.majors))
	}
	if k.n() > mostKinds {
		return nil, fault.List{fault.Invalidf("signals", "are %d, in %d major versions: at most %d can be told apart", len(signals), k.perSignal, mostKinds)}
	}
	return k, nil
}

// gather sorts the ratings that count into units.
func gather(in *Input, o Options, applications, raters []int32) (*panel, error) {
	counted := make([]bool, len(in.Cards))
	for i := range in.Cards {
		counted[i] = o.counts(&in.Cards[i])
	}
	kinds, err := newKinds(in, counted, o.MixMajors)
	if err != nil {
		return nil, err
	}
	answers, ends := sortAnswers(in, counted, applications, raters, kinds)
	p := &panel{raters: len(raters), cards: spreads(answers, kinds.n(), len(in.Cards)), votes: make([]vote, 0, len(answers))}
	var used valuesUsed
	majors := map[int32]bool{}
	start := int32(0)
	for application, end := range ends {
		for start < end {
			first, next := len(p.votes), start
			for kind := answers[start].kind(); next < end && answers[next].kind() == kind; {
				key, sum, n := answers[next].key, 0, 0
				for ; next < end && answers[next].key == key; next++ {
					a := &answers[next]
					if n > 0 && a.card == answers[next-1].card {
						return nil, fault.List{fault.Invalidf(fmt.Sprintf("ratings.%d", a.rating),
							"is the card's second rating of this signal, after ratings.%d", answers[next-1].rating)}
					}
					sum, n = sum+int(a.value), n+1
				}
				p.votes = append(p.votes, vote{answers[next-1].rater(), float64(sum) / float64(n)})
			}
			if len(p.votes)-first < 2 {
				p.votes = p.votes[:first]
			} else {
				p.units = append(p.units, unit{int32(application), int32(first), int32(len(p.votes))})
				used.add(p.votes[first:])
				for i := start; i < next; i++ {
					if m := in.Cards[answers[i].card].Major; len(majors) < len(kinds.majors) {
						majors[m] = true
					}
				}
			}
			start = next
		}
	}
	p.categories, p.majors = used.sorted(), sortedKeys(majors)
	for place, value := range p.categories {
		if i := uint8(value); float64(i) == value {
			p.whole[i] = int16(place)
		}
	}
	return p, nil
}

// valuesUsed are the different values that votes have: whole numbers, nearly
// always.
type valuesUsed struct {
	whole  [256]bool
	others map[float64]bool
}

func (u *valuesUsed) add(votes []vote) {
	for _, v := range votes {
		if i := uint8(v.value); float64(i) == v.value {
			u.whole[i] = true
			continue
		}
		if u.others == nil {
			u.others = map[float64]bool{}
		}
		u.others[v.value] = true
	}
}

func (u *valuesUsed) sorted() []float64 {
	values := sortedKeys(u.others)
	for i, used := range u.whole {
		if used {
			values = append(values, float64(i))
		}
	}
	slices.Sort(values)
	return values
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// sortAnswers puts the ratings of cards that count in order: of each application,
// of each kind, of each rater. An application's answers end where ends says for
// its rank.
func sortAnswers(in *Input, counted []bool, applications, raters []int32, k *kinds) (answers []answer, ends []int32) {
	ends = make([]int32, len(applications)+1)
	for i := range in.Ratings {
		if card := in.Ratings[i].Card; counted[card] {
			ends[applications[in.Cards[card].Application]+1]++
		}
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	answers = make([]answer, ends[len(applications)])
	for i := range in.Ratings {
		r := &in.Ratings[i]
		if !counted[r.Card] {
			continue
		}
		card := &in.Cards[r.Card]
		at := &ends[applications[card.Application]]
		answers[*at] = answer{uint64(k.of(r.Signal, card.Major))<<32 | uint64(raters[card.Interviewer]), r.Card, int32(i), r.Value}
		*at++
	}
	ends = ends[:len(applications)]
	start := int32(0)
	for _, end := range ends {
		slices.SortFunc(answers[start:end], func(a, b answer) int {
			switch {
			case a.key < b.key:
				return -1
			case a.key > b.key:
				return 1
			case a.card != b.card:
				return int(a.card - b.card)
			}
			return int(a.rating - b.rating)
		})
		start = end
	}
	return answers, ends
}
