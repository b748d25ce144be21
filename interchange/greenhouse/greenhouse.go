// Package greenhouse owns what an export of Greenhouse means: a folder of CSV
// files, one a table, as warehouse connectors lay them out. It makes records of
// them; interchange brings them into the database.
//
// It does not write anything, and knows no history rules.
//
// Any table and any column may be missing. What a row becomes:
//
//   - job → opening: open is OPEN, draft is DRAFT, closed is FILLED when one of
//     its job openings has an application or one of its applications is hired,
//     else CANCELLED. job_opening → seat; an open job without any gets one.
//   - job_stage → stage; see interchange.StageKind for how the kind follows from the name. Each
//     opening has a stage of the hired at its end.
//   - application → an application for each of its jobs; without job_application
//     its job is that of its stages. One with no job at all is left out.
//   - A rejection for a reason of the type "they rejected us" is a withdrawal.
//   - A prospect begins in a stage of leads; one without a job stays a candidate
//     only. Its pool is a tag of the candidate. A converted one is part of the
//     application that it became. A candidate that became another one
//     (new_candidate_id) is that one.
//   - scorecard → scorecard in the interview that scheduled_interviewer names,
//     else in one of its title. Ratings of a draft are left out.
//   - Rows marked as deleted are left out; of a deleted department, office, job,
//     stage, user, source or reason that is still referred to, the name is kept.
//   - Something stands in for what is referred to and not in the export: a
//     candidate, job, stage, user, source and so on, named "Unknown …". It takes
//     the name when a later export has one.
//
// Members get the roles HIRING_MANAGER and INTERVIEWER, from teams and
// interviews; RECRUITER and ADMIN are never given by an import. What people said
// of themselves (eeoc) is kept apart from all of this: nothing refers to it.
package greenhouse

import (
	"context"
	"io/fs"

	"hireloop/interchange"
	"hireloop/internal/store"
)

// Import brings an export into the database, in one transaction. dir holds the
// CSV files. The second import of an export changes nothing; one of a later
// export adds what is new.
func Import(ctx context.Context, d *store.DB, dir fs.FS, opt interchange.Options) (*interchange.Report, error) {
	opt, err := opt.Complete("greenhouse")
	if err != nil {
		return nil, err
	}
	world, err := plan(dir, opt.System)
	if err != nil {
		return nil, err
	}
	return interchange.Apply(ctx, d, world, opt)
}

// plan makes the records of an export.
func plan(dir fs.FS, system string) (*interchange.World, error) {
	report := &interchange.Report{System: system}
	sheets, err := read(dir, report)
	if err != nil {
		return nil, err
	}
	p := &planner{
		sheets: sheets, report: report, system: system,
		world: &interchange.World{Report: report, Silent: map[string][]string{}},
	}
	p.users()
	p.lists()
	p.candidates()
	p.jobs()
	p.applications()
	p.unknownStages()
	p.pipelines()
	p.histories()
	p.seats()
	p.teams()
	p.interviews()
	p.demographics()
	p.settleRoles()
	p.listen()
	return p.world, nil
}
