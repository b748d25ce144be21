// Package eventlog owns what a plain log of events means, the common ground of
// all systems: one CSV file with the columns
//
//	application_id, candidate, opening, source, at, event, stage
//
// in any order, and optionally email, opened_at and reason. It makes records of
// it; interchange brings them into the database.
//
// It does not write anything, and knows no history rules.
//
//   - event is enter (into stage), applied, reopen, reject, withdraw or hire.
//     Rows of one instant are taken in the order of the file. A stage beside
//     reject or withdraw says where the application was by then.
//   - candidate is a name, an e-mail address or an id of another system. It is
//     one person as often as it is written the same; where two people share a
//     name, give them an email or an id. In provenance it is a digest.
//   - The stages of an opening are those that its applications enter, ordered by
//     which comes before which in most applications, then by first appearance.
//     Their kind follows from the name (see interchange.StageKind), or from the
//     place, and never falls along the pipeline. The last is that of the hired.
//   - An opening without active applications and with a hire is FILLED, any other
//     is OPEN with one open seat. Every hire has a seat.
package eventlog

import (
	"context"
	"io"
	"path/filepath"

	"hireloop/interchange"
	"hireloop/internal/store"
)

// Import brings a log into the database, in one transaction. name is that of
// the file, for the report. Importing it again changes nothing; a longer log adds what
// is new.
func Import(ctx context.Context, d *store.DB, log io.Reader, name string, opt interchange.Options) (*interchange.Report, error) {
	opt, err := opt.Complete("event-log")
	if err != nil {
		return nil, err
	}
	world, err := plan(log, filepath.Base(name), opt.System)
	if err != nil {
		return nil, err
	}
	return interchange.Apply(ctx, d, world, opt)
}

// plan makes the records of a log.
func plan(log io.Reader, name, system string) (*interchange.World, error) {
	report := &interchange.Report{System: system}
	p := &planner{
		file: name, system: system, report: report, world: &interchange.World{Report: report, Silent: map[string][]string{
			"candidates": {"headline", "company", "location", "links", "tags", "is_private", "search_text"},
			"sources":    {"kind"},
			"openings":   {"requisition", "description", "department_id", "is_confidential"},
			// The credit and the reason of an end are not in a log.
			"applications": {"credited_member_id", "rejection_reason_id"},
		}},
		applications: map[string]*applying{}, candidates: map[string]*interchange.Candidate{},
		openings: map[string]*role{}, sources: map[string]*interchange.Source{}, lines: map[string]string{},
	}
	if err := p.read(log); err != nil {
		return nil, err
	}
	p.settle()
	return p.world, nil
}
