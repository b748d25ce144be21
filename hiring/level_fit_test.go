package hiring_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hireloop/ent/db"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/levelsignal"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/redflagobservation"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/scorecard"
	"hireloop/ent/db/signalrating"
	"hireloop/ent/schema"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
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
	h := &hearing{desk: d, opening: d.open(1), loop: d.id(gid.Loop)}
	ids := []gid.ID{}
	for _, key := range allowed {
		ids = append(ids, levels[key])
	}
	d.must(d.DB.Opening.UpdateOneID(h.opening.ID).SetTargetLevelID(levels[target]).SetRubricVersionID(version).
		ClearAllowedLevels().AddAllowedLevelIDs(ids...).Exec(d.system()))
	person, err := d.CreateCandidate(d.as("recruiter"), hiring.CreateCandidateInput{Name: "Ada"})
	d.must(err)
	h.application, err = d.CreateApplication(d.as("recruiter"), hiring.CreateApplicationInput{CandidateID: person, OpeningID: h.opening.ID})
	d.must(err)
	d.must(d.DB.Loop.Create().SetID(h.loop).SetApplicationID(h.application).SetRubricVersionID(version).
		SetTargetLevelID(levels[target]).SetStatus(loop.StatusACTIVE).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	return h
}

// member is the person of this name, who joins the company as an interviewer
// when there is none.
func (d *desk) member(name string) gid.ID {
	d.t.Helper()
	if id, known := d.members[name]; known {
		return id
	}
	id := d.id(gid.Member)
	d.must(d.DB.Member.Create().SetID(id).SetName(name).SetEmail(name + "@example.org").
		SetRoles([]string{string(access.Interviewer)}).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
	d.members[name] = id
	d.people[name] = access.WithViewer(context.Background(), &access.Viewer{Member: id, Roles: []access.Role{access.Interviewer}})
	return id
}

// report writes a card, of an interview of its own that asks for what it rates.
func (h *hearing) report(c said) gid.ID {
	h.t.Helper()
	ctx := h.system()
	if c.status == "" {
		c.status = scorecard.StatusSUBMITTED
	}
	by, session, id, revision := h.member(c.by), h.id(gid.Interview), h.id(gid.Scorecard), h.id(gid.ScorecardRevision)
	signals := slices.Sorted(maps.Keys(c.ratings))
	h.must(h.DB.Interview.Create().SetID(session).SetLoopID(h.loop).SetPosition(h.cards).SetKey("session").
		SetName(fmt.Sprintf("Session %d", h.cards+1)).SetFocusSignals(signals).SetMinutes(60).SetStatus(interview.StatusCOMPLETED).
		SetStartsAt(h.now.AddDate(0, 0, -2)).SetEndsAt(h.now.AddDate(0, 0, -2)).SetCreatedAt(h.now).SetUpdatedAt(h.now).Exec(ctx))
	h.must(h.DB.InterviewSeat.Create().SetID(h.id(gid.InterviewSeat)).SetInterviewID(session).SetPosition(0).
		SetRole("peer").SetMemberID(by).SetIsShadow(c.shadow).Exec(ctx))
	h.cards++
	create := h.DB.Scorecard.Create().SetID(id).SetInterviewID(session).SetInterviewerID(by).SetLoopID(h.loop).
		SetApplicationID(h.application).SetStatus(c.status).SetIsShadow(c.shadow).SetDueAt(h.now.AddDate(0, 0, -1)).
		SetRevision(1).SetCurrentRevisionID(revision).SetCreatedAt(h.now).SetUpdatedAt(h.now)
	record := h.DB.ScorecardRevision.Create().SetID(revision).SetScorecardID(id).SetNumber(1).SetAuthorID(by).SetRecordedAt(h.now)
	if c.advice != "" {
		create.SetRecommendation(scorecard.Recommendation(c.advice))
	}
	if c.status != scorecard.StatusDRAFT {
		create.SetSubmittedAt(h.now.AddDate(0, 0, -1)).SetIsOnTime(true)
	}
	h.must(create.Exec(ctx))
	h.must(record.Exec(ctx))
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
		create.SetConfirmedByID(h.member(f.confirmedBy)).SetConfirmedAt(h.now)
	}
	h.must(create.Exec(h.system()))
	return id
}

// setStatus puts a card into another state, as handing it in does.
func (h *hearing) setStatus(card gid.ID, status scorecard.Status) {
	h.t.Helper()
	h.must(h.DB.Scorecard.UpdateOneID(card).SetStatus(status).SetSubmittedAt(h.now).Exec(h.system()))
}

// threes has three interviewers say that the candidate meets every bar of a
// level, each of all its signals: a clean hire at em.
func (h *hearing) threes(rating int, advice rubric.Recommendation) {
	h.t.Helper()
	for _, name := range []string{"ana", "ben", "cho"} {
		h.report(said{by: name, ratings: h.all(rating), advice: advice})
	}
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

// kept is all that loops, debriefs and decisions keep, row by row.
func (d *desk) kept() string {
	d.t.Helper()
	var b strings.Builder
	b.WriteString(d.everything())
	for _, table := range []string{
		"loops", "interviews", "scorecards", "scorecard_revisions", "signal_ratings", "red_flag_observations",
		"debriefs", "debrief_resolutions", "decisions", "decision_makers",
	} {
		rows, err := d.Store.SQL().Query("SELECT * FROM " + table + " ORDER BY 1")
		d.must(err)
		columns, err := rows.Columns()
		d.must(err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			d.must(rows.Scan(into...))
			fmt.Fprintf(&b, "%s %s\n", table, values)
		}
		d.must(rows.Err())
		d.must(rows.Close())
	}
	return b.String()
}

// refuses runs what must be refused and leave no trace.
func (h *hearing) refuses(t *testing.T, all ...refusal) {
	t.Helper()
	for _, r := range all {
		t.Run(r.rule, func(t *testing.T) {
			defer func(outer testing.TB) { h.t = outer }(h.t)
			h.t = t
			before := h.kept()
			err := r.do()
			if got := refused(err); got != r.want {
				t.Errorf("got %q (%v), want %q", got, err, r.want)
			}
			if diff := cmp.Diff(before, h.kept()); diff != "" {
				t.Errorf("the database changed: %s", diff)
			}
		})
	}
}

// vectors are loops with the answers worked out elsewhere.
type vectors struct {
	Levels []struct {
		Key         string
		Rank        int
		Extends     *string
		CoverageMin float64
		Signals     map[string]struct {
			Weight, MinRaters int
			Bar               rubric.Bar
			MustHave          bool
		}
	}
	Vectors []struct {
		ID, Title, Target string
		Allowed           []string
		Resolved          []string
		Scorecards        []vectorCard
		Expected          struct {
			Outcome   rubric.Outcome
			Level     *string
			AlsoMeets []string
			Attention []rubric.Attention
			Levels    map[string]struct {
				Verdict                                                 rubric.Verdict
				Reasons                                                 []rubric.Reason
				Margin, OwnMargin, BestCaseMargin, Coverage, Confidence *float64
				WeakestLink                                             string
			}
		}
	}
}

type vectorCard struct {
	Interviewer string
	Shadow      bool
	Ratings     map[string]*int
	Overall     rubric.Recommendation
	Flags       []struct {
		Key, Signal string
		Severity    redflagobservation.Severity
		Confirmed   bool
	}
}

func readVectors(t *testing.T, name string) vectors {
	t.Helper()
	text, err := os.ReadFile("../rubric/testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Vectors) == 0 {
		t.Fatalf("%s holds no vectors", name)
	}
	return v
}

// install writes the ladder of the vectors with a published edition; the built-in
// one when they have none of their own.
func (v vectors) install(d *desk) (gid.ID, map[string]gid.ID) {
	ctx := d.system()
	if v.Levels == nil {
		version, err := d.DB.RubricVersion.Query().Where(rubricversion.StatusEQ(rubricversion.StatusPUBLISHED)).OnlyID(ctx)
		d.must(err)
		return version, d.levels
	}
	ladder, version, levels := d.id(gid.Ladder), d.id(gid.RubricVersion), map[string]gid.ID{}
	d.must(d.DB.Ladder.Create().SetID(ladder).SetKey("mini").SetName("Mini").SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	var settings []schema.RubricLevelSetting
	signals := map[string]gid.ID{}
	for _, l := range v.Levels {
		levels[l.Key] = d.id(gid.Level)
		create := d.DB.Level.Create().SetID(levels[l.Key]).SetLadderID(ladder).SetKey(l.Key).SetName(l.Key).SetRank(l.Rank).
			SetExternalEquivalents(nil).SetCreatedAt(d.now).SetUpdatedAt(d.now)
		if l.Extends != nil {
			create.SetExtendsID(levels[*l.Extends])
		}
		d.must(create.Exec(ctx))
		settings = append(settings, schema.RubricLevelSetting{LevelKey: l.Key, CoverageMinimum: int(math.Round(100 * l.CoverageMin))})
		for key := range l.Signals {
			signals[key] = d.id(gid.RubricSignal)
		}
	}
	d.must(d.DB.RubricVersion.Create().SetID(version).SetLadderID(ladder).SetSemver("1.0.0").SetStatus(rubricversion.StatusPUBLISHED).
		SetAreas(nil).SetLevelSettings(settings).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	keys := slices.Sorted(maps.Keys(signals))
	for i, key := range keys {
		d.must(d.DB.RubricSignal.Create().SetID(signals[key]).SetRubricVersionID(version).SetPosition(i).SetKey(key).SetArea("all").
			SetName(key).SetAssesses(key).SetAnchors(nil).SetRedFlags(v.flagsOf(key, i == 0, signals)).
			SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(ctx))
	}
	for _, l := range v.Levels {
		for key, s := range l.Signals {
			d.must(d.DB.LevelSignal.Create().SetID(d.id(gid.LevelSignal)).SetRubricSignalID(signals[key]).SetLevelID(levels[l.Key]).
				SetMode(levelsignal.ModeADD).SetWeight(s.Weight).SetBar(int(s.Bar)).SetMustHave(s.MustHave).SetMinimumRaters(s.MinRaters).Exec(ctx))
		}
	}
	return version, levels
}

// flagsOf are the red flags of a signal, for the first one also those of signals
// that the ladder does not have.
func (v vectors) flagsOf(signal string, first bool, signals map[string]gid.ID) []schema.RedFlag {
	flags := []schema.RedFlag{}
	for _, one := range v.Vectors {
		for _, c := range one.Scorecards {
			for _, f := range c.Flags {
				if _, known := signals[f.Signal]; f.Signal == signal || first && !known {
					flags = append(flags, schema.RedFlag{Key: f.Key, Severity: string(f.Severity), Text: "Said so."})
				}
			}
		}
	}
	return flags
}

// previewed is the card as a preview takes it.
func (c vectorCard) previewed() *hiring.PreviewScorecardInput {
	card := &hiring.PreviewScorecardInput{Interviewer: c.Interviewer, IsShadow: &c.Shadow}
	for _, signal := range slices.Sorted(maps.Keys(c.Ratings)) {
		card.Ratings = append(card.Ratings, &hiring.PreviewRatingInput{Signal: signal, Rating: c.Ratings[signal]})
	}
	if c.Overall != "" {
		card.Recommendation = to(scorecard.Recommendation(c.Overall))
	}
	for _, f := range c.Flags {
		card.RedFlags = append(card.RedFlags, &hiring.PreviewRedFlagInput{RedFlag: f.Key, IsConfirmed: &f.Confirmed})
	}
	return card
}

// said is the card as it is stored.
func (c vectorCard) said() said {
	s := said{by: c.Interviewer, ratings: map[string]int{}, advice: c.Overall, shadow: c.Shadow}
	for signal, rating := range c.Ratings {
		if s.ratings[signal] = 0; rating != nil {
			s.ratings[signal] = *rating
		}
	}
	for _, f := range c.Flags {
		flag := flagged{key: f.Key, signal: f.Signal, severity: f.Severity}
		if f.Confirmed {
			flag.confirmedBy = "manager"
		}
		s.flags = append(s.flags, flag)
	}
	return s
}

func TestLevelFitVectors(t *testing.T) {
	for _, name := range []string{"levelfit", "levelfit-full"} {
		t.Run(name, func(t *testing.T) {
			file := readVectors(t, name)
			eachDesk(t, func(t *testing.T, d *desk) {
				version, levels := file.install(d)
				for _, v := range file.Vectors {
					t.Run(v.ID, func(t *testing.T) {
						defer func(outer testing.TB) { d.t = outer }(d.t)
						d.t = t
						in := hiring.PreviewLevelFitInput{
							RubricVersionID: version, TargetLevelID: levels[v.Target], ResolvedSignals: v.Resolved,
						}
						h := d.hearBy(version, levels, v.Target, v.Allowed...)
						for _, key := range v.Allowed {
							in.AllowedLevelIDs = append(in.AllowedLevelIDs, levels[key])
						}
						for _, c := range v.Scorecards {
							in.Scorecards = append(in.Scorecards, c.previewed())
							h.report(c.said())
						}
						h.settle(v.Resolved)

						preview, err := d.PreviewLevelFit(d.as("interviewer"), in)
						d.must(err)
						stored := h.fit("recruiter")
						if preview.InputsHash == stored.InputsHash {
							t.Error("a preview and a loop have the same inputs")
						}
						same := cmp.Diff(preview.Fit, stored.Fit, cmpopts.IgnoreFields(rubric.Fit{}, "InputsHash"))
						if same != "" || preview.Explanation != stored.Explanation || preview.RubricVersion.ID != stored.RubricVersion.ID {
							t.Errorf("-preview +stored: %s", same)
						}

						level := ""
						if v.Expected.Level != nil {
							level = *v.Expected.Level
						}
						if got := keyOf(stored.Level); stored.Outcome != v.Expected.Outcome || got != level {
							t.Errorf("%s at %q, want %s at %q", stored.Outcome, got, v.Expected.Outcome, level)
						}
						if keyOf(stored.TargetLevel) != v.Target || !slices.Equal(keysOf(stored.AlsoMeets), v.Expected.AlsoMeets) {
							t.Errorf("aims at %s, also meets %v, want %v", keyOf(stored.TargetLevel), keysOf(stored.AlsoMeets), v.Expected.AlsoMeets)
						}
						if !slices.Equal(stored.Attention, v.Expected.Attention) {
							t.Errorf("attention %v, want %v", stored.Attention, v.Expected.Attention)
						}
						if len(stored.Levels) != len(v.Expected.Levels) {
							t.Errorf("%d levels, want %d", len(stored.Levels), len(v.Expected.Levels))
						}
						for _, got := range stored.Levels {
							want := v.Expected.Levels[got.Level.Key]
							if got.Verdict != want.Verdict || !slices.Equal(got.Reasons, want.Reasons) || *got.WeakestLink != want.WeakestLink {
								t.Errorf("%s is %s %v by %s, want %+v", got.Level.Key, got.Verdict, got.Reasons, *got.WeakestLink, want)
							}
							for _, f := range []struct {
								what      string
								got, want *float64
							}{
								{"margin", float(got.Margin), want.Margin}, {"own margin", float(got.OwnMargin), want.OwnMargin},
								{"best case", float(got.BestCaseMargin), want.BestCaseMargin},
								{"coverage", float(&got.Coverage), want.Coverage}, {"confidence", got.ConfidenceValue, want.Confidence},
							} {
								if (f.got == nil) != (f.want == nil) || f.got != nil && math.Abs(*f.got-*f.want) > 0.5000001e-6 {
									t.Errorf("%s: %s is %v, want %v", got.Level.Key, f.what, f.got, f.want)
								}
							}
						}
					})
				}
			})
		})
	}
}

// settle records that these signals were settled, in a debrief.
func (h *hearing) settle(signals []string) {
	h.t.Helper()
	if len(signals) == 0 {
		return
	}
	id := h.id(gid.Debrief)
	h.must(h.DB.Debrief.Create().SetID(id).SetLoopID(h.loop).SetApplicationID(h.application).SetOpenedAt(h.now).
		SetPacket(json.RawMessage(`{}`)).SetPacketHash("").SetCreatedAt(h.now).SetUpdatedAt(h.now).Exec(h.system()))
	for _, signal := range signals {
		h.must(h.DB.DebriefResolution.Create().SetID(h.id(gid.DebriefResolution)).SetDebriefID(id).SetSignal(signal).
			SetResolution("Agreed.").SetRecordedAt(h.now).Exec(h.system()))
	}
}

func float(r *rubric.Ratio) *float64 {
	if r == nil {
		return nil
	}
	return to(r.Float64())
}

func keyOf(l *db.Level) string {
	if l == nil {
		return ""
	}
	return l.Key
}

func keysOf(levels []*db.Level) []string {
	keys := []string{}
	for _, l := range levels {
		keys = append(keys, l.Key)
	}
	return keys
}

func TestLevelFitsAreForThoseWhoMaySeeTheEvidence(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		mine := h.report(said{by: "manager", status: scorecard.StatusDRAFT, ratings: h.all(0)})
		for who, sees := range map[string]bool{
			"recruiter": true, "admin": true, "ana": true, // theirs are in
			"manager":     false, // owes a card
			"interviewer": false, // does not see the application
			"analyst":     false,
			"nobody":      false,
		} {
			if got := h.fit(who) != nil; got != sees {
				t.Errorf("%s sees a level fit: %v", who, got)
			}
			of, err := d.CurrentLevelFits(d.as(who), []gid.ID{h.application})
			d.must(err)
			if got := of[h.application] != nil; got != sees {
				t.Errorf("%s sees the application's level fit: %v", who, got)
			}
		}
		h.setStatus(mine, scorecard.StatusSUBMITTED)
		if h.fit("manager") == nil {
			t.Error("it stays hidden from a manager whose card is in")
		}
		for policy, sees := range map[loop.RevealPolicy]bool{
			loop.RevealPolicyOWN_SUBMITTED: true, loop.RevealPolicyDEBRIEF_OPENED: false, loop.RevealPolicyALL_SUBMITTED: true,
		} {
			d.must(d.DB.Loop.UpdateOneID(h.loop).SetRevealPolicy(policy).Exec(d.system()))
			if got := h.fit("recruiter") != nil; got != sees {
				t.Errorf("under %s a recruiter sees a level fit: %v", policy, got)
			}
		}
	})
}

func TestCurrentLevelFitIsOfTheLatestLoopThatWasNotCancelled(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		current := func() *hiring.LevelFit {
			t.Helper()
			fits, err := d.CurrentLevelFits(d.as("recruiter"), []gid.ID{h.application})
			d.must(err)
			return fits[h.application]
		}
		if got := current(); got == nil || got.Interviewers != 3 {
			t.Fatalf("it is %+v", got)
		}
		later := *h
		first, err := d.DB.Loop.Get(d.system(), h.loop)
		d.must(err)
		later.loop, later.cards = d.id(gid.Loop), 0
		d.must(d.DB.Loop.Create().SetID(later.loop).SetApplicationID(h.application).SetRubricVersionID(*first.RubricVersionID).
			SetTargetLevelID(d.levels["em"]).SetStatus(loop.StatusACTIVE).SetCreatedAt(d.now.AddDate(0, 0, 1)).SetUpdatedAt(d.now).Exec(d.system()))
		later.report(said{by: "ana", ratings: h.all(2)})
		if got := current(); got.Interviewers != 1 {
			t.Errorf("it is of the first loop: %d interviewers", got.Interviewers)
		}
		d.must(d.DB.Loop.UpdateOneID(later.loop).SetStatus(loop.StatusCANCELLED).Exec(d.system()))
		if got := current(); got.Interviewers != 3 {
			t.Errorf("it is of a cancelled loop: %d interviewers", got.Interviewers)
		}
		d.must(d.DB.Loop.UpdateOneID(later.loop).SetStatus(loop.StatusACTIVE).ClearRubricVersionID().ClearTargetLevelID().Exec(d.system()))
		if got := current(); got != nil {
			t.Errorf("an imported loop has the level fit %+v", got)
		}
	})
}

func TestLevelFitReadsWhatCounts(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.threes(3, rubric.Yes)
		before := h.fit("recruiter")
		h.report(said{by: "dee", ratings: h.all(1), shadow: true})
		h.report(said{by: "eli", ratings: h.all(1), status: scorecard.StatusVOID})
		h.report(said{by: "fay", ratings: h.all(1), status: scorecard.StatusDRAFT})
		if diff := cmp.Diff(before.Fit, h.fit("recruiter").Fit); diff != "" {
			t.Errorf("cards that do not count changed it: %s", diff)
		}
		card := h.report(said{by: "gil", ratings: h.all(3)})
		hash := h.fit("recruiter").InputsHash
		if hash == before.InputsHash {
			t.Error("another card left the inputs' hash")
		}
		d.must(d.DB.Scorecard.UpdateOneID(card).AddRevision(1).SetStatus(scorecard.StatusAMENDED).Exec(d.system()))
		if h.fit("recruiter").InputsHash == hash {
			t.Error("another revision left the inputs' hash")
		}
	})
}

func TestLevelsThatTheEditionDoesNotKnowAreNoneToHireAt(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		d.must(d.DB.Opening.UpdateOneID(h.opening.ID).AddAllowedLevelIDs(d.levels["designer"]).Exec(d.system()))
		h.threes(3, rubric.Yes)
		if got := h.fit("recruiter"); keyOf(got.Level) != "em" {
			t.Errorf("it suggests %s at %q", got.Outcome, keyOf(got.Level))
		}
	})
}

func TestStoredLoopThatRubricRefusesIsAnInternalError(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		h := d.hear("em", "em")
		h.report(said{by: "ana", ratings: map[string]int{"no_such_signal": 3}})
		_, err := d.LevelFits(d.as("recruiter"), []gid.ID{h.loop})
		if err == nil || refused(err) != fmt.Sprint(err) || !strings.Contains(err.Error(), h.loop.String()) {
			t.Errorf("it is %v", err)
		}
	})
}

// statements is how many statements fn takes.
func (d *desk) statements(who string, fn func(context.Context) error) int {
	d.t.Helper()
	ctx, counted := store.CountStatements(d.as(who))
	d.must(fn(ctx))
	return counted.Count()
}

func TestLevelFitsTakeAsManyStatementsForOneLoopAsForMany(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		var loops, applications []gid.ID
		var debriefs []*db.Debrief
		for range 6 {
			h := d.hear("em", "em", "senior_em")
			h.dispute()
			loops, applications = append(loops, h.loop), append(applications, h.application)
			h.settle([]string{"coaching_growth"})
			d.must(d.DB.Debrief.Update().SetClosedAt(d.now).Exec(d.system()))
			debriefs = append(debriefs, h.debriefed())
		}
		for what, read := range map[string]func(ctx context.Context, n int) (int, error){
			"level fits": func(ctx context.Context, n int) (int, error) {
				got, err := d.LevelFits(ctx, loops[:n])
				return len(got), err
			},
			"level fits of applications": func(ctx context.Context, n int) (int, error) {
				got, err := d.CurrentLevelFits(ctx, applications[:n])
				return len(got), err
			},
			"frozen packets": func(ctx context.Context, n int) (int, error) {
				got, err := d.FrozenPackets(ctx, debriefs[:n])
				return len(got), err
			},
			"packets": func(ctx context.Context, n int) (int, error) {
				got, err := d.DebriefPackets(ctx, loops[:n])
				return len(got), err
			},
		} {
			take := func(n int) int {
				return d.statements("recruiter", func(ctx context.Context) error {
					got, err := read(ctx, n)
					if got != n {
						t.Errorf("%s: found %d of %d", what, got, n)
					}
					return err
				})
			}
			if one, six := take(1), take(6); one != six {
				t.Errorf("%s: %d statements for one, %d for six", what, one, six)
			} else {
				t.Logf("%s: %d statements", what, one)
			}
		}
	})
}

func TestPreviewLevelFitRefusals(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		version, err := d.DB.RubricVersion.Query().OnlyID(d.system())
		d.must(err)
		signal := "coaching_growth"
		var flag string
		for _, s := range d.builtin().Signals {
			if len(s.RedFlags) > 0 {
				flag = s.RedFlags[0].Key
			}
		}
		try := func(who string, change func(*hiring.PreviewLevelFitInput)) func() error {
			in := hiring.PreviewLevelFitInput{
				RubricVersionID: version, TargetLevelID: d.levels["em"],
				Scorecards: []*hiring.PreviewScorecardInput{
					{Interviewer: "ana", Ratings: []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(3)}, {Signal: "team_wellbeing"}}},
					{Interviewer: "ana", Ratings: []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(3)}, {Signal: "team_wellbeing"}}},
				},
			}
			change(&in)
			return func() error { _, err := d.PreviewLevelFit(d.as(who), in); return err }
		}
		type in = *hiring.PreviewLevelFitInput
		d.must(try("analyst", func(in) {})())
		draft := d.id(gid.RubricVersion)
		ladder, err := d.DB.Ladder.Query().Where().All(d.system())
		d.must(err)
		d.must(d.DB.RubricVersion.Create().SetID(draft).SetLadderID(ladder[0].ID).SetSemver("9.0.0").SetStatus(rubricversion.StatusDRAFT).
			SetAreas(nil).SetLevelSettings(nil).SetCreatedAt(d.now).SetUpdatedAt(d.now).Exec(d.system()))
		d.refuses(t,
			refusal{"nobody", "FORBIDDEN at ", try("nobody", func(in) {})},
			refusal{"an unknown edition", "NOT_FOUND at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = d.id(gid.RubricVersion) })},
			refusal{"another kind of thing", "NOT_FOUND at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = d.levels["em"] })},
			refusal{"a draft", "INVALID at rubricVersionId", try("admin", func(p in) { p.RubricVersionID = draft })},
			refusal{"levels that are none of the edition", "INVALID at targetLevelId, INVALID at allowedLevelIds.1, NOT_FOUND at allowedLevelIds.2", try("admin", func(p in) {
				p.TargetLevelID = d.levels["designer"]
				p.AllowedLevelIDs = []gid.ID{d.levels["em"], d.id(gid.Level), version}
			})},
			refusal{"no scorecards", "REQUIRED at scorecards", try("admin", func(p in) { p.Scorecards = nil })},
			refusal{"too many scorecards", "INVALID at scorecards", try("admin", func(p in) { p.Scorecards = slices.Repeat(p.Scorecards, 26) })},
			refusal{"too many ratings", "INVALID at scorecards.1.ratings", try("admin", func(p in) {
				p.Scorecards[1].Ratings = slices.Repeat(p.Scorecards[1].Ratings, 51)
			})},
			refusal{"everything else at once",
				"REQUIRED at scorecards.0.interviewer, INVALID at scorecards.0.recommendation, NOT_FOUND at scorecards.1.redFlags.0.redFlag, " +
					"INVALID at scorecards.1.redFlags.2.redFlag, INVALID at resolvedSignals.1, INVALID at scorecards.0.ratings.0.rating, " +
					"INVALID at scorecards.0.ratings.1.signal, INVALID at scorecards.1.ratings.1.signal",
				try("admin", func(p in) {
					p.ResolvedSignals = []string{signal, "hearsay"}
					p.Scorecards[0].Interviewer, p.Scorecards[0].Recommendation = " ", to(scorecard.Recommendation("MAYBE"))
					p.Scorecards[0].Ratings = []*hiring.PreviewRatingInput{{Signal: signal, Rating: to(5)}, {Signal: "hearsay", Rating: to(3)}}
					p.Scorecards[1].Ratings[1].Signal = signal
					p.Scorecards[1].RedFlags = []*hiring.PreviewRedFlagInput{{RedFlag: "hearsay"}, {RedFlag: flag}, {RedFlag: flag}}
				})},
		)
	})
}

// builtin is the edition that every company begins with.
func (d *desk) builtin() rubric.Edition {
	content, err := rubric.Builtin()
	d.must(err)
	return content.Edition
}

func TestPreviewsOfTheSameRatingsHaveTheSameHash(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		version, err := d.DB.RubricVersion.Query().OnlyID(d.system())
		d.must(err)
		card := func(by string, rating int) *hiring.PreviewScorecardInput {
			return &hiring.PreviewScorecardInput{Interviewer: by, Ratings: []*hiring.PreviewRatingInput{{Signal: "coaching_growth", Rating: &rating}}}
		}
		hash := func(cards ...*hiring.PreviewScorecardInput) string {
			t.Helper()
			fit, err := d.PreviewLevelFit(d.as("interviewer"), hiring.PreviewLevelFitInput{
				RubricVersionID: version, TargetLevelID: d.levels["em"], Scorecards: cards,
			})
			d.must(err)
			return fit.InputsHash
		}
		first := hash(card("ana", 3), card("ben", 2))
		if hash(card("ben", 2), card("ana", 3)) != first {
			t.Error("the order of cards matters")
		}
		if hash(card("ana", 3), card("ben", 3)) == first {
			t.Error("ratings do not matter")
		}
	})
}

// BenchmarkLevelFits reads the level fits of a board of 50 applications.
func BenchmarkLevelFits(b *testing.B) {
	for _, engine := range testdb.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			d := newDesk(b, engine.Open(b, stocked, store.Options{}))
			var loops []gid.ID
			for range 50 {
				h := d.hear("em", "em", "senior_em")
				h.threes(3, rubric.Yes)
				loops = append(loops, h.loop)
			}
			b.ReportAllocs()
			for b.Loop() {
				fits, err := d.LevelFits(d.as("recruiter"), loops)
				if err != nil || len(fits) != len(loops) {
					b.Fatal(len(fits), err)
				}
			}
		})
	}
}
