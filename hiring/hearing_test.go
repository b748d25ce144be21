package hiring_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hireloop/ent/db"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// hearing is an application with a loop under way, of an opening that the
// manager leads. What interviewers report is written as rows, so that these
// tests hold whatever the use cases of loops and scorecards ask for.
type hearing struct {
	*desk
	opening     *db.Opening
	application gid.ID
	loop        gid.ID
	cards       int
}

// said is what a card reports; a rating of 0 is none.
type said struct {
	by      string
	ratings map[string]int
	advice  rubric.Recommendation
	flags   []flagged
	status  scorecard.Status // SUBMITTED when empty
	shadow  bool
}

type flagged struct {
	key, signal string
	severity    redflagobservation.Severity
	confirmedBy string
}

// hear begins a loop by the built-in rubric, for an opening that may be filled at
// the target level and at those allowed beside it.
func (d *desk) hear(target string, allowed ...string) *hearing {
	d.t.Helper()
	version, err := d.DB.RubricVersion.Query().Where(rubricversion.StatusEQ(rubricversion.StatusPUBLISHED)).OnlyID(d.system())
	d.must(err)
	return d.hearBy(version, d.levels, target, allowed...)
}

func (d *desk) hearBy(version gid.ID, levels map[string]gid.ID, target string, allowed ...string) *hearing {
	d.t.Helper()
	h := &hearing{desk: d, opening: d.open(1)}
	ids := []gid.ID{}
	for _, key := range allowed {
		ids = append(ids, levels[key])
	}
	d.must(d.DB.Opening.UpdateOneID(h.opening.ID).SetTargetLevelID(levels[target]).SetRubricVersionID(version).
		ClearAllowedLevels().AddAllowedLevelIDs(ids...).Exec(d.system()))
	h.application = d.applicant(h.opening.ID).ID
	h.loop = d.storedLoop(h.application, func(c *db.LoopCreate) { c.SetRubricVersionID(version).SetTargetLevelID(levels[target]) }).ID
	return h
}

// report writes a card, of an interview of its own that asks for what it rates.
func (h *hearing) report(c said) gid.ID {
	h.t.Helper()
	ctx := h.system()
	if c.status == "" {
		c.status = scorecard.StatusSUBMITTED
	}
	by, revision := h.join(c.by, access.Interviewer), h.id(gid.ScorecardRevision)
	signals := slices.Sorted(maps.Keys(c.ratings))
	session := h.storedInterview(h.loop, func(i *db.InterviewCreate) {
		i.SetPosition(h.cards).SetName(fmt.Sprintf("Session %d", h.cards+1)).SetFocusSignals(signals).
			SetStartsAt(h.now.AddDate(0, 0, -2)).SetEndsAt(h.now.AddDate(0, 0, -2))
	})
	h.must(h.DB.InterviewSeat.Create().SetID(h.id(gid.InterviewSeat)).SetInterviewID(session).SetPosition(0).
		SetRole("peer").SetMemberID(by).SetIsShadow(c.shadow).Exec(ctx))
	h.cards++
	id := h.storedCard(session, c.by, func(card *db.ScorecardCreate) {
		card.SetStatus(c.status).SetIsShadow(c.shadow).SetDueAt(h.now.AddDate(0, 0, -1)).SetRevision(1).SetCurrentRevisionID(revision)
		if c.advice != "" {
			card.SetRecommendation(scorecard.Recommendation(c.advice))
		}
		if c.status != scorecard.StatusDRAFT {
			card.SetSubmittedAt(h.now.AddDate(0, 0, -1)).SetIsOnTime(true)
		}
	})
	h.must(h.DB.ScorecardRevision.Create().SetID(revision).SetScorecardID(id).SetNumber(1).SetAuthorID(by).SetRecordedAt(h.now).Exec(ctx))
	for i, signal := range signals {
		rating := h.DB.SignalRating.Create().SetID(h.id(gid.SignalRating)).SetRevisionID(revision).SetPosition(i).SetSignal(signal)
		if n := c.ratings[signal]; n > 0 {
			rating.SetRating(n).SetEvidence(strings.Repeat("Told how it went. ", 5))
		} else {
			rating.SetNotAssessed(signalrating.NotAssessedNO_TIME)
		}
		h.must(rating.Exec(ctx))
	}
	for _, f := range c.flags {
		h.flag(id, f)
	}
	return id
}

func (h *hearing) flag(card gid.ID, f flagged) gid.ID {
	h.t.Helper()
	id := h.id(gid.RedFlagObservation)
	create := h.DB.RedFlagObservation.Create().SetID(id).SetScorecardID(card).SetSignal(f.signal).SetRedFlag(f.key).
		SetSeverity(f.severity).SetEvidence("Said so.").SetObservedAt(h.now).SetSinceRevision(1)
	if f.confirmedBy != "" {
		create.SetConfirmedByID(h.join(f.confirmedBy, access.Interviewer)).SetConfirmedAt(h.now)
	}
	h.must(create.Exec(h.system()))
	return id
}

// setStatus puts a card into another state, as handing it in does.
func (h *hearing) setStatus(card gid.ID, status scorecard.Status) {
	h.t.Helper()
	h.must(h.DB.Scorecard.UpdateOneID(card).SetStatus(status).SetSubmittedAt(h.now).Exec(h.system()))
}

// settle records that these signals were settled, in a debrief.
func (h *hearing) settle(signals []string) {
	h.t.Helper()
	if len(signals) == 0 {
		return
	}
	id := h.storedDebrief(h.loop)
	for _, signal := range signals {
		h.must(h.DB.DebriefResolution.Create().SetID(h.id(gid.DebriefResolution)).SetDebriefID(id).SetSignal(signal).
			SetResolution("Agreed.").SetRecordedAt(h.now).Exec(h.system()))
	}
}

// threes has three interviewers say that the candidate meets every bar of a
// level, each of all its signals: a clean hire at em.
func (h *hearing) threes(rating int, advice rubric.Recommendation) {
	h.t.Helper()
	for _, name := range []string{"ana", "ben", "cho"} {
		h.report(said{by: name, ratings: h.all(rating), advice: advice})
	}
}

// dispute has four interviewers be at odds about coaching, which is a must-have.
func (h *hearing) dispute() {
	h.t.Helper()
	for name, rating := range map[string]int{"ana": 1, "ben": 4, "cho": 1, "dee": 4} {
		h.report(said{by: name, ratings: with(h.all(3), map[string]int{"coaching_growth": rating}), advice: rubric.Yes})
	}
}

// builtin is the edition that every company begins with.
func (d *desk) builtin() rubric.Edition {
	content, err := rubric.Builtin()
	d.must(err)
	return content.Edition
}

// all is the same rating of every signal of the built-in rubric.
func (d *desk) all(rating int) map[string]int {
	content, err := rubric.Builtin()
	d.must(err)
	ratings := map[string]int{}
	for _, s := range content.Edition.Signals {
		ratings[s.Key] = rating
	}
	return ratings
}

// with is ratings with some of them changed.
func with(ratings map[string]int, changed map[string]int) map[string]int {
	ratings = maps.Clone(ratings)
	maps.Copy(ratings, changed)
	return ratings
}

func (h *hearing) fit(who string) *hiring.LevelFit {
	h.t.Helper()
	fits, err := h.LevelFits(h.as(who), []gid.ID{h.loop})
	h.must(err)
	return fits[h.loop]
}
