// Package interchange owns what all importers share: reading tables of text,
// the report of a run, the records that an import wants to be there, what a
// history with gaps means, and making the database agree with them.
//
// It does not know any other system: what a row of an export means is decided
// in the folder of that system, which makes records of it and calls Apply. It
// decides nothing about hiring: histories are told by funnel.
//
// An import only ever adds and updates. It never deletes, and never overwrites
// what was changed here since it was imported. Which row here came from which
// row there is kept as external references, by which the next run finds it.
package interchange

import (
	"time"

	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// Options say how to import. IDs is required.
type Options struct {
	// System names the other system in provenance, e.g. "greenhouse". Two
	// accounts of one system need two names. Importers have a default.
	System string
	// DryRun makes the whole report and changes nothing.
	DryRun bool
	// IDs makes the ids of new rows.
	IDs *gid.Generator
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Progress, when not nil, hears how many records of how many are done.
	Progress func(done, total int)
}

// Complete fills in what may be left out and refuses what cannot work.
func (o Options) Complete(system string) (Options, error) {
	if o.System == "" {
		o.System = system
	}
	if len(o.System) > maxID {
		return o, fault.Invalidf("system", "is longer than %d bytes", maxID)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	return o, nil
}

// maxID is how long ids of the other system may be, in bytes: they are indexed.
const maxID = 200
