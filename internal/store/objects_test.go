package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/schema"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	connections "hireloop/relay"
)

func client(d *store.DB) *db.Client { return db.NewClient(db.Driver(d.Driver())) }

// addCandidate also works when the table has columns that ent does not know.
func addCandidate(t *testing.T, d *store.DB, id gid.ID, text string) {
	t.Helper()
	must(t, client(d).Candidate.Create().SetID(id).SetName("x").SetSearchText(text).SetCreatedAt(d.Now()).SetUpdatedAt(d.Now()).
		SetLinks([]schema.CandidateLink{}).SetTags([]string{}).Exec(t.Context()))
}

func search(t *testing.T, d *store.DB, query string) []gid.ID {
	t.Helper()
	ids, err := client(d).Candidate.Query().Where(connections.Matches(candidate.FieldSearchText, query)).IDs(t.Context())
	must(t, err)
	return ids
}

// TestEventsAreNumberedInTheOrderOfCommits lets one reader follow the feed while
// several programs write: who reads on from the last number misses nothing.
func TestEventsAreNumberedInTheOrderOfCommits(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		const writers, each = 8, 40
		c, ids := client(d), gid.NewGenerator(nil, nil)
		var writing sync.WaitGroup
		for range writers {
			writing.Go(func() {
				for range each {
					err := d.Retry(t.Context(), func(ctx context.Context) error {
						return store.Transact(ctx, c.Tx, func(ctx context.Context, tx *db.Tx) error {
							event, err := tx.Event.Create().SetType("x").SetSubjectID(ids.New(gid.Candidate)).SetRecordedAt(d.Now()).Save(ctx)
							if err == nil && event.ID == 0 {
								err = fmt.Errorf("the event has no number")
							}
							if err == nil {
								_, err = tx.Candidate.Query().Count(ctx) // takes a while longer
							}
							return err
						})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		ended := make(chan struct{})
		go func() { writing.Wait(); close(ended) }()
		var seen []int64
		for last, done := int64(0), false; !done; {
			select {
			case <-ended:
				done = true // and read once more
			default:
			}
			rows, err := d.SQL().Query(`SELECT id FROM events WHERE id > $1 ORDER BY id`, last)
			must(t, err)
			for rows.Next() {
				must(t, rows.Scan(&last))
				seen = append(seen, last)
			}
			must(t, rows.Err())
		}
		if len(seen) != writers*each || !slices.IsSorted(seen) {
			t.Errorf("the reader saw %d events, want %d in ascending order", len(seen), writers*each)
		}
	})
}

func TestHistoryIsOnlyAddedTo(t *testing.T) {
	ids := gid.NewGenerator(nil, nil)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for table, insert := range map[string]struct {
		columns string
		values  []any
	}{
		"stage_events": {"id, application_id, sequence, kind, occurred_at, recorded_at, quality",
			[]any{ids.New(gid.StageEvent), ids.New(gid.Application), 1, "ENTER", at, at, "RECORDED"}},
		"audit_entries": {"id, recorded_at, action, details, changes, digest",
			[]any{ids.New(gid.AuditEntry), at, "x", "{}", "[]", []byte("digest")}},
		"audit_links": {"entry_id, hash", []any{ids.New(gid.AuditEntry), []byte("hash")}},
		"events":      {"type, subject_id, recorded_at", []any{"x", ids.New(gid.Candidate), at}},
	} {
		t.Run(table, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, d *store.DB) {
				// The rows that this one refers to do not matter here.
				conn, err := d.SQL().Conn(t.Context())
				must(t, err)
				defer conn.Close()
				off, on := "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
				if d.Dialect() == "postgres" {
					off, on = "SET ROLE NONE; SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
				}
				places := "$1"
				for i := range insert.values[1:] {
					places += fmt.Sprintf(", $%d", i+2)
				}
				_, err = conn.ExecContext(t.Context(), off)
				must(t, err)
				_, err = conn.ExecContext(t.Context(), "INSERT INTO "+table+" ("+insert.columns+") VALUES ("+places+")", insert.values...)
				must(t, err)
				_, err = conn.ExecContext(t.Context(), on)
				must(t, err)
				refused := []string{"UPDATE " + table + " SET id = id"}
				if strings.HasPrefix(table, "audit") { // an erasure may take history, never the trail
					refused = append(refused, "DELETE FROM "+table)
				}
				for _, statement := range refused {
					_, err = conn.ExecContext(t.Context(), statement)
					if want := "rows of " + table + " are only ever added"; err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("%s = %v, want an error that says %q", statement, err, want)
					}
				}
			})
		})
	}
}
