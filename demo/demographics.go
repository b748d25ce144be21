package demo

import (
	"encoding/binary"
	"time"

	"hireloop/internal/gid"
)

// demographics make what people say of themselves, from streams of chances of
// their own: with or without them the rest of the world is the same. What
// somebody says has to do with nothing that happens to them.
type demographics struct {
	seed uint64
	ids  *gid.Generator
}

func newDemographics(seed uint64, now time.Time) *demographics {
	seed ^= 0x73656c66 // any, but not the world's
	return &demographics{seed, gid.NewGenerator(func() time.Time { return now }, randomBytes(seed))}
}

const (
	answersAtAll = .72 // of applications
	declinesOne  = .05 // of the questions that somebody answers at all
	asksFor      = 15 * time.Minute
)

// question is one attribute, and what people say of it.
type question struct {
	attribute string
	answers   []string
	shares    []float64
}

// questions are those that careers sites ask.
var questions = []question{
	{"GENDER", []string{"Man", "Woman", "Non-binary", "Genderfluid", "man", "I describe it otherwise"}, []float64{63, 31, 3, .8, 2, .2}},
	{"RACE_ETHNICITY", []string{
		"White", "Asian", "Hispanic or Latino", "Black or African American", "Two or more races",
		"Native American or Alaska Native", "Native Hawaiian or Pacific Islander",
	}, []float64{46, 27, 11, 9, 5, 1.2, .8}},
	{"VETERAN_STATUS", []string{"Not a veteran", "Protected veteran", "Veteran"}, []float64{93, 4, 3}},
	{"DISABILITY_STATUS", []string{"No disability", "Disability, or a history of one"}, []float64{91, 9}},
	{"AGE_BAND", []string{"Under 25", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over"}, []float64{1, 24, 45, 23, 6, 1}},
}

// of is the stream of what has this id.
func (d *demographics) of(id gid.ID) random {
	return newRandom(d.seed^binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:]))
}

// writeDemographics writes what somebody said when they applied. Who applies
// again and answers says the same again.
func (w *writer) writeDemographics(application, candidate gid.ID, created time.Time) {
	d := w.said
	choice, person := d.of(application), d.of(candidate)
	if !choice.chance(answersAtAll) {
		return
	}
	at := earlier(choice.within(created, created.Add(asksFor)), w.now)
	for _, q := range questions {
		answer := any(q.answers[person.weighted(q.shares...)])
		if choice.chance(declinesOne) {
			answer = nil
		}
		w.add(&w.demographicAnswers, d.ids.At(gid.DemographicAnswer, at), application, q.attribute, answer, at)
	}
}
