package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/interviewplansession"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/pipelinetemplate"
	"hireloop/ent/db/pipelinetemplatestage"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/rubricsignal"
	"hireloop/ent/db/rubricversion"
	"hireloop/ent/db/source"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/rubric"
)

// ladderKey is the ladder that the world hires on.
const ladderKey = "engineering_management"

// content is what is built in, and what texts are made from.
type content struct {
	levels   map[string]gid.ID // by key
	rubric   gid.ID
	builtin  rubric.Content // what the rubric says
	hash     string         // of its edition
	signals  []string       // keys in the rubric's order
	redFlags map[string][]redFlag
	plans    map[string]interviewPlan    // by the key of its level
	pipeline []*db.PipelineTemplateStage // its stages, in order
	sources  map[string][]gid.ID         // by kind
	reasons  map[cause]gid.ID
	words    words
	evidence evidence
}

// redFlag is one that the rubric knows.
type redFlag struct{ Key, Severity string }

// interviewPlan is the loop that a level calls for.
type interviewPlan struct {
	id       gid.ID
	sessions []plannedSession
}

// plannedSession is an interview of a plan.
type plannedSession struct {
	key, name string
	minutes   int
	roles     []string // who should sit in it
	signals   []string // that it asks for
}

func (p plannedSession) length() time.Duration { return time.Duration(p.minutes) * time.Minute }

func (p plannedSession) asksFor(signal string) bool { return slices.Contains(p.signals, signal) }

// readContent reads the built-in content and refuses a database that lacks it
// or that somebody has begun to work with.
func readContent(ctx context.Context, d *store.DB) (*content, error) {
	c := &content{}
	var err error
	if c.words, err = readWords(); err != nil {
		return nil, err
	}
	if c.evidence, err = readEvidence(c.words); err != nil {
		return nil, err
	}
	client := db.NewClient(db.Driver(d.Driver()))
	ctx = access.System(ctx)
	for _, read := range []func(context.Context, *db.Client) error{
		c.refuseUsed, c.readRubric, c.readPlans, c.readPipeline, c.readReasons,
	} {
		if err := read(ctx, client); err != nil {
			return nil, err
		}
	}
	if missing := c.evidence.missing(c.signals); len(missing) > 0 {
		return nil, fmt.Errorf("demo: evidence.txt has no texts for %s", strings.Join(missing, ", "))
	}
	return c, nil
}

func (c *content) refuseUsed(ctx context.Context, client *db.Client) error {
	openings, err := client.Opening.Query().Exist(ctx)
	if err != nil {
		return err
	}
	members, err := client.Member.Query().Exist(ctx)
	if err != nil {
		return err
	}
	if openings || members {
		return fault.Conflictf("", "the database is in use: demo data goes into an empty one").
			WithHint("name another database")
	}
	return nil
}

// lacking says which built-in content is not there.
func lacking(what string) error {
	return fault.Conflictf("", "the database lacks built-in content: %s", what).WithHint("install it first")
}

func (c *content) readRubric(ctx context.Context, client *db.Client) error {
	levels, err := client.Level.Query().Where(level.HasLadderWith(ladder.Key(ladderKey))).All(ctx)
	if err != nil {
		return err
	}
	c.levels = map[string]gid.ID{}
	for _, l := range levels {
		c.levels[l.Key] = l.ID
	}
	for _, key := range []string{em, seniorEM} {
		if c.levels[key].IsNil() {
			return lacking("the level " + key)
		}
	}
	version, err := client.RubricVersion.Query().Where(
		rubricversion.HasLadderWith(ladder.Key(ladderKey)),
		rubricversion.StatusEQ(rubricversion.StatusPUBLISHED),
	).Order(rubricversion.ByPublishedAt(), rubricversion.ByID()).First(ctx)
	if db.IsNotFound(err) {
		return lacking("a published rubric")
	}
	if err != nil {
		return err
	}
	c.rubric = version.ID
	if err := c.readEdition(version); err != nil {
		return err
	}
	signals, err := client.RubricSignal.Query().Where(rubricsignal.RubricVersionID(version.ID)).
		Order(rubricsignal.ByPosition()).All(ctx)
	if err != nil {
		return err
	}
	c.redFlags = map[string][]redFlag{}
	for _, s := range signals {
		c.signals = append(c.signals, s.Key)
		for _, f := range s.RedFlags {
			c.redFlags[s.Key] = append(c.redFlags[s.Key], redFlag{f.Key, f.Severity})
		}
	}
	return nil
}

// readEdition reads what the rubric says from where the built-in one comes from.
func (c *content) readEdition(version *db.RubricVersion) (err error) {
	if c.builtin, err = rubric.Builtin(); err != nil {
		return err
	}
	if c.hash, err = rubric.Hash(c.builtin.Edition); err != nil {
		return err
	}
	if version.ContentHash == nil || *version.ContentHash != c.hash {
		return lacking("the rubric that this program comes with, published first")
	}
	return nil
}

func (c *content) readPlans(ctx context.Context, client *db.Client) error {
	c.plans = map[string]interviewPlan{}
	for _, key := range []string{em, seniorEM} {
		plan, err := client.InterviewPlan.Query().Where(interviewplan.LevelID(c.levels[key])).
			Order(interviewplan.ByKey()).First(ctx)
		if db.IsNotFound(err) {
			return lacking("an interview plan for the level " + key)
		}
		if err != nil {
			return err
		}
		sessions, err := client.InterviewPlanSession.Query().Where(interviewplansession.PlanID(plan.ID)).
			Order(interviewplansession.ByPosition()).All(ctx)
		if err != nil {
			return err
		}
		p := interviewPlan{id: plan.ID}
		for _, s := range sessions {
			p.sessions = append(p.sessions, plannedSession{s.Key, s.Name, s.Minutes, s.Seats, s.FocusSignals})
		}
		c.plans[key] = p
	}
	return nil
}

// readPipeline reads the default template, whose stages the story is about.
func (c *content) readPipeline(ctx context.Context, client *db.Client) error {
	var err error
	c.pipeline, err = client.PipelineTemplateStage.Query().
		Where(pipelinetemplatestage.HasTemplateWith(pipelinetemplate.IsDefault(true))).
		Order(pipelinetemplatestage.ByPosition()).All(ctx)
	if err != nil {
		return err
	}
	var kinds []string
	for _, s := range c.pipeline {
		kinds = append(kinds, string(s.Kind))
	}
	const want = "APPLIED, SCREEN, SCREEN, INTERVIEW, OFFER, HIRED"
	if got := strings.Join(kinds, ", "); got != want {
		return lacking("a default pipeline with stages of the kinds " + want)
	}
	return nil
}

func (c *content) readReasons(ctx context.Context, client *db.Client) error {
	sources, err := client.Source.Query().Order(source.ByName()).All(ctx)
	if err != nil {
		return err
	}
	c.sources = map[string][]gid.ID{}
	for _, s := range sources {
		c.sources[string(s.Kind)] = append(c.sources[string(s.Kind)], s.ID)
	}
	for _, o := range origins() {
		if kind := o.habits().kind; len(c.sources[kind]) == 0 {
			return lacking("a source of the kind " + kind)
		}
	}
	reasons, err := client.RejectionReason.Query().Order(rejectionreason.ByName()).All(ctx)
	if err != nil {
		return err
	}
	c.reasons = map[cause]gid.ID{}
	for why, name := range reasonNames() {
		at := slices.IndexFunc(reasons, func(r *db.RejectionReason) bool { return r.Name == name })
		if at < 0 {
			return lacking(fmt.Sprintf("the rejection reason %q", name))
		}
		c.reasons[why] = reasons[at].ID
	}
	return nil
}

// reasonNames are the built-in rejection reasons for each cause.
func reasonNames() map[cause]string {
	return map[cause]string{
		lacksSkills:     "Skills",
		otherLevel:      "Level",
		lacksExperience: "Experience does not match",
		otherCause:      "Another reason of ours",
		seatsGone:       "Opening closed",
		tookOther:       "Accepted another offer",
		wantsMore:       "Compensation",
		tooFar:          "Location",
		lostInterest:    "Not interested",
		noAnswer:        "Process took too long",
		rescinded:       "Another reason of ours",
	}
}
