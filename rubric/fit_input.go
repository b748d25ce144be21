package rubric

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"hireloop/internal/fault"
)

// check refuses inputs that do not belong together.
func (in *FitInput) check() error {
	var c checker
	c.level(in.Edition, "target", in.Target)
	for i, key := range in.Allowed {
		c.level(in.Edition, fmt.Sprintf("allowed.%d", i), key)
	}
	for i, key := range in.Resolved {
		if !in.Edition.has(key) {
			c.refuse(fmt.Sprintf("resolved.%d", i), "there is no signal %q", key)
		}
	}
	for person, points := range in.Leniency {
		if math.IsNaN(points) || math.IsInf(points, 0) {
			c.refuse("leniency."+person, "must be a number of rating points")
		}
	}
	c.cards(in.Edition, in.Cards)
	return c.problems.Err()
}

// level refuses levels that the edition has no demands for.
func (c *checker) level(edition Edition, path, key string) {
	if !slices.ContainsFunc(edition.Levels, func(s LevelSetting) bool { return s.Level == key }) {
		c.refuse(path, "the edition has no level %q", key)
	}
}

// cards refuses cards that cannot be of one loop with the edition.
func (c *checker) cards(edition Edition, cards []Scorecard) {
	ids := make(map[string]bool, len(cards))
	signals := make(map[string]int, len(edition.Signals)) // and the last card that rated them
	for _, s := range edition.Signals {
		signals[s.Key] = -1
	}
	for i, card := range cards {
		if card.ID == "" {
			c.problems.Add(fault.Required(fmt.Sprintf("cards.%d.id", i)))
		} else if ids[card.ID] {
			c.refuse(fmt.Sprintf("cards.%d.id", i), "the card %s is given twice", card.ID)
		}
		if card.Interviewer == "" {
			c.problems.Add(fault.Required(fmt.Sprintf("cards.%d.interviewer", i)))
		}
		ids[card.ID] = true
		for j, rating := range card.Ratings {
			last, known := signals[rating.Signal]
			switch {
			case !known:
				c.refuse(fmt.Sprintf("cards.%d.ratings.%d.signal", i, j), "there is no signal %q", rating.Signal)
				continue
			case last == i:
				c.refuse(fmt.Sprintf("cards.%d.ratings.%d.signal", i, j), "%q is answered twice", rating.Signal)
			case rating.Rating != nil && (*rating.Rating < 1 || *rating.Rating > edition.ScaleMax):
				c.refuse(fmt.Sprintf("cards.%d.ratings.%d.rating", i, j), "must be between 1 and %d", edition.ScaleMax)
			}
			signals[rating.Signal] = i
		}
	}
}

// tooManyRaters is for loops beyond all measure: see mostUnits.
func tooManyRaters() error {
	return fault.Invalidf("cards", "the signals have too many different numbers of raters to be averaged exactly")
}

// identity is what a fit depends on, each part by what identifies it: the
// ratings of a card never change within a revision. Fields stand in the order
// of their names, as canonical JSON wants them.
type identity struct {
	Allowed  []string           `json:"allowed"`
	Cards    []cardIdentity     `json:"cards"`
	Leniency map[string]float64 `json:"leniency"`
	Policy   string             `json:"policyVersion"`
	Resolved []string           `json:"resolved"`
	Rubric   string             `json:"rubricVersion"`
	Target   string             `json:"target"`
}

type cardIdentity struct {
	Confirmed []string `json:"confirmedRedFlags"` // a confirmation is no revision of the card
	ID        string   `json:"id"`
	Revision  int      `json:"revision"`
}

// hash identifies the inputs whatever their order: it is the Hash of their
// identity, which needs no detour through maps.
func (in *FitInput) hash() (string, error) {
	id := identity{
		Allowed:  sorted(in.Allowed),
		Cards:    make([]cardIdentity, 0, len(in.Cards)),
		Leniency: in.Leniency,
		Policy:   in.Policy.Version,
		Resolved: sorted(in.Resolved),
		Rubric:   in.Edition.Semver,
		Target:   in.Target,
	}
	for _, card := range in.Cards {
		if !card.Counts() {
			continue
		}
		of := cardIdentity{Confirmed: []string{}, ID: card.ID, Revision: card.Revision}
		for _, flag := range card.RedFlags {
			if flag.confirmed(card.Interviewer) {
				of.Confirmed = append(of.Confirmed, flag.RedFlag)
			}
		}
		slices.Sort(of.Confirmed)
		id.Cards = append(id.Cards, of)
	}
	slices.SortFunc(id.Cards, func(a, b cardIdentity) int { return cmp.Compare(a.ID, b.ID) })
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(id); err != nil {
		return "", fmt.Errorf("hash of a level fit's inputs: %w", err)
	}
	sum := sha256.Sum256(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

// sorted is a sorted copy without repetitions, never nil.
func sorted(keys []string) []string {
	all := append(make([]string, 0, len(keys)), keys...)
	slices.Sort(all)
	return slices.Compact(all)
}
