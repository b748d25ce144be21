package hiring

import (
	"context"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/decision"
	"hireloop/ent/db/interview"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/interviewplansession"
	"hireloop/ent/db/interviewseat"
	"hireloop/ent/db/loop"
	"hireloop/ent/db/scorecard"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CreateLoopInput plans the interviews of an application.
type CreateLoopInput struct {
	ApplicationID gid.ID
	PlanID        *gid.ID // nil for the one of the target level
	TargetLevelID *gid.ID // nil for the opening's
	RevealPolicy  *loop.RevealPolicy
	Interviews    []*LoopInterviewInput // nil for the plan's
}

// LoopInterviewInput is one interview to plan.
type LoopInterviewInput struct {
	Key          string
	Name         string
	Minutes      int
	FocusSignals []string // keys
	Seats        []*InterviewSeatInput
	StartsAt     *time.Time // nil while it has no time
}

// InterviewSeatInput is a place in an interview to plan.
type InterviewSeatInput struct {
	Role     string
	MemberID *gid.ID // nil while nobody is assigned
	IsShadow *bool   // nil for false
}

// UpdateLoopInput changes a loop; nil keeps.
type UpdateLoopInput struct {
	LoopID          gid.ID
	ExpectedVersion int
	RevealPolicy    *loop.RevealPolicy
	Interviews      []*LoopInterviewInput // while a DRAFT only
}

// StartLoopInput names a loop to start.
type StartLoopInput struct {
	LoopID          gid.ID
	ExpectedVersion int
	ForceReason     *string // why without coverage of the target level
}

// CancelLoopInput names a loop to cancel.
type CancelLoopInput struct {
	LoopID          gid.ID
	ExpectedVersion int
	Reason          string
}

// CreateLoop plans the interviews by which an application is assessed, against
// the edition of the rubric that its opening has pinned. One loop of an
// application is under way at a time.
func (s *Service) CreateLoop(ctx context.Context, in CreateLoopInput) (gid.ID, error) {
	return s.create(ctx, "createLoop", func(ctx context.Context, w *write) (gid.ID, error) {
		a, err := w.holdAssessed(ctx, in.ApplicationID)
		if err != nil {
			return gid.Nil, err
		}
		o := a.Edges.Opening
		e, err := w.edition(ctx, *o.RubricVersionID)
		if err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		id := w.id(gid.Loop)
		create := w.Loop.Create().SetID(id).SetApplicationID(a.ID).SetRubricVersionID(e.version.ID).
			SetStatus(loop.StatusDRAFT).SetNillableRevealPolicy(in.RevealPolicy).SetCreatedAt(w.now).SetUpdatedAt(w.now)
		known(&problems, "revealPolicy", in.RevealPolicy, loop.RevealPolicyValidator)
		target, err := w.readTarget(ctx, &problems, in.TargetLevelID, o, e)
		if err != nil {
			return gid.Nil, err
		}
		var interviews []*db.Interview
		switch {
		case in.Interviews != nil && in.PlanID != nil:
			problems.Add(fault.Invalidf("planId", "is given beside a list of interviews").
				WithHint("give the one or the other; updateLoop changes what came from a plan"))
		case in.Interviews != nil:
			interviews = w.readInterviews(&problems, "interviews", in.Interviews, e, a)
		default:
			plan, err := w.readPlan(ctx, &problems, in.PlanID, target, e)
			if err != nil {
				return gid.Nil, err
			}
			if plan != nil {
				create.SetPlanID(plan.ID)
				interviews = w.planned(plan)
			}
		}
		if err := w.checkPlaces(ctx, &problems, a, placesOf(interviews, listed)); err != nil {
			return gid.Nil, err
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		if err := create.SetTargetLevelID(target.ID).Exec(ctx); err != nil {
			return gid.Nil, err
		}
		if err := w.writeInterviews(ctx, id, interviews); err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "loop.created", Subject: id, Opening: o.ID, Application: a.ID})
		return id, w.record(ctx, id, map[string]any{
			"applicationId": a.ID, "rubricVersionId": e.version.ID, "targetLevelId": target.ID, "interviews": len(interviews),
		})
	})
}

// holdAssessed holds the application that the input calls applicationId, and its
// opening, to begin a loop: the application goes on, its opening has a rubric,
// and no other loop is under way.
func (w *write) holdAssessed(ctx context.Context, id gid.ID) (*db.Application, error) {
	var problems fault.List
	if !of(&problems, "applicationId", id, gid.Application) {
		return nil, problems
	}
	seen, err := w.Application.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, missing("applicationId", gid.Application)
	}
	if err != nil {
		return nil, err
	}
	if err := w.mayRun(ctx, seen.ID); err != nil {
		return nil, err
	}
	a, err := w.holdApplication(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := pursued(a, "applicationId", "plan interviews"); err != nil {
		return nil, err
	}
	if a.Edges.Opening.RubricVersionID == nil {
		return nil, fault.New(fault.Invalid, fault.CodeInvalidTransition, "applicationId", "the opening has no rubric to assess by").
			WithHint("a target level brings the rubric of its ladder")
	}
	return a, w.onlyLoop(ctx, "applicationId", a.ID)
}

// onlyLoop refuses a second loop under way for an application that is held.
func (w *write) onlyLoop(ctx context.Context, path string, applicationID gid.ID) error {
	other, err := w.Loop.Query().
		Where(loop.ApplicationID(applicationID), loop.StatusIn(loop.StatusDRAFT, loop.StatusACTIVE)).
		Order(loop.ByID()).First(access.System(ctx))
	switch {
	case db.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	// As the viewer: a hint must not tell those who are blind that there is a decision.
	decided, err := w.Decision.Query().Where(decision.LoopID(other.ID), decision.KindIn(final...)).Exist(ctx)
	if err != nil {
		return err
	}
	hint := "go on with it, or cancelLoop first"
	if decided {
		hint = "it was decided on: cancelInterview calls off what is ahead of it, then it is over"
	}
	return fault.Conflictf(path, "the application has a loop that is %s already: %s", other.Status, other.ID).WithHint("%s", hint)
}

// readTarget checks the level that a loop aims at, the opening's when none is
// named; nil when it is wrong.
func (w *write) readTarget(ctx context.Context, problems *fault.List, named *gid.ID, o *db.Opening, e *edition) (*db.Level, error) {
	const path = "targetLevelId"
	target := named
	if target == nil {
		target = o.TargetLevelID
	}
	if target == nil {
		problems.Add(fault.Required(path).WithHint("the opening has no target level"))
		return nil, nil
	}
	aim, err := w.readAllowedLevel(ctx, problems, path, *target, o.ID)
	if aim != nil && !e.demands(aim) {
		problems.Add(fault.New(fault.Invalid, CodeLevelNotAllowed, path, "the opening's edition of the rubric asks nothing of the level %s", aim.Name))
		return nil, nil
	}
	return aim, err
}

// readPlan checks the plan that a loop begins from: the one of the target level
// when none is named. It is nil when it is wrong, or when target, without which
// there is no default, is.
func (w *write) readPlan(ctx context.Context, problems *fault.List, named *gid.ID, target *db.Level, e *edition) (*db.InterviewPlan, error) {
	const path = "planId"
	query := w.InterviewPlan.Query().WithLevel().WithSessions(func(q *db.InterviewPlanSessionQuery) { q.Order(interviewplansession.ByPosition()) })
	switch {
	case named != nil && !of(problems, path, *named, gid.InterviewPlan), named == nil && target == nil:
		return nil, nil
	case named != nil:
		query.Where(interviewplan.ID(*named))
	default:
		query.Where(interviewplan.LevelID(target.ID))
	}
	plans, err := query.Order(interviewplan.ByKey()).Limit(2).All(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(plans) == 0 && named != nil:
		problems.Add(missing(path, gid.InterviewPlan))
		return nil, nil
	case len(plans) == 0:
		problems.Add(fault.Required(path).WithHint("the level has no plan: name one of another level, or list the interviews"))
		return nil, nil
	case len(plans) > 1:
		problems.Add(fault.Required(path).WithHint("the level has several plans"))
		return nil, nil
	}
	plan := plans[0]
	if plan.Edges.Level.LadderID != e.version.LadderID {
		problems.Add(fault.Invalidf(path, "is for a level of another ladder"))
		return nil, nil
	}
	for _, session := range plan.Edges.Sessions {
		for _, key := range session.FocusSignals {
			if !e.has(key) {
				problems.Add(fault.Invalidf(path, "asks for the signal %s, which the opening's edition of the rubric does not have", key))
			}
		}
	}
	return plan, nil
}

// planned are the interviews of a plan, without times and people.
func (w *write) planned(plan *db.InterviewPlan) []*db.Interview {
	interviews := make([]*db.Interview, len(plan.Edges.Sessions))
	for n, session := range plan.Edges.Sessions {
		i := &db.Interview{
			ID: w.id(gid.Interview), Position: n, Status: interview.StatusPLANNED, Version: 1,
			Key: session.Key, Name: session.Name, Minutes: session.Minutes, FocusSignals: session.FocusSignals,
		}
		for k, role := range session.Seats {
			i.Edges.Seats = append(i.Edges.Seats, &db.InterviewSeat{
				ID: w.id(gid.InterviewSeat), InterviewID: i.ID, Position: k, Role: role,
			})
		}
		interviews[n] = i
	}
	return interviews
}

// UpdateLoop changes when the cards of a loop are shown, until the first is in;
// and its interviews, all of them, while it is a DRAFT.
func (s *Service) UpdateLoop(ctx context.Context, in UpdateLoopInput) (gid.ID, error) {
	return in.LoopID, s.change(ctx, "updateLoop", func(ctx context.Context, w *write) error {
		l, a, err := w.holdLoop(ctx, "loopId", in.LoopID)
		if err != nil {
			return err
		}
		if l.Version != in.ExpectedVersion {
			return overtaken("loop", l.Version)
		}
		if l.Status == loop.StatusCANCELLED {
			return fault.Transition("loopId", "loop", string(l.Status), "update")
		}
		var problems fault.List
		if in.RevealPolicy != nil && *in.RevealPolicy == l.RevealPolicy {
			in.RevealPolicy = nil
		}
		if in.RevealPolicy == nil && in.Interviews == nil {
			return fault.Invalidf("", "the update changes nothing")
		}
		known(&problems, "revealPolicy", in.RevealPolicy, loop.RevealPolicyValidator)
		if in.RevealPolicy != nil {
			if err := w.checkUnread(ctx, &problems, l); err != nil {
				return err
			}
		}
		if in.Interviews != nil {
			if err := w.replaceInterviews(ctx, &problems, in.Interviews, l, a); err != nil {
				return err
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		update := w.Loop.UpdateOne(l).SetNillableRevealPolicy(in.RevealPolicy).SetUpdatedAt(w.now).AddVersion(1)
		if err := update.Exec(ctx); err != nil {
			return err
		}
		w.emit(happening{Type: "loop.updated", Subject: l.ID, Opening: a.OpeningID, Application: a.ID})
		details := map[string]any{"fields": changed(map[string]bool{
			"revealPolicy": in.RevealPolicy != nil, "interviews": in.Interviews != nil,
		})}
		if in.RevealPolicy != nil {
			details["from"], details["to"] = l.RevealPolicy, *in.RevealPolicy
		}
		return w.record(ctx, l.ID, details)
	})
}

// checkUnread refuses to change when the cards of a loop are shown once one was
// handed in: what was shown is not hidden again, and nobody shows themselves what
// they may not see.
func (w *write) checkUnread(ctx context.Context, problems *fault.List, l *db.Loop) error {
	read, err := w.Scorecard.Query().Where(scorecard.LoopID(l.ID), scorecard.SubmittedAtNotNil()).Exist(access.System(ctx))
	if read {
		problems.Add(notNow("revealPolicy", "a scorecard of the loop was handed in: when cards are shown stays as it is, %s", l.RevealPolicy))
	}
	return err
}

// replaceInterviews gives a draft that is held other interviews. Nobody has a
// card of the former ones yet.
func (w *write) replaceInterviews(ctx context.Context, problems *fault.List, in []*LoopInterviewInput, l *db.Loop, a *db.Application) error {
	if l.Status != loop.StatusDRAFT {
		return fault.Transition("interviews", "loop", string(l.Status), "plan its interviews anew").
			WithHint("addInterview adds one, cancelInterview cancels one")
	}
	if err := pursued(a, "loopId", "plan interviews"); err != nil {
		return err
	}
	if l.RubricVersionID == nil {
		return withoutRubric("loopId")
	}
	e, err := w.edition(ctx, *l.RubricVersionID)
	if err != nil {
		return err
	}
	_, err = w.InterviewSeat.Delete().Where(interviewseat.HasInterviewWith(interview.LoopID(l.ID))).Exec(ctx)
	if err != nil {
		return err
	}
	if _, err := w.Interview.Delete().Where(interview.LoopID(l.ID)).Exec(ctx); err != nil {
		return err
	}
	interviews := w.readInterviews(problems, "interviews", in, e, a)
	if err := w.checkPlaces(ctx, problems, a, placesOf(interviews, listed)); err != nil || len(*problems) > 0 {
		return err
	}
	return w.writeInterviews(ctx, l.ID, interviews)
}

// withoutRubric refuses to plan a loop that came from elsewhere.
func withoutRubric(path string) *fault.Error {
	return fault.New(fault.Invalid, fault.CodeInvalidTransition, path, "the loop was imported and has no rubric to plan by")
}
