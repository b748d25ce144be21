package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/ladder"
	"hireloop/ent/db/level"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/stage"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CreateOpeningInput is an opening to draft.
type CreateOpeningInput struct {
	Title              string
	Requisition        *string
	Description        *string
	DepartmentID       *gid.ID
	LocationIDs        []gid.ID
	TargetLevelID      *gid.ID
	AllowedLevelIDs    []gid.ID // the target's is allowed without being listed
	Archetype          *opening.Archetype
	WorkplaceType      *opening.WorkplaceType
	EmploymentType     *opening.EmploymentType
	PayRange           *PayRangeInput
	IsConfidential     *bool
	IsCritical         *bool
	PipelineTemplateID *gid.ID // the default template when nil
	HiringTeam         []*HiringTeamMemberInput
	SeatCount          *int // 1 when nil
}

// OpeningUpdate is changes to an opening: the SDL's UpdateOpeningInput.
type OpeningUpdate struct {
	OpeningID       gid.ID
	ExpectedVersion int
	Title           Change[*string]
	Requisition     Change[*string]
	Description     Change[*string]
	DepartmentID    Change[*gid.ID]
	LocationIDs     Change[[]gid.ID]
	TargetLevelID   Change[*gid.ID]
	AllowedLevelIDs Change[[]gid.ID]
	Archetype       Change[*opening.Archetype]
	WorkplaceType   Change[*opening.WorkplaceType]
	EmploymentType  Change[*opening.EmploymentType]
	PayRange        Change[*PayRangeInput]
	IsConfidential  Change[*bool]
	IsCritical      Change[*bool]
	HiringTeam      Change[[]*HiringTeamMemberInput]
}

// CreateOpening drafts an opening with the stages of a pipeline template, its
// seats and its hiring team.
func (s *Service) CreateOpening(ctx context.Context, in CreateOpeningInput) (gid.ID, error) {
	return s.create(ctx, "createOpening", func(ctx context.Context, w *write) (gid.ID, error) {
		if !w.viewer.MayCreateOpenings() {
			return gid.Nil, fault.Deniedf("you may not create openings")
		}
		id := w.id(gid.Opening)
		var problems fault.List
		create := w.Opening.Create().SetID(id).SetStatus(opening.StatusDRAFT).
			SetCreatedAt(w.now).SetUpdatedAt(w.now).
			SetTitle(line(&problems, "title", in.Title, maxName)).
			SetNillableRequisition(optionalLine(&problems, "requisition", in.Requisition, maxName)).
			SetNillableArchetype(in.Archetype).
			SetNillableWorkplaceType(in.WorkplaceType).
			SetNillableEmploymentType(in.EmploymentType).
			SetNillableIsConfidential(in.IsConfidential).
			SetNillableIsCritical(in.IsCritical)
		readOpeningEnums(&problems, in.Archetype, in.WorkplaceType, in.EmploymentType)
		if in.Description != nil {
			create.SetDescription(prose(&problems, "description", *in.Description, maxProse))
		}
		if pay := readPay(&problems, in.PayRange); pay != nil {
			create.SetPayMinimum(int64(pay.Minimum)).SetPayMaximum(int64(pay.Maximum)).SetPayCurrency(pay.Currency)
		}
		seatCount := 1
		if in.SeatCount != nil {
			seatCount = *in.SeatCount
			within(&problems, "seatCount", seatCount, 1, maxSeats)
		}
		if err := w.readDepartment(ctx, &problems, in.DepartmentID); err != nil {
			return gid.Nil, err
		}
		locations, err := w.readLocations(ctx, &problems, in.LocationIDs)
		if err != nil {
			return gid.Nil, err
		}
		allowed, err := w.readLevels(ctx, &problems, in.TargetLevelID, in.AllowedLevelIDs)
		if err != nil {
			return gid.Nil, err
		}
		stages, err := w.templateStages(ctx, &problems, in.PipelineTemplateID)
		if err != nil {
			return gid.Nil, err
		}
		places, err := w.readTeam(ctx, &problems, in.HiringTeam, nil)
		if err != nil {
			return gid.Nil, err
		}
		if in.IsConfidential != nil && *in.IsConfidential {
			places = places.with(w.viewer.Member)
			if err := w.manageable(ctx, &problems, places); err != nil {
				return gid.Nil, err
			}
		}
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}

		err = create.SetNillableDepartmentID(in.DepartmentID).SetNillableTargetLevelID(in.TargetLevelID).
			AddLocationIDs(locations...).AddAllowedLevelIDs(allowed...).Exec(ctx)
		if err != nil {
			return gid.Nil, err
		}
		copies := make([]*db.StageCreate, len(stages))
		for i, from := range stages {
			copies[i] = w.Stage.Create().SetID(w.id(gid.Stage)).SetOpeningID(id).
				SetPosition(i).SetName(from.Name).SetKind(stage.Kind(from.Kind)).SetNillableSLADays(from.SLADays)
		}
		if err := w.Stage.CreateBulk(copies...).Exec(ctx); err != nil {
			return gid.Nil, err
		}
		if err := w.addSeats(ctx, id, 1, seatCount, nil, nil); err != nil {
			return gid.Nil, err
		}
		if err := w.saveTeam(ctx, id, nil, places); err != nil {
			return gid.Nil, err
		}
		w.emit(happening{Type: "opening.created", Subject: id, Opening: id})
		return id, w.record(ctx, id, map[string]any{"seatCount": seatCount})
	})
}

// UpdateOpening changes what an opening says of itself, in any state.
//
// A new target level of another ladder brings that ladder's rubric; allowed
// levels of the former ladder fall away unless given anew.
func (s *Service) UpdateOpening(ctx context.Context, in OpeningUpdate) (gid.ID, error) {
	return in.OpeningID, s.change(ctx, "updateOpening", func(ctx context.Context, w *write) error {
		var problems fault.List
		o, err := w.holdOpening(ctx, nil, in.OpeningID, in.ExpectedVersion)
		if err != nil {
			return err
		}
		update := w.Opening.UpdateOne(o).SetUpdatedAt(w.now).AddVersion(1)
		in.applyOwn(&problems, update)
		if in.DepartmentID.Set {
			if err := w.readDepartment(ctx, &problems, in.DepartmentID.To); err != nil {
				return err
			}
			apply(in.DepartmentID.To, update.SetDepartmentID, update.ClearDepartmentID)
		}
		if in.LocationIDs.Set {
			locations, err := w.readLocations(ctx, &problems, in.LocationIDs.To)
			if err != nil {
				return err
			}
			update.ClearLocations().AddLocationIDs(locations...)
		}
		if in.TargetLevelID.Set || in.AllowedLevelIDs.Set {
			if err := w.applyLevels(ctx, &problems, in, o, update); err != nil {
				return err
			}
		}
		present, wanted, err := w.newTeam(ctx, &problems, in, o)
		if err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
		if err := w.saveTeam(ctx, o.ID, present, wanted); err != nil {
			return err
		}
		w.emit(happening{Type: "opening.updated", Subject: o.ID, Opening: o.ID})
		return w.record(ctx, o.ID, map[string]any{"fields": in.fields()})
	})
}

// applyOwn applies the changes that depend on nothing but themselves.
func (in OpeningUpdate) applyOwn(problems *fault.List, update *db.OpeningUpdateOne) {
	if in.Title.Set {
		if in.Title.To == nil {
			problems.Add(fault.Required("title"))
		} else {
			update.SetTitle(line(problems, "title", *in.Title.To, maxName))
		}
	}
	if in.Requisition.Set {
		apply(optionalLine(problems, "requisition", in.Requisition.To, maxName),
			update.SetRequisition, update.ClearRequisition)
	}
	if in.Description.Set {
		text := ""
		if in.Description.To != nil {
			text = prose(problems, "description", *in.Description.To, maxProse)
		}
		update.SetDescription(text)
	}
	readOpeningEnums(problems, in.Archetype.To, in.WorkplaceType.To, in.EmploymentType.To)
	if in.Archetype.Set {
		apply(in.Archetype.To, update.SetArchetype, update.ClearArchetype)
	}
	if in.WorkplaceType.Set {
		apply(in.WorkplaceType.To, update.SetWorkplaceType, update.ClearWorkplaceType)
	}
	if in.EmploymentType.Set {
		apply(in.EmploymentType.To, update.SetEmploymentType, update.ClearEmploymentType)
	}
	if in.PayRange.Set {
		update.ClearPayMinimum().ClearPayMaximum().ClearPayCurrency()
		if pay := readPay(problems, in.PayRange.To); pay != nil {
			update.SetPayMinimum(int64(pay.Minimum)).SetPayMaximum(int64(pay.Maximum)).SetPayCurrency(pay.Currency)
		}
	}
	for _, flag := range []struct {
		path   string
		change Change[*bool]
		set    func(bool) *db.OpeningUpdateOne
	}{
		{"isConfidential", in.IsConfidential, update.SetIsConfidential},
		{"isCritical", in.IsCritical, update.SetIsCritical},
	} {
		switch {
		case !flag.change.Set:
		case flag.change.To == nil:
			problems.Add(fault.Required(flag.path))
		default:
			flag.set(*flag.change.To)
		}
	}
}

// applyLevels applies changes of the target level and the allowed levels.
func (w *write) applyLevels(ctx context.Context, problems *fault.List, in OpeningUpdate, o *db.Opening, update *db.OpeningUpdateOne) error {
	target, allowed := o.TargetLevelID, in.AllowedLevelIDs.To
	if in.TargetLevelID.Set {
		target = in.TargetLevelID.To
	}
	moved := !same(target, o.TargetLevelID)
	if moved {
		assessed, err := w.isAssessed(ctx, o.ID)
		if err != nil {
			return err
		}
		if assessed {
			problems.Add(fault.Invalidf("targetLevelId", "cannot change any more: a scorecard was handed in"))
			return nil
		}
	}
	if !in.AllowedLevelIDs.Set && target != nil {
		kept, err := w.Opening.QueryAllowedLevels(o).
			Where(level.HasLadderWith(ladder.HasLevelsWith(level.ID(*target)))).IDs(access.System(ctx))
		if err != nil {
			return err
		}
		allowed = kept
	}
	allowed, err := w.readLevels(ctx, problems, target, allowed)
	if err != nil {
		return err
	}
	update.ClearAllowedLevels().AddAllowedLevelIDs(allowed...)
	if !moved {
		return nil
	}
	apply(target, update.SetTargetLevelID, update.ClearTargetLevelID)
	if o.OpenedAt == nil {
		return nil // the rubric is pinned when it is opened
	}
	return w.pin(ctx, o, target, update)
}

// newTeam is the hiring team that an opening has and the one that it gets. A
// confidential opening is never left without anybody who can manage it.
func (w *write) newTeam(ctx context.Context, problems *fault.List, in OpeningUpdate, o *db.Opening) (present, wanted team, err error) {
	if present, err = w.teamOf(ctx, o.ID); err != nil {
		return nil, nil, err
	}
	wanted = present
	before := len(*problems)
	if in.HiringTeam.Set {
		if wanted, err = w.readTeam(ctx, problems, in.HiringTeam.To, present); err != nil {
			return nil, nil, err
		}
	}
	confidential := o.IsConfidential
	if in.IsConfidential.To != nil {
		confidential = *in.IsConfidential.To
	}
	if confidential && !o.IsConfidential {
		wanted = wanted.with(w.viewer.Member)
		told, err := w.Application.Query().Where(application.OpeningID(o.ID)).Exist(access.System(ctx))
		if err != nil {
			return nil, nil, err
		}
		if told { // what figures of groups lose then would be its applicants'
			problems.Add(fault.Conflictf("isConfidential", "the opening has applications, of which reports have told already"))
		}
	}
	if len(*problems) == 0 && w.promotes(present, wanted) {
		if err := w.mayLead(ctx, o.ID); err != nil {
			return nil, nil, err
		}
	}
	if confidential && len(*problems) == before { // else the team is refused anyway
		err = w.manageable(ctx, problems, wanted)
	}
	return present, wanted, err
}

// fields names what an update changes, for the audit trail.
func (in OpeningUpdate) fields() []string {
	return changed(map[string]bool{
		"title": in.Title.Set, "requisition": in.Requisition.Set, "description": in.Description.Set,
		"departmentId": in.DepartmentID.Set, "locationIds": in.LocationIDs.Set,
		"targetLevelId": in.TargetLevelID.Set, "allowedLevelIds": in.AllowedLevelIDs.Set,
		"archetype": in.Archetype.Set, "workplaceType": in.WorkplaceType.Set, "employmentType": in.EmploymentType.Set,
		"payRange": in.PayRange.Set, "isConfidential": in.IsConfidential.Set, "isCritical": in.IsCritical.Set,
		"hiringTeam": in.HiringTeam.Set,
	})
}
