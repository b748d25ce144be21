package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// evidence is what interviewers write down, by signal and rating.
type evidence struct {
	seen    map[string][5]string // by rating
	endings [5][]string
	words   words
}

func readEvidence(w words) (evidence, error) {
	e := evidence{seen: map[string][5]string{}, words: w}
	all, err := lines("evidence.txt")
	if err != nil {
		return e, err
	}
	signal, ending := "", 0
	for _, line := range all {
		first, rest, several := strings.Cut(line, " ")
		rating, err := strconv.Atoi(first)
		switch {
		case !several:
			signal, ending = line, 0
		case first == "endings":
			if ending, err = strconv.Atoi(rest); err != nil {
				return e, fmt.Errorf("evidence.txt: %q: %w", line, err)
			}
		case ending > 0:
			e.endings[ending] = append(e.endings[ending], line)
		case err != nil:
			return e, fmt.Errorf("evidence.txt: %q: %w", line, err)
		default:
			texts := e.seen[signal]
			texts[rating] = rest
			e.seen[signal] = texts
		}
	}
	return e, nil
}

// of is a text for a rating of 1 to 4.
func (e evidence) of(r random, signal string, rating int) string {
	return strings.NewReplacer(
		"{project}", pick(r, e.words["projects"]),
		"{person}", pick(r, e.words["people"]),
		"{weeks}", strconv.Itoa(3+r.IntN(20)),
	).Replace(e.seen[signal][rating]) + " " + pick(r, e.endings[rating])
}

// missing names the signals without a text for each rating.
func (e evidence) missing(signals []string) (list []string) {
	for _, s := range signals {
		if texts := e.seen[s]; slices.Contains(texts[1:], "") {
			list = append(list, s)
		}
	}
	return list
}
