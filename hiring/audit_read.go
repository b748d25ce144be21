package hiring

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"entgo.io/ent"
	lru "github.com/hashicorp/golang-lru/v2"

	"hireloop/ent/db"
	"hireloop/ent/db/auditentry"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// Sensitive readings, as the audit trail calls them.
const (
	readOffer      = "readOfferTerms"
	readScorecard  = "readScorecard"
	readEvidence   = "readEvidence" // what the scorecards of a loop add up to
	readAuditTrail = "readAuditTrail"
)

// sightings are what sensitive things one operation has read so far. It is used
// from many goroutines.
type sightings struct {
	sync.Mutex
	of     map[sighting]bool
	own    map[gid.ID]bool   // cards of the viewer's, which are nothing to record
	cardOf map[gid.ID]gid.ID // by revision, as far as it came to be known
}

// sighting is that of one thing; of nothing in particular when that is Nil.
type sighting struct {
	action string
	of     gid.ID
}

type sightingsKey struct{}

// Watched returns a context in which it is noted which sensitive things are read.
// Settle records them.
func Watched(ctx context.Context) context.Context {
	return context.WithValue(ctx, sightingsKey{}, &sightings{
		of: map[sighting]bool{}, own: map[gid.ID]bool{}, cardOf: map[gid.ID]gid.ID{},
	})
}

// sighted are the sightings of ctx's operation, to be told what it shows to the
// viewer; nil where that is nothing: what the program reads for itself, and what a
// use case reads to decide.
func sighted(ctx context.Context) *sightings {
	if access.IsSystem(ctx) || ctx.Value(writeKey{}) != nil || access.ViewerOf(ctx) == nil {
		return nil
	}
	seen, _ := ctx.Value(sightingsKey{}).(*sightings)
	return seen
}

// sight notes that ctx's operation shows these things to the viewer.
func sight(ctx context.Context, action string, things ...gid.ID) {
	if seen := sighted(ctx); seen != nil {
		seen.Lock()
		defer seen.Unlock()
		for _, id := range things {
			seen.of[sighting{action, id}] = true
		}
	}
}

// note notes rows that a query found.
func (s *sightings) note(viewer gid.ID, rows ent.Value) {
	s.Lock()
	defer s.Unlock()
	card := func(id gid.ID) { s.of[sighting{readScorecard, id}] = true }
	switch rows := rows.(type) {
	case []*db.OfferVersion:
		for _, row := range rows {
			s.of[sighting{readOffer, row.OfferID}] = true
		}
	case []*db.Scorecard:
		for _, row := range rows {
			s.own[row.ID] = row.InterviewerID == viewer
			if row.CurrentRevisionID != nil {
				s.cardOf[*row.CurrentRevisionID] = row.ID
			}
			if row.Recommendation != nil {
				card(row.ID)
			}
		}
	case []*db.ScorecardRevision:
		for _, row := range rows {
			s.cardOf[row.ID] = row.ScorecardID
			card(row.ScorecardID)
		}
	case []*db.SignalRating:
		for _, row := range rows {
			card(row.RevisionID) // for now: see worthRecording
		}
	case []*db.RedFlagObservation:
		for _, row := range rows {
			card(row.ScorecardID)
		}
	case []*db.Debrief:
		for _, row := range rows {
			s.of[sighting{readEvidence, row.LoopID}] = true
		}
	}
}

// worthRecording are the sightings without those of the viewer's own cards, in
// order.
func (s *sightings) worthRecording() []sighting {
	s.Lock()
	defer s.Unlock()
	worth := map[sighting]bool{}
	for one := range s.of {
		if card, known := s.cardOf[one.of]; known {
			one.of = card
		}
		if !s.own[one.of] {
			worth[one] = true
		}
	}
	return slices.SortedFunc(maps.Keys(worth), func(a, b sighting) int {
		return cmp.Or(cmp.Compare(a.action, b.action), bytes.Compare(a.of[:], b.of[:]))
	})
}

// watchReads notes reading of sensitive rows, whichever way they are come by.
func watchReads() db.Interceptor {
	return ent.InterceptFunc(func(next ent.Querier) ent.Querier {
		return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
			rows, err := next.Query(ctx, q)
			if _, trail := q.(*db.AuditEntryQuery); trail { // counting it tells, too
				sight(ctx, readAuditTrail, gid.Nil)
			}
			if seen := sighted(ctx); seen != nil && err == nil {
				seen.note(access.ViewerOf(ctx).Member, rows)
			}
			return rows, err
		})
	})
}

// recordedFor is how long a reading stands for those of the same thing, by the same
// member or key from the same address, that follow it: a board that is looked at
// again and again is not recorded each time.
const recordedFor = time.Hour

// recordedReads are the readings that were recorded last by this process.
type recordedReads struct {
	sync.Mutex
	at *lru.Cache[reading, time.Time]
}

// reading is somebody's reading of one thing.
type reading struct {
	sighting
	actor, key gid.ID
	address    string
}

// maxRecordedReads bounds what is remembered: some 15 MB.
const maxRecordedReads = 100_000

// fresh are the readings that do not stand recorded yet.
func (r *recordedReads) fresh(all []reading, now time.Time) []reading {
	r.Lock()
	defer r.Unlock()
	if r.at == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(one reading) bool {
		at, known := r.at.Get(one)
		return known && now.Sub(at) < recordedFor
	})
}

// add remembers readings that were recorded.
func (r *recordedReads) add(recorded []reading, now time.Time) error {
	r.Lock()
	defer r.Unlock()
	if r.at == nil {
		var err error
		if r.at, err = lru.New[reading, time.Time](maxRecordedReads); err != nil {
			return err
		}
	}
	for _, one := range recorded {
		r.at.Add(one, now)
	}
	return nil
}

// Settle records what sensitive things the operation of ctx (see Watched) has
// read, unless that was recorded shortly before, and which of its actions were
// refused, in one statement; none when there is nothing. What could not be recorded
// must not be answered.
func (s *Service) Settle(ctx context.Context, refused []string) error {
	seen, _ := ctx.Value(sightingsKey{}).(*sightings)
	if seen == nil || access.ViewerOf(ctx) == nil {
		return nil
	}
	now, viewer, from := s.Now(), access.ViewerOf(ctx), access.OriginOf(ctx)
	var read []reading
	for _, one := range seen.worthRecording() {
		read = append(read, reading{one, viewer.Member, viewer.Key, from.Address})
	}
	read = s.reads.fresh(read, now)
	var entries []auditEntry
	for _, one := range read {
		entries = append(entries, s.newAuditEntry(ctx, auditentry.KindREAD, one.action, one.of, nil))
	}
	for _, action := range refused {
		entries = append(entries, s.newAuditEntry(ctx, auditentry.KindREFUSAL, action, gid.Nil, nil))
	}
	if err := s.audit(ctx, entries...); err != nil {
		return err
	}
	return s.reads.add(read, now)
}

// RecordExport records that the viewer takes a report away as a file.
func (s *Service) RecordExport(ctx context.Context, report, form string) error {
	return s.audit(ctx, s.newAuditEntry(ctx, auditentry.KindEXPORT, report, gid.Nil, map[string]any{"form": form}))
}

// RecordRefusal records that the viewer was refused something.
func (s *Service) RecordRefusal(ctx context.Context, action string) error {
	return s.audit(ctx, s.newAuditEntry(ctx, auditentry.KindREFUSAL, action, gid.Nil, nil))
}

// audit adds entries on their own, outside any use case.
func (s *Service) audit(ctx context.Context, entries ...auditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	return s.Store.Retry(ctx, func(ctx context.Context) error { return writeAudit(ctx, s.Store.Dialect(), s.Store.SQL(), entries) })
}
