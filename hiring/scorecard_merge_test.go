package hiring

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/internal/fault"
	"hireloop/rubric"
)

// small is an edition of three signals, in this order.
var small = rubric.Edition{ScaleMax: 4, Signals: []rubric.Signal{
	{Key: "coaching", RedFlags: []rubric.RedFlag{{Key: "takes_credit", Severity: rubric.Caution}}},
	{Key: "delivery", RedFlags: []rubric.RedFlag{{Key: "hides_slippage", Severity: rubric.Blocking}}},
	{Key: "candour"},
}}

// tell says a scorecard in a line: "coaching=3 delivery=NO_TIME candour=? takes_credit! YES (sum)".
func tell(c content) string {
	var words []string
	for _, r := range c.ratings {
		switch {
		case r.Rating != nil:
			words = append(words, fmt.Sprintf("%s=%d", r.Signal, *r.Rating))
		case r.NotAssessed != "":
			words = append(words, r.Signal+"="+r.NotAssessed)
		default:
			words = append(words, r.Signal+"=?")
		}
	}
	for _, o := range c.redFlags {
		words = append(words, o.RedFlag+"!")
	}
	if c.recommendation != "" {
		words = append(words, string(c.recommendation))
	}
	if c.summary != "" {
		words = append(words, "("+c.summary+")")
	}
	return strings.Join(words, " ")
}

func told(problems fault.List) string {
	var words []string
	for _, p := range problems {
		words = append(words, fmt.Sprintf("%s at %s", p.Code, strings.Join(p.Path, ".")))
	}
	return strings.Join(words, ", ")
}

func rated(signal string, n int) *SignalRatingInput {
	return &SignalRatingInput{Signal: signal, Rating: &n, Evidence: new(strings.Repeat("e", 80))}
}

func unassessed(signal string) *SignalRatingInput {
	return &SignalRatingInput{Signal: signal, NotAssessed: new(signalrating.NotAssessedNO_TIME)}
}

func flag(key string) *RedFlagInput {
	return &RedFlagInput{RedFlag: key, Evidence: strings.Repeat("f", leastFlagEvidence)}
}

func before() content {
	return content{
		ratings: []rubric.Rating{
			{Signal: "coaching", Rating: new(3), Evidence: strings.Repeat("e", 40)},
			{Signal: "delivery", NotAssessed: "NO_TIME"},
		},
		redFlags: []rubric.Observation{{
			RedFlag: "takes_credit", Signal: "coaching", Severity: rubric.Caution, Evidence: strings.Repeat("f", leastFlagEvidence),
		}},
		recommendation: rubric.Yes, summary: "so far",
	}
}

func TestMergingAChangeIntoAScorecard(t *testing.T) {
	const asBefore = "coaching=3 delivery=NO_TIME takes_credit! YES (so far)"
	for _, c := range []struct {
		rule     string
		in       ScorecardChange
		want     string
		problems string
	}{
		{"nothing changes nothing", ScorecardChange{}, asBefore, ""},
		{"a rating replaces that of its signal, the rest stays",
			ScorecardChange{Ratings: []*SignalRatingInput{rated("delivery", 2)}}, "coaching=3 delivery=2 takes_credit! YES (so far)", ""},
		{"ratings stand in the edition's order",
			ScorecardChange{Ratings: []*SignalRatingInput{rated("candour", 1), rated("coaching", 2)}},
			"coaching=2 delivery=NO_TIME candour=1 takes_credit! YES (so far)", ""},
		{"evidence alone is kept, and is no answer",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "candour", Evidence: new("Said so.")}}},
			"coaching=3 delivery=NO_TIME candour=? takes_credit! YES (so far)", ""},
		{"saying nothing of a signal takes it out",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery", Evidence: new(" ")}}}, "coaching=3 takes_credit! YES (so far)", ""},
		{"a signal is answered once",
			ScorecardChange{Ratings: []*SignalRatingInput{rated("candour", 1), rated("candour", 2)}},
			"coaching=3 delivery=NO_TIME candour=1 takes_credit! YES (so far)", "INVALID at ratings.1.signal"},
		{"by a rating or a reason, not both",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery", Rating: new(2), NotAssessed: new(signalrating.NotAssessedNO_TIME)}}},
			"coaching=3 delivery=2 takes_credit! YES (so far)", "INVALID at ratings.0"},
		{"of the rubric", ScorecardChange{Ratings: []*SignalRatingInput{unassessed("charm")}}, asBefore, "INVALID at ratings.0.signal"},
		{"on its scale", ScorecardChange{Ratings: []*SignalRatingInput{rated("coaching", 0), rated("delivery", 5)}},
			"coaching=0 delivery=5 takes_credit! YES (so far)", "INVALID at ratings.0.rating, INVALID at ratings.1.rating"},
		{"with reasons that there are",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery", NotAssessed: new(signalrating.NotAssessed("BORED"))}}},
			"coaching=3 delivery=BORED takes_credit! YES (so far)", "INVALID at ratings.0.notAssessed"},
		{"and evidence of a kind that there is",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery", Rating: new(2), EvidenceKind: new(signalrating.EvidenceKind("RUMOUR"))}}},
			"coaching=3 delivery=2 takes_credit! YES (so far)", "INVALID at ratings.0.evidenceKind"},
		{"that people can read",
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery", Rating: new(2), Evidence: new("\x00")}}},
			"coaching=3 delivery=2 takes_credit! YES (so far)", "INVALID at ratings.0.evidence"},
		{"of a hundred ratings at most",
			ScorecardChange{Ratings: slices.Repeat([]*SignalRatingInput{rated("coaching", 1)}, maxAnswers+1)}, asBefore, "INVALID at ratings"},
		{"red flags are given all together",
			ScorecardChange{RedFlags: To([]*RedFlagInput{flag("hides_slippage")})}, "coaching=3 delivery=NO_TIME hides_slippage! YES (so far)", ""},
		{"also none", ScorecardChange{RedFlags: To[[]*RedFlagInput](nil)}, "coaching=3 delivery=NO_TIME YES (so far)", ""},
		{"red flags are the rubric's", ScorecardChange{RedFlags: To([]*RedFlagInput{flag("late"), flag("takes_credit")})},
			asBefore, "NOT_FOUND at redFlags.0.redFlag"},
		{"and reported once", ScorecardChange{RedFlags: To([]*RedFlagInput{flag("takes_credit"), flag("takes_credit")})},
			asBefore, "INVALID at redFlags.1.redFlag"},
		{"a hundred at most", ScorecardChange{RedFlags: To(slices.Repeat([]*RedFlagInput{flag("takes_credit")}, maxAnswers+1))},
			"coaching=3 delivery=NO_TIME YES (so far)", "INVALID at redFlags"},
		{"null takes the advice back", ScorecardChange{Recommendation: To[*scorecard.Recommendation](nil)},
			"coaching=3 delivery=NO_TIME takes_credit! (so far)", ""},
		{"another replaces it", ScorecardChange{Recommendation: To(new(scorecard.RecommendationSTRONG_NO))},
			"coaching=3 delivery=NO_TIME takes_credit! STRONG_NO (so far)", ""},
		{"if it is one", ScorecardChange{Recommendation: To(new(scorecard.Recommendation("MAYBE")))},
			"coaching=3 delivery=NO_TIME takes_credit! MAYBE (so far)", "INVALID at recommendation"},
		{"null empties the summary", ScorecardChange{Summary: To[*string](nil)}, "coaching=3 delivery=NO_TIME takes_credit! YES", ""},
		{"text replaces it", ScorecardChange{Summary: To(new(" in sum "))}, "coaching=3 delivery=NO_TIME takes_credit! YES (in sum)", ""},
		{"up to its length", ScorecardChange{Summary: To(new(strings.Repeat("s", maxProse+1)))},
			"coaching=3 delivery=NO_TIME takes_credit! YES", "INVALID at summary"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var problems fault.List
			got := c.in.merge(&problems, small, before())
			if tell(got.content) != c.want || told(problems) != c.problems {
				t.Errorf("got %q (%v), want %q (%s)", tell(got.content), problems, c.want, c.problems)
			}
			if got := tell(before()); got != asBefore {
				t.Errorf("what was there became %q", got)
			}
		})
	}
}

// A refusal leads to the place in the change that is to be corrected; where the
// change says nothing of it, it names what the draft says.
func TestWhatIsMissingBeforeAScorecardIsHandedIn(t *testing.T) {
	focus := []string{"coaching", "delivery"}
	short := func(signal string) *SignalRatingInput {
		return &SignalRatingInput{Signal: signal, Rating: new(3), Evidence: new("Short.")}
	}
	for _, c := range []struct {
		rule string
		was  func(*content)
		in   ScorecardChange
		want string
	}{
		{"nothing", nil, ScorecardChange{}, ""},
		{"an answer of the focus", func(c *content) { c.ratings = c.ratings[:1] }, ScorecardChange{}, "REQUIRED at ratings.delivery"},
		{"an answer that the change takes out", nil,
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "delivery"}}}, "REQUIRED at ratings.delivery"},
		{"an answer that the change gives", func(c *content) { c.ratings = c.ratings[:1] },
			ScorecardChange{Ratings: []*SignalRatingInput{unassessed("delivery")}}, ""},
		{"evidence in the change", nil, ScorecardChange{Ratings: []*SignalRatingInput{rated("candour", 4), short("coaching")}},
			"EVIDENCE_REQUIRED at ratings.1.evidence"},
		{"evidence in the draft", func(c *content) { c.ratings[0].Evidence = "Short." },
			ScorecardChange{Ratings: []*SignalRatingInput{rated("candour", 4)}}, "EVIDENCE_REQUIRED at ratings.coaching"},
		{"a rating beside evidence, in the draft", func(c *content) { c.ratings[0].Rating = nil }, ScorecardChange{}, "REQUIRED at ratings.coaching"},
		{"evidence of a red flag in the change", nil,
			ScorecardChange{RedFlags: To([]*RedFlagInput{{RedFlag: "takes_credit", Evidence: "Short."}})}, "EVIDENCE_REQUIRED at redFlags.0.evidence"},
		{"any evidence of a red flag", nil,
			ScorecardChange{RedFlags: To([]*RedFlagInput{flag("hides_slippage"), {RedFlag: "takes_credit", Evidence: " "}})},
			"REQUIRED at redFlags.1.evidence"},
		{"evidence of a red flag after an unknown one", nil,
			ScorecardChange{RedFlags: To([]*RedFlagInput{flag("late"), {RedFlag: "takes_credit", Evidence: "Short."}})},
			"NOT_FOUND at redFlags.0.redFlag, EVIDENCE_REQUIRED at redFlags.1.evidence"},
		{"evidence of a red flag in the draft", func(c *content) { c.redFlags[0].Evidence = "Short." }, ScorecardChange{},
			"EVIDENCE_REQUIRED at redFlags.takes_credit"},
		{"what is wrong is told once", nil,
			ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "coaching", Rating: new(9), NotAssessed: new(signalrating.NotAssessedNO_TIME)}, rated("delivery", 7)}},
			"INVALID at ratings.0, INVALID at ratings.0.rating, INVALID at ratings.1.rating"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			was := before()
			if c.was != nil {
				c.was(&was)
			}
			var problems fault.List
			c.in.merge(&problems, small, was).complete(&problems, small, focus)
			if told(problems) != c.want {
				t.Errorf("got %v, want %q", problems, c.want)
			}
		})
	}
}

func TestAdviceComesAfterTheRatings(t *testing.T) {
	for _, c := range []struct {
		rule  string
		in    ScorecardChange
		focus []string
		want  string
	}{
		{"every focus signal is answered", ScorecardChange{}, []string{"coaching", "delivery"}, ""},
		{"one is not", ScorecardChange{}, []string{"coaching", "candour"}, "INVALID at recommendation"},
		{"one is no more", ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "coaching"}}}, []string{"coaching"}, "INVALID at recommendation"},
		{"evidence is no answer", ScorecardChange{Ratings: []*SignalRatingInput{{Signal: "candour", Evidence: new("Said so.")}}}, []string{"candour"},
			"INVALID at recommendation"},
		{"no advice may come at any time", ScorecardChange{Recommendation: To[*scorecard.Recommendation](nil)}, []string{"candour"}, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var problems fault.List
			c.in.merge(&problems, small, before()).inOrder(&problems, c.focus)
			if told(problems) != c.want {
				t.Errorf("got %v, want %q", problems, c.want)
			}
		})
	}
}

// Whatever is given in whatever order: every signal is there at most once, in
// the edition's order; merging the same again changes nothing, and a scorecard
// that is given whole does not depend on what was there.
func TestMergingIsOrderly(t *testing.T) {
	rating := rapid.Custom(func(t *rapid.T) *SignalRatingInput {
		in := &SignalRatingInput{Signal: rapid.SampledFrom([]string{"coaching", "delivery", "candour"}).Draw(t, "signal")}
		if rapid.Bool().Draw(t, "rated") {
			in.Rating = new(rapid.IntRange(1, 4).Draw(t, "rating"))
		} else if rapid.Bool().Draw(t, "said why not") {
			in.NotAssessed = new(signalrating.NotAssessedNOT_ASKED)
		}
		if rapid.Bool().Draw(t, "with evidence") {
			in.Evidence = new(rapid.SampledFrom([]string{"Saw it.", "Heard it."}).Draw(t, "evidence"))
		}
		return in
	})
	ratings := rapid.SliceOfDistinct(rating, func(in *SignalRatingInput) string { return in.Signal })
	rapid.Check(t, func(t *rapid.T) {
		var problems fault.List
		was := ScorecardChange{Ratings: ratings.Draw(t, "before")}.merge(&problems, small, content{}).content
		in := ScorecardChange{Ratings: ratings.Draw(t, "change")}
		once := in.merge(&problems, small, was)
		twice := in.merge(&problems, small, once.content)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if !once.equal(twice.content) || !twice.equal(once.content) {
			t.Errorf("merged once it is %q, twice %q", tell(once.content), tell(twice.content))
		}
		order := func(r rubric.Rating) int {
			return slices.IndexFunc(small.Signals, func(s rubric.Signal) bool { return s.Key == r.Signal })
		}
		for i := 1; i < len(once.ratings); i++ {
			if order(once.ratings[i-1]) >= order(once.ratings[i]) {
				t.Errorf("out of order: %q", tell(once.content))
			}
		}
		if len(in.Ratings) == len(small.Signals) {
			if anew := in.merge(&problems, small, content{}); !anew.equal(once.content) {
				t.Errorf("given whole it is %q, but %q where nothing was", tell(once.content), tell(anew.content))
			}
		}
	})
}
