package hiring

import (
	"cmp"
	"slices"
	"strconv"

	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/internal/fault"
	"hireloop/rubric"
)

const (
	// maxAnswers is how many ratings, and how many red flags, one change gives at most.
	maxAnswers = 100
	// leastFlagEvidence is how many characters of evidence a handed-in red flag needs.
	leastFlagEvidence = 40
)

// content is what a scorecard says.
type content struct {
	ratings        []rubric.Rating // in the edition's order, one a signal
	redFlags       []rubric.Observation
	recommendation rubric.Recommendation
	summary        string
}

// mergedCard is what a scorecard says once a change was merged into it, and where
// the change says so.
type mergedCard struct {
	content
	ratingAt  map[string]int // index into the change's ratings, by signal
	redFlagAt map[string]int // index into its red flags, by key
}

// merge applies the change to what a scorecard says so far. It reports what no
// scorecard may say, draft or not; what is wrong is left out of the answer.
func (in ScorecardChange) merge(problems *fault.List, e rubric.Edition, was content) mergedCard {
	m := mergedCard{content: was, ratingAt: map[string]int{}, redFlagAt: map[string]int{}}
	m.ratings = in.mergeRatings(problems, e, &m, was.ratings)
	if in.RedFlags.Set {
		m.redFlags = in.readRedFlags(problems, e, &m)
	}
	if in.Recommendation.Set {
		known(problems, "recommendation", in.Recommendation.To, scorecard.RecommendationValidator)
		m.recommendation = rubric.NoDecision
		if in.Recommendation.To != nil {
			m.recommendation = rubric.Recommendation(*in.Recommendation.To)
		}
	}
	if in.Summary.Set {
		m.summary = ""
		if in.Summary.To != nil {
			m.summary = prose(problems, "summary", *in.Summary.To, maxProse)
		}
	}
	return m
}

// inOrder refuses overall advice before every focus signal is answered: it is
// asked last, so that it follows from the ratings and not they from it.
func (m mergedCard) inOrder(problems *fault.List, focus []string) {
	if m.recommendation != rubric.NoDecision && len(m.unanswered(focus)) > 0 {
		problems.Add(fault.Invalidf("recommendation", "comes after the ratings").
			WithHint("leave it null until every focus signal is answered"))
	}
}

// mergeRatings gives the ratings so far, those of the same signals replaced by
// the change's. One that says nothing at all takes its signal out.
func (in ScorecardChange) mergeRatings(problems *fault.List, e rubric.Edition, m *mergedCard, was []rubric.Rating) []rubric.Rating {
	place := make(map[string]int, len(e.Signals))
	for i, s := range e.Signals {
		place[s.Key] = i
	}
	say := make(map[string]rubric.Rating, len(was))
	for _, r := range was {
		say[r.Signal] = r
	}
	if !atMost(problems, "ratings", len(in.Ratings), maxAnswers) {
		return was
	}
	for i, given := range in.Ratings {
		r := given.read(problems, at("ratings", i), e.ScaleMax)
		_, there := place[r.Signal]
		_, before := m.ratingAt[r.Signal]
		switch {
		case !there:
			problems.Add(fault.Invalidf(at("ratings", i, "signal"), "there is no signal %q", r.Signal))
			continue
		case before:
			problems.Add(fault.Invalidf(at("ratings", i, "signal"), "%q is answered twice", r.Signal))
			continue
		}
		m.ratingAt[r.Signal] = i
		if !answers(r) && r.Evidence == "" {
			delete(say, r.Signal)
			continue
		}
		say[r.Signal] = r
	}
	list := make([]rubric.Rating, 0, len(say))
	for _, r := range say {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b rubric.Rating) int {
		return cmp.Or(cmp.Compare(place[a.Signal], place[b.Signal]), cmp.Compare(a.Signal, b.Signal))
	})
	return list
}

func (in *SignalRatingInput) read(problems *fault.List, path string, scaleMax int) rubric.Rating {
	r := rubric.Rating{Signal: in.Signal, Rating: in.Rating}
	if in.Rating != nil && in.NotAssessed != nil {
		problems.Add(fault.Invalidf(path, "has a rating and a reason why there is none"))
	}
	if in.Rating != nil {
		within(problems, path+".rating", *in.Rating, 1, scaleMax)
	}
	known(problems, path+".notAssessed", in.NotAssessed, signalrating.NotAssessedValidator)
	if in.NotAssessed != nil {
		r.NotAssessed = string(*in.NotAssessed)
	}
	known(problems, path+".evidenceKind", in.EvidenceKind, signalrating.EvidenceKindValidator)
	if in.EvidenceKind != nil {
		r.EvidenceKind = string(*in.EvidenceKind)
	}
	if in.Evidence != nil {
		r.Evidence = prose(problems, path+".evidence", *in.Evidence, maxProse)
	}
	return r
}

// readRedFlags gives all red flags of the change, with what the edition says of them.
func (in ScorecardChange) readRedFlags(problems *fault.List, e rubric.Edition, m *mergedCard) []rubric.Observation {
	if !atMost(problems, "redFlags", len(in.RedFlags.To), maxAnswers) {
		return nil
	}
	var list []rubric.Observation
	for i, given := range in.RedFlags.To {
		evidence := prose(problems, at("redFlags", i, "evidence"), given.Evidence, maxProse)
		o, there := observation(e, given.RedFlag)
		_, before := m.redFlagAt[given.RedFlag]
		switch {
		case !there:
			problems.Add(fault.Missing(at("redFlags", i, "redFlag"), "red flag"))
			continue
		case before:
			problems.Add(fault.Invalidf(at("redFlags", i, "redFlag"), "%q is reported twice", given.RedFlag))
			continue
		}
		m.redFlagAt[given.RedFlag] = i
		o.Evidence = evidence
		list = append(list, o)
	}
	return list
}

// observation is an observation of the red flag of this key.
func observation(e rubric.Edition, key string) (rubric.Observation, bool) {
	for _, s := range e.Signals {
		for _, f := range s.RedFlags {
			if f.Key == key {
				return rubric.Observation{RedFlag: key, Signal: s.Key, Severity: f.Severity}, true
			}
		}
	}
	return rubric.Observation{}, false
}

// complete reports what is missing before a merged scorecard may be handed in,
// beside what was found wrong with it before.
func (m mergedCard) complete(problems *fault.List, e rubric.Edition, focus []string) {
	err := rubric.CheckScorecard(e, focus, rubric.Scorecard{
		Ratings: m.ratings, Recommendation: m.recommendation, RedFlags: m.redFlags,
	})
	found := fault.List(fault.All(err))
	for i, o := range m.redFlags {
		if n := rubric.Characters(o.Evidence); 0 < n && n < leastFlagEvidence {
			found.Add(fault.New(fault.Invalid, rubric.CodeEvidenceRequired, at("redFlags", i, "evidence"),
				"a red flag needs at least %d characters of evidence, there are %d", leastFlagEvidence, n))
		}
	}
	alsoAt(problems, found, m.located)
}

// located is the place in the change of the nth rating or red flag, or names the
// signal or the red flag when the change says nothing of it.
func (m mergedCard) located(path []string) []string {
	if len(path) < 2 {
		return path
	}
	n, err := strconv.Atoi(path[1])
	if err != nil {
		return path
	}
	var key string
	var index int
	var given bool
	switch path[0] {
	case "ratings":
		key = m.ratings[n].Signal
		index, given = m.ratingAt[key]
	case "redFlags":
		key = m.redFlags[n].RedFlag
		index, given = m.redFlagAt[key]
	}
	if !given {
		return []string{path[0], key}
	}
	return slices.Replace(slices.Clone(path), 1, 2, strconv.Itoa(index))
}

// answers reports whether a rating answers for its signal; evidence alone does not.
func answers(r rubric.Rating) bool { return r.Rating != nil || r.NotAssessed != "" }

// unanswered are the signals of the focus that have neither a rating nor a reason.
func (c content) unanswered(focus []string) []string {
	return slices.DeleteFunc(slices.Clone(focus), func(signal string) bool {
		return slices.ContainsFunc(c.ratings, func(r rubric.Rating) bool { return r.Signal == signal && answers(r) })
	})
}

// equal reports whether two scorecards say the same, whoever confirmed their red
// flags and in whatever order those stand.
func (c content) equal(d content) bool {
	return c.recommendation == d.recommendation && c.summary == d.summary &&
		slices.EqualFunc(c.ratings, d.ratings, func(a, b rubric.Rating) bool {
			return a.Signal == b.Signal && same(a.Rating, b.Rating) && a.NotAssessed == b.NotAssessed &&
				a.Evidence == b.Evidence && a.EvidenceKind == b.EvidenceKind
		}) &&
		len(c.redFlags) == len(d.redFlags) &&
		!slices.ContainsFunc(c.redFlags, func(o rubric.Observation) bool { return !reports(d.redFlags, o.RedFlag, o.Evidence) })
}

// reports tells whether this red flag is among those seen, with this evidence.
func reports(seen []rubric.Observation, key, evidence string) bool {
	return slices.ContainsFunc(seen, func(o rubric.Observation) bool { return o.RedFlag == key && o.Evidence == evidence })
}
