package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/interviewplan"
	"hireloop/ent/db/interviewplansession"
	"hireloop/ent/db/rubricversion"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// maxSessions of one plan.
const maxSessions = 20

// CreateInterviewPlanInput defines the loop that a level calls for.
type CreateInterviewPlanInput struct {
	Key         string
	Name        string
	Description *string
	LevelID     gid.ID
	Sessions    []*InterviewPlanSessionInput
}

// UpdateInterviewPlanInput changes a plan; nil keeps.
type UpdateInterviewPlanInput struct {
	InterviewPlanID gid.ID
	Name            *string
	Description     *string
	Sessions        []*InterviewPlanSessionInput
}

// InterviewPlanSessionInput is one interview of a plan.
type InterviewPlanSessionInput struct {
	Key          string
	Name         string
	Minutes      int
	Seats        []string // who should sit in it
	FocusSignals []string // keys
}

// CreateInterviewPlan defines the loop that a level calls for. Its focus signals
// must be ones that the newest published rubric of the level's ladder asks for
// at this level. It refuses a key that another plan has (DUPLICATE).
func (s *Service) CreateInterviewPlan(ctx context.Context, in CreateInterviewPlanInput) (gid.ID, error) {
	return s.create(ctx, "createInterviewPlan", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayAuthor(); err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		plan := rubric.Plan{Key: in.Key, Name: line(&problems, "name", in.Name, maxName)}
		if in.Description != nil {
			plan.Description = prose(&problems, "description", *in.Description, maxProse)
		}
		plan.Sessions = readPlanSessions(&problems, in.Sessions)
		if err := w.checkPlanKey(ctx, &problems, in.Key); err != nil {
			return gid.Nil, err
		}
		if err := w.checkPlan(ctx, &problems, in.LevelID, plan); err != nil {
			return gid.Nil, err
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		id, err := w.newPlan(ctx, plan, in.LevelID)
		if err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "interview_plan.created", Subject: id})
		return id, w.record(ctx, id, map[string]any{"levelId": in.LevelID, "sessions": len(plan.Sessions)})
	})
}

// UpdateInterviewPlan changes a plan. New sessions must fit the newest published
// rubric, as for a plan that is created; those that stay are left alone.
func (s *Service) UpdateInterviewPlan(ctx context.Context, in UpdateInterviewPlanInput) (gid.ID, error) {
	return in.InterviewPlanID, s.change(ctx, "updateInterviewPlan", func(ctx context.Context, w *write) error {
		if err := w.mayAuthor(); err != nil {
			return err
		}
		var problems fault.List
		if !of(&problems, "interviewPlanId", in.InterviewPlanID, gid.InterviewPlan) {
			return problems
		}
		row, err := locked(w, w.InterviewPlan.Query().Where(interviewplan.ID(in.InterviewPlanID))).Only(ctx)
		if db.IsNotFound(err) {
			return missing("interviewPlanId", gid.InterviewPlan)
		}
		if err != nil {
			return err
		}
		plan := rubric.Plan{Key: row.Key, Name: row.Name, Description: row.Description}
		if in.Name != nil {
			plan.Name = line(&problems, "name", *in.Name, maxName)
		}
		if in.Description != nil {
			plan.Description = prose(&problems, "description", *in.Description, maxProse)
		}
		if in.Sessions != nil {
			plan.Sessions = readPlanSessions(&problems, in.Sessions)
			if err := w.checkPlan(ctx, &problems, row.LevelID, plan); err != nil {
				return err
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.savePlan(ctx, row.ID, plan, in.Sessions != nil); err != nil {
			return err
		}
		w.emit(happening{Type: "interview_plan.updated", Subject: row.ID})
		return w.record(ctx, row.ID, map[string]any{"fields": changed(map[string]bool{
			"name": in.Name != nil, "description": in.Description != nil, "sessions": in.Sessions != nil,
		})})
	})
}

// readPlanSessions reads the texts of the input's sessions; checkPlan looks at the rest.
func readPlanSessions(problems *fault.List, in []*InterviewPlanSessionInput) []rubric.Session {
	if !atMost(problems, "sessions", len(in), maxSessions) {
		return nil
	}
	sessions := make([]rubric.Session, len(in))
	for i, s := range in {
		sessions[i] = rubric.Session{
			Key: s.Key, Name: line(problems, at("sessions", i, "name"), s.Name, maxName),
			Minutes: s.Minutes, Seats: s.Seats, FocusSignals: s.FocusSignals,
		}
	}
	return sessions
}

// checkPlanKey refuses a key that another plan has; until the transaction ends
// nobody else makes a plan of this key.
func (w *write) checkPlanKey(ctx context.Context, problems *fault.List, key string) error {
	if !rubric.IsKey(key) {
		return nil // refused by checkPlan
	}
	if err := w.alone(ctx, []string{"interview plan " + key}); err != nil {
		return err
	}
	taken, err := w.InterviewPlan.Query().Where(interviewplan.Key(key)).Exist(ctx)
	if err == nil && taken {
		problems.Add(fault.New(fault.Invalid, fault.CodeDuplicate, "key", "another plan has this key"))
	}
	return err
}

// checkPlan refuses a plan for a level that the newest published edition of the
// level's ladder does not allow.
func (w *write) checkPlan(ctx context.Context, problems *fault.List, levelID gid.ID, plan rubric.Plan) error {
	if !of(problems, "levelId", levelID, gid.Level) {
		return nil
	}
	level, err := w.Level.Get(ctx, levelID)
	if db.IsNotFound(err) {
		problems.Add(missing("levelId", gid.Level))
		return nil
	}
	if err != nil {
		return err
	}
	newest, err := w.newest(ctx, level.LadderID, rubricversion.StatusPUBLISHED)
	if err != nil {
		return err
	}
	if newest == nil {
		problems.Add(fault.Invalidf("levelId", "the ladder of %s has no published rubric", level.Name))
		return nil
	}
	e, err := w.edition(ctx, newest.ID)
	if err != nil {
		return err
	}
	plan.Level = level.Key
	alsoAt(problems, rubric.CheckPlan(e.ladder, e.content, plan), func(path []string) []string {
		if path[0] == "level" {
			return []string{"levelId"}
		}
		return path
	})
	return nil
}

// newPlan makes a plan with its sessions.
func (w *write) newPlan(ctx context.Context, plan rubric.Plan, levelID gid.ID) (gid.ID, error) {
	id := w.id(gid.InterviewPlan)
	err := w.InterviewPlan.Create().SetID(id).SetLevelID(levelID).SetKey(plan.Key).SetName(plan.Name).
		SetDescription(plan.Description).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
	if err != nil {
		return gid.Nil, err
	}
	return id, w.newPlanSessions(ctx, id, plan.Sessions)
}

// savePlan writes a plan anew, with other sessions if anew says so.
func (w *write) savePlan(ctx context.Context, id gid.ID, plan rubric.Plan, anew bool) error {
	err := w.InterviewPlan.UpdateOneID(id).SetName(plan.Name).SetDescription(plan.Description).SetUpdatedAt(w.now).Exec(ctx)
	if err != nil || !anew {
		return err
	}
	if _, err := w.InterviewPlanSession.Delete().Where(interviewplansession.PlanID(id)).Exec(ctx); err != nil {
		return err
	}
	return w.newPlanSessions(ctx, id, plan.Sessions)
}

func (w *write) newPlanSessions(ctx context.Context, planID gid.ID, sessions []rubric.Session) error {
	rows := make([]*db.InterviewPlanSessionCreate, len(sessions))
	for i, s := range sessions {
		rows[i] = w.InterviewPlanSession.Create().SetID(w.id(gid.InterviewPlanSession)).
			SetPlanID(planID).SetPosition(i).SetKey(s.Key).SetName(s.Name).SetMinutes(s.Minutes).
			SetSeats(s.Seats).SetFocusSignals(s.FocusSignals)
	}
	return w.InterviewPlanSession.CreateBulk(rows...).Exec(ctx)
}
