// Package demo owns a believable company that hires: a world of openings,
// candidates, applications, interviews, scorecards, offers and decisions, of
// any size, the same for the same seed on either database. The demo command
// shows it, and tests live in it.
//
// A simulation tells what happened to whom, up to a given moment, and knows no
// database; a writer then stores it in bulk, by the rules that hold for every
// history. Audit entries and feed events say what was done through this
// program: of a past that nobody lived through there are none.
//
// It does not own built-in content (hiring installs it before), the rules of
// histories (funnel), or anything that changes afterwards.
package demo

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
)

// Options say which world to make. The zero value is usable.
type Options struct {
	// Seed tells worlds apart; 0 means 1.
	Seed uint64
	// Applications is about how many applications there are; 0 means 600. More
	// than some thousands bring more openings and more people with them.
	Applications int
	// Now is the end of the story: nothing happened later, and what goes on
	// goes on then. Zero means a day in March 2026.
	Now time.Time
	// Progress hears how many of the applications are done; nil means silence.
	// done reaches total at the end and starts over when the database asks for
	// another try.
	Progress func(done, total int)
}

// World is what was made.
type World struct {
	Now time.Time // the end of the story

	// One member of each role. The hiring manager leads openings in various
	// states, and the interviewer owes scorecards.
	Admin, Recruiter, HiringManager, Interviewer, Analyst gid.ID

	// Owing are loops under way in which the interviewer owes a scorecard while
	// others have handed theirs in: one in executive_reporting, which the recruiter
	// leads, and one in in_app_experience, which the hiring manager leads.
	Owing []gid.ID

	// Openings with a story of their own: growth (FILLED), platform_reliability
	// (a seat filled, one open), mobile (PAUSED), ecosystem_integrations,
	// executive_reporting, in_app_experience, payments_succession (confidential).
	Openings map[string]gid.ID

	// Rows is how many were written, by table.
	Rows map[string]int
}

// Load fills a migrated database, which holds the built-in content and nothing
// else, in one transaction: all of the world or nothing of it.
func Load(ctx context.Context, d *store.DB, opt Options) (*World, error) {
	return load(ctx, d, opt, opt.Applications >= manyApplications)
}

func load(ctx context.Context, d *store.DB, opt Options, many bool) (*World, error) {
	ctx = access.System(ctx)
	if opt.Applications < 0 {
		return nil, fault.Invalidf("applications", "must not be negative")
	}
	if opt.Applications == 0 {
		opt.Applications = 600
	}
	if opt.Seed == 0 {
		opt.Seed = 1
	}
	if opt.Now.IsZero() {
		opt.Now = time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC)
	}
	opt.Now = opt.Now.UTC().Truncate(time.Second)
	if opt.Progress == nil {
		opt.Progress = func(int, int) {}
	}
	content, err := readContent(ctx, d)
	if err != nil {
		return nil, err
	}
	names, err := newNamer()
	if err != nil {
		return nil, err
	}
	var world *World
	err = d.InTx(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		w := &writer{
			content: content, now: opt.Now, tables: newTables(),
			ids:    gid.NewGenerator(func() time.Time { return opt.Now }, randomBytes(opt.Seed)),
			placed: map[string]gid.ID{}, said: newDemographics(opt.Seed, opt.Now),
		}
		var stripped []derived
		if many {
			if stripped, err = strip(ctx, d, tx, w.names()); err != nil {
				return err
			}
		}
		if err := w.begin(ctx, d, tx); err != nil {
			return err
		}
		world, err = w.world(names, opt)
		if err = w.end(err); err != nil {
			return err
		}
		return restore(ctx, d, tx, stripped)
	})
	if err == nil && many {
		err = study(ctx, d)
	}
	if err != nil {
		return nil, fmt.Errorf("load the demo: %w", err)
	}
	return world, nil
}

// world makes and writes everything, opening by opening.
func (w *writer) world(names *namer, opt Options) (*World, error) {
	r := newRandom(opt.Seed, 0)
	openings := plan(r, opt.Applications, opt.Now, w.words["products"])
	circles, total := 1, 0
	for _, o := range openings {
		circles = max(circles, o.circle+1)
		total += o.applications
	}
	company := found(r, names, circles, opt.Now.Add(-600*day))
	w.writeCompany(company)
	people := newPeople(names, w.words, total)
	world := &World{Now: opt.Now, Openings: map[string]gid.ID{}, Rows: map[string]int{}}
	done := 0
	for n, o := range openings {
		r := newRandom(opt.Seed, uint64(1+n))
		live, err := w.liveOpening(r, n, o, company)
		if err != nil {
			return nil, err
		}
		w.writeOpening(r, live)
		for i, s := range live.outcome.stories {
			if err := w.writeApplication(r, live, s, people); err != nil {
				return nil, err
			}
			if w.full() {
				if err := w.flush(); err != nil {
					return nil, err
				}
				opt.Progress(done+i, total)
			}
		}
		w.writeSeats(r, live)
		if o.key != "" {
			world.Openings[o.key] = live.id
		}
		done += o.applications
		opt.Progress(done, total)
	}
	world.Admin, world.Analyst = company.admin.id, company.analyst.id
	world.Recruiter = company.circles[0].recruiters[0].id
	world.HiringManager = company.circles[0].managers[0].id
	world.Owing = w.owing
	world.Interviewer = company.circles[0].owing().id
	w.writeAPIKeys(world)
	for _, t := range w.inOrder() {
		world.Rows[t.name] = t.written
	}
	return world, nil
}

// randomBytes are the random part of ids.
func randomBytes(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}
