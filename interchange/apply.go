package interchange

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// chunk is how many records are looked up at once.
const chunk = 1000

// Apply makes the database agree with the world, in one transaction: all of it
// or, after an error, nothing. It completes the world's report. A dry run goes
// the same way, with the same report, and writes nothing.
//
// It runs as the program itself and sees every row.
func Apply(ctx context.Context, d *store.DB, world *World, opt Options) (*Report, error) {
	ctx = access.System(ctx)
	started := opt.Now().UTC().Truncate(time.Microsecond)
	var report *Report
	one := func(ctx context.Context, tx *sql.Tx) error {
		world.reset()
		r := &run{
			ctx: ctx, tx: tx, db: d, opt: opt, world: world, started: started,
			report: world.Report.clone(), total: world.size(), given: map[Ref]bool{}, claims: map[gid.ID]*Reference{}, places: map[gid.ID]int{}, named: map[string]bool{},
			saidBy: map[gid.ID]bool{},
		}
		defer r.widen()()
		if err := r.all(); err != nil {
			return err
		}
		report = r.report
		return nil
	}
	var err error
	if opt.DryRun {
		err = d.Retry(ctx, func(ctx context.Context) error {
			return store.Transact(ctx, func(ctx context.Context) (*sql.Tx, error) {
				return d.SQL().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
			}, one)
		})
	} else {
		err = d.InTx(ctx, one)
	}
	if _, _, twice := store.IsUniqueViolation(err); twice {
		return nil, fmt.Errorf("something else wrote the same rows at the same time; nothing was imported, run it again: %w", err)
	}
	if err != nil {
		return nil, err
	}
	report.finish()
	report.Took = opt.Now().Sub(started)
	return report, nil
}

// run is one attempt at applying a world.
type run struct {
	ctx     context.Context
	tx      *sql.Tx
	db      *store.DB
	opt     Options
	world   *World
	report  *Report
	started time.Time
	id      gid.ID

	first  bool           // nothing was ever imported from this system
	before map[int64]bool // when earlier runs started: updated_at of what they wrote
	refs   *sink
	erased erased
	claims map[gid.ID]*Reference // rows here by the record that they are
	given  map[Ref]bool          // keys of records, and other references that this run has written
	named  map[string]bool       // names that this run has given to new rows, after the table's
	places map[gid.ID]int        // the position of every stage
	saidBy map[gid.ID]bool       // applications whose demographic answers this run has

	unhired []*Application // that were hired before this run

	done, total int
}

func (r *run) all() error {
	if err := r.begin(); err != nil {
		return err
	}
	for _, step := range []func() error{
		r.departments, r.locations, r.members, r.sources, r.rejectionReasons,
		r.openings, r.stages, r.teams,
		r.candidates, r.contacts, r.applications, r.seats,
		r.loops, r.interviews, r.interviewSeats, r.scorecards,
		r.demographics,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return r.end()
}

// begin reads what earlier runs left and records this one.
func (r *run) begin() error {
	r.id = r.opt.IDs.New(gid.ImportRun)
	r.before = map[int64]bool{}
	if err := store.Query(r.ctx, r.tx, `SELECT started_at FROM import_runs WHERE system = $1`, r.opt.System).Each(func(row store.Row) error {
		var at time.Time
		err := row.Scan(&at)
		r.before[at.UnixMicro()] = true
		return err
	}); err != nil {
		return err
	}
	r.first = len(r.before) == 0
	var err error
	if r.erased, err = r.readErased(); err != nil {
		return err
	}
	if r.refs, err = r.sink("external_references", "id", "system", "object", "external_id", "subject_id", "import_run_id"); err != nil {
		return err
	}
	return r.exec(`INSERT INTO import_runs (id, system, started_at, report) VALUES ($1, $2, $3, $4)`,
		r.id, r.opt.System, r.started, json.RawMessage(`{}`))
}

// end records what this run did: the report, an audit entry and, last, the event.
func (r *run) end() error {
	if err := r.refs.close(); err != nil {
		return err
	}
	r.step(r.total - r.done)
	r.report.System = r.opt.System
	r.report.finish()
	report, err := json.Marshal(r.report)
	if err != nil {
		return err
	}
	if err := r.exec(`UPDATE import_runs SET finished_at = $1, report = $2 WHERE id = $3`,
		r.opt.Now().UTC().Truncate(time.Microsecond), json.RawMessage(report), r.id); err != nil {
		return err
	}
	details := map[string]any{"system": r.opt.System, "tables": r.report.Tables, "rowsThatDidNotFit": len(r.report.Rows)}
	if !r.opt.DryRun {
		if err := hiring.RecordRun(r.ctx, r.db, r.tx, r.opt.IDs, r.started, "import", r.id, details); err != nil {
			return err
		}
	}
	return r.exec(`INSERT INTO events (type, subject_id, recorded_at) VALUES ($1, $2, $3)`, "import.finished", r.id, r.started)
}

// step reports progress.
func (r *run) step(n int) {
	r.done += n
	r.opt.Progress(min(r.done, r.total), r.total)
}

// settle gives a record its fate and counts it.
func (r *run) settle(rec *Reference, f fate) {
	rec.fate = f
	switch {
	case rec.Counted == "":
	case rec.Added:
		r.report.AddedTo(rec.Counted).count(f, 1)
	default:
		r.report.Table(rec.Counted).count(f, 1)
	}
}

// references are those of every record; the order does not matter.
func (w *World) references(yield func(*Reference)) {
	for _, d := range w.Departments {
		yield(&d.Reference)
	}
	for _, l := range w.Locations {
		yield(&l.Reference)
	}
	for _, m := range w.Members {
		yield(&m.Reference)
	}
	for _, s := range w.Sources {
		yield(&s.Reference)
	}
	for _, x := range w.RejectionReasons {
		yield(&x.Reference)
	}
	for _, o := range w.Openings {
		yield(&o.Reference)
		for _, s := range o.Stages {
			yield(&s.Reference)
		}
		for _, s := range o.Seats {
			yield(&s.Reference)
		}
		for _, m := range o.Team {
			yield(&m.Reference)
		}
	}
	for _, c := range w.Candidates {
		yield(&c.Reference)
		for _, x := range c.Contacts {
			yield(&x.Reference)
		}
	}
	for _, a := range w.Applications {
		yield(&a.Reference)
	}
	for _, d := range w.Demographics {
		yield(&d.Reference)
	}
	for _, l := range w.Loops {
		yield(&l.Reference)
		for _, i := range l.Interviews {
			yield(&i.Reference)
			for _, s := range i.Seats {
				yield(&s.Reference)
			}
			for _, s := range i.Scorecards {
				yield(&s.Reference)
				for _, x := range s.Ratings {
					yield(&x.Reference)
				}
			}
		}
	}
}

// reset forgets what an attempt before found, and counts nothing as done.
func (w *World) reset() {
	w.references((*Reference).reset)
	for _, l := range w.Loops {
		for _, i := range l.Interviews {
			for _, s := range i.Scorecards {
				s.number, s.revision, s.amended = 0, gid.Nil, false
			}
		}
	}
}

func (w *World) size() (n int) {
	w.references(func(*Reference) { n++ })
	return n
}
