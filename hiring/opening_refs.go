package hiring

import (
	"context"
	"slices"

	"golang.org/x/text/currency"

	"hireloop/ent/db"
	"hireloop/ent/db/department"
	"hireloop/ent/db/level"
	"hireloop/ent/db/location"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/pipelinetemplate"
	"hireloop/ent/db/pipelinetemplatestage"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// CodeLevelNotAllowed refuses a level at which the opening may not be filled.
const CodeLevelNotAllowed fault.Code = "LEVEL_NOT_ALLOWED"

// maxListed is how many locations or levels an opening lists at most.
const maxListed = 100

// PayRangeInput is yearly pay, from and to, in minor units of one currency.
type PayRangeInput struct {
	Minimum  int
	Maximum  int
	Currency string // ISO 4217
}

// readPay checks the input's payRange; nil when there is none or it is wrong.
func readPay(problems *fault.List, in *PayRangeInput) *PayRangeInput {
	if in == nil {
		return nil
	}
	pay := *in
	if pay.Minimum < 0 {
		problems.Add(fault.Invalidf("payRange.minimum", "must not be negative"))
	}
	if pay.Maximum < pay.Minimum {
		problems.Add(fault.Invalidf("payRange.maximum", "must not be less than the minimum"))
	}
	unit, err := currency.ParseISO(pay.Currency)
	if err != nil || unit == (currency.Unit{}) {
		problems.Add(fault.Invalidf("payRange.currency", "is not an ISO 4217 code").WithHint("such as EUR"))
		return nil
	}
	pay.Currency = unit.String()
	return &pay
}

func readOpeningEnums(problems *fault.List, a *opening.Archetype, w *opening.WorkplaceType, e *opening.EmploymentType) {
	known(problems, "archetype", a, opening.ArchetypeValidator)
	known(problems, "workplaceType", w, opening.WorkplaceTypeValidator)
	known(problems, "employmentType", e, opening.EmploymentTypeValidator)
}

// readDepartment checks the input's departmentId.
func (w *write) readDepartment(ctx context.Context, problems *fault.List, id *gid.ID) error {
	if id == nil {
		return nil
	}
	there, err := w.Department.Query().Where(department.ID(*id)).Exist(ctx)
	if err == nil && !there {
		problems.Add(missing("departmentId", gid.Department))
	}
	return err
}

// readLocations checks the input's locationIds and drops repeats.
func (w *write) readLocations(ctx context.Context, problems *fault.List, ids []gid.ID) ([]gid.ID, error) {
	if !atMost(problems, "locationIds", len(ids), maxListed) {
		return nil, nil
	}
	there, err := w.Location.Query().Where(location.IDIn(ids...)).IDs(ctx)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if !slices.Contains(there, id) {
			problems.Add(missing(at("locationIds", i), gid.Location))
		}
	}
	return distinct(ids), nil
}

// readLevels checks the input's targetLevelId and allowedLevelIds: hireable
// levels of one ladder. The answer is all levels at which one may be hired, the
// target first.
func (w *write) readLevels(ctx context.Context, problems *fault.List, target *gid.ID, allowed []gid.ID) ([]gid.ID, error) {
	if !atMost(problems, "allowedLevelIds", len(allowed), maxListed) {
		return nil, nil
	}
	if target == nil {
		if len(allowed) > 0 {
			problems.Add(fault.Invalidf("allowedLevelIds", "cannot be without a target level").WithHint("set targetLevelId too"))
		}
		return nil, nil
	}
	all := append([]gid.ID{*target}, allowed...)
	rows, err := w.Level.Query().Where(level.IDIn(all...)).All(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[gid.ID]*db.Level{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	goal := byID[*target]
	for i, id := range all {
		path := "targetLevelId"
		if i > 0 {
			path = at("allowedLevelIds", i-1)
		}
		switch found := byID[id]; {
		case found == nil:
			problems.Add(missing(path, gid.Level))
		case !found.Hireable:
			problems.Add(fault.Invalidf(path, "nobody is hired at the level %s: it is reached by promotion only", found.Name))
		case goal != nil && found.LadderID != goal.LadderID:
			problems.Add(fault.Invalidf(path, "the level %s is of another ladder than the target level", found.Name))
		}
	}
	return distinct(all), nil
}

// readAllowedLevel reads the level that the input names at path, at which the
// opening may be filled; nil when it may not.
func (w *write) readAllowedLevel(ctx context.Context, problems *fault.List, path string, id, openingID gid.ID) (*db.Level, error) {
	if !of(problems, path, id, gid.Level) {
		return nil, nil
	}
	l, err := w.Level.Get(ctx, id)
	if db.IsNotFound(err) {
		problems.Add(missing(path, gid.Level))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	allowed, err := w.Opening.Query().Where(opening.ID(openingID),
		opening.Or(opening.TargetLevelID(id), opening.HasAllowedLevelsWith(level.ID(id)))).Exist(access.System(ctx))
	if err == nil && !allowed {
		problems.Add(fault.New(fault.Invalid, CodeLevelNotAllowed, path, "the opening may not be filled at this level").
			WithHint("updateOpening changes its allowedLevelIds"))
		return nil, nil
	}
	return l, err
}

// templateStages are the stages that a new opening copies: of the template that
// the input calls pipelineTemplateId, or of the default one.
func (w *write) templateStages(ctx context.Context, problems *fault.List, id *gid.ID) ([]*db.PipelineTemplateStage, error) {
	query := w.PipelineTemplate.Query()
	if id != nil {
		query.Where(pipelinetemplate.ID(*id))
	} else {
		query.Where(pipelinetemplate.IsDefault(true)).Order(pipelinetemplate.ByID())
	}
	found, err := query.FirstID(ctx)
	switch {
	case db.IsNotFound(err) && id != nil:
		problems.Add(missing("pipelineTemplateId", gid.PipelineTemplate))
		return nil, nil
	case db.IsNotFound(err):
		problems.Add(fault.Required("pipelineTemplateId").WithHint("no template is the default one"))
		return nil, nil
	case err != nil:
		return nil, err
	}
	stages, err := w.PipelineTemplateStage.Query().Where(pipelinetemplatestage.TemplateID(found)).
		Order(pipelinetemplatestage.ByPosition()).All(ctx)
	if err == nil && len(stages) == 0 {
		problems.Add(fault.Invalidf("pipelineTemplateId", "the template has no stages"))
	}
	return stages, err
}
