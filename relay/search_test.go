package relay_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/schema"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/relay"
)

func newCandidate(c *db.Client, id gid.ID, text string) *db.CandidateCreate {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return c.Candidate.Create().SetID(id).SetName("x").SetSearchText(text).SetCreatedAt(at).SetUpdatedAt(at).
		SetLinks([]schema.CandidateLink{}).SetTags([]string{})
}

func found(t rapid.TB, c *db.Client, query string) []gid.ID {
	t.Helper()
	ids, err := c.Candidate.Query().Where(relay.Matches(candidate.FieldSearchText, query)).Order(candidate.ByID()).IDs(context.Background())
	if err != nil {
		t.Fatalf("search %q: %v", query, err)
	}
	return ids
}

func TestSearch(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		c := db.NewClient(db.Driver(d.Driver()))
		ids := gid.NewGenerator(nil, nil)
		texts := []string{
			"ada lovelace ada@analytical.example countess",
			"grace hopper navy",
			`o'neil "the rock" 100% c:\temp snake_case a*`,
			"שלום עולם 🙂👩‍👩‍👧 北京市",
			"",
		}
		byText := map[gid.ID]string{}
		for _, text := range texts {
			id := ids.New(gid.Candidate)
			byText[id] = text
			newCandidate(c, id, text).SaveX(t.Context())
		}
		for _, tc := range []struct {
			rule, query string
			want        []int
		}{
			{"no word matches everybody", " ", []int{0, 1, 2, 3, 4}},
			{"part of a word is enough", "velac", []int{0}},
			{"all words must match, in any order", "countess ada", []int{0}},
			{"one word that does not match is too many", "ada navy", nil},
			{"short words match inside words", "a", []int{0, 1, 2}},
			{"short and long words together", "hop er", []int{1}},
			{"a word is not split at punctuation", "ada@analytical", []int{0}},
			{"a word does not reach over a space", "adalovelace", nil},
			{"percent is a character", "100%", []int{2}},
			{"percent is no pattern", "1%0%", nil},
			{"underscore is no pattern", "snake_c", []int{2}},
			{"underscore is one character", "hop_er", nil},
			{"backslash is a character", `c:\temp`, []int{2}},
			{"a lone backslash", `\`, []int{2}},
			{"double quotes", `"the`, []int{2}},
			{"a lone double quote", `"`, []int{2}},
			{"three double quotes", `"""`, nil},
			{"single quotes", "o'neil", []int{2}},
			{"operators of full-text search are words", "ada OR grace", nil},
			{"a column filter is a word", "search_text:ada", nil},
			{"a star is a character", "a*", []int{2}},
			{"right-to-left text", "לום", []int{3}},
			{"one emoji", "🙂", []int{3}},
			{"an emoji of many parts", "👩‍👩‍👧", []int{3}},
			{"two ideographs", "北京", []int{3}},
			{"three ideographs", "北京市", []int{3}},
			{"case was folded before", "ADA", nil},
		} {
			t.Run(tc.rule, func(t *testing.T) {
				var want []string
				for _, i := range tc.want {
					want = append(want, texts[i])
				}
				var got []string
				for _, id := range found(t, c, tc.query) {
					got = append(got, byText[id])
				}
				if !slices.Equal(got, want) {
					t.Errorf("search %q = %q, want %q", tc.query, got, want)
				}
			})
		}
	})
}

// TestSearchFollowsTheText changes candidates at random; searching always finds
// those whose text has all the words, on both engines.
func TestSearchFollowsTheText(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		c := db.NewClient(db.Driver(d.Driver()))
		ids := gid.NewGenerator(nil, nil)
		word := rapid.StringOfN(rapid.SampledFrom([]rune(`aabbcABéßıIſK"'%_\*()-:^+{}א🙂👩`+"\u200d\u0301")), 1, 5, -1)
		text := rapid.Map(rapid.SliceOfN(word, 0, 4), func(words []string) string { return strings.Join(words, " ") })
		byID := func(a, b gid.ID) int { return strings.Compare(a.UUID(), b.UUID()) }
		rapid.Check(t, func(r *rapid.T) {
			ctx := t.Context()
			c.Candidate.Delete().ExecX(ctx)
			have := map[gid.ID]string{}
			someone := func(r *rapid.T) gid.ID {
				if len(have) == 0 {
					r.Skip("nobody is there")
				}
				return rapid.SampledFrom(slices.SortedFunc(maps.Keys(have), byID)).Draw(r, "who")
			}
			r.Repeat(map[string]func(*rapid.T){
				"add": func(r *rapid.T) {
					id := ids.New(gid.Candidate)
					have[id] = text.Draw(r, "text")
					newCandidate(c, id, have[id]).ExecX(ctx)
				},
				"change": func(r *rapid.T) {
					id := someone(r)
					have[id] = text.Draw(r, "text")
					c.Candidate.UpdateOneID(id).SetSearchText(have[id]).ExecX(ctx)
				},
				"delete": func(r *rapid.T) {
					id := someone(r)
					delete(have, id)
					c.Candidate.DeleteOneID(id).ExecX(ctx)
				},
				"search": func(r *rapid.T) {
					query := text.Draw(r, "query")
					if all := []rune(have[someone(r)]); len(all) > 0 && rapid.Bool().Draw(r, "for a part of a text") {
						from := rapid.IntRange(0, len(all)-1).Draw(r, "from")
						query = string(all[from:min(len(all), from+rapid.IntRange(1, 6).Draw(r, "length"))])
					}
					var want []gid.ID
					for id, text := range have {
						lacks := func(word string) bool { return !strings.Contains(text, word) }
						if !slices.ContainsFunc(strings.Fields(query), lacks) {
							want = append(want, id)
						}
					}
					slices.SortFunc(want, byID)
					if got := found(r, c, query); !slices.Equal(got, want) {
						r.Fatalf("search %q finds %d, want %d of %q", query, len(got), len(want), have)
					}
				},
			})
		})
	})
}

// TestSearchReadsAnIndex looks at the plans on as many candidates as make
// reading them all the worse choice.
func TestSearchReadsAnIndex(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		ctx := context.Background()
		c := db.NewClient(db.Driver(d.Driver()))
		ids := gid.NewGenerator(nil, nil)
		const many = 20_000
		tx, err := d.SQL().BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		bulk, err := d.Bulk(ctx, tx, "candidates", []string{
			"id", "name", "search_text", "created_at", "updated_at", "links", "tags", "is_private", "version"})
		if err != nil {
			t.Fatal(err)
		}
		at := d.Now()
		started := time.Now()
		for n := range many {
			text := fmt.Sprintf("person%05d surname%05d p%d@mail%d.example engineer go kubernetes", n, n*7919%many, n, n%97)
			if err := bulk.Add(ids.New(gid.Candidate), "x", text, at, at, []string{}, []string{}, false, 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := bulk.Close(); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d candidates stored in %v", many, time.Since(started))
		// PostgreSQL collects new entries apart until VACUUM sorts them in;
		// SQLite may give the candidates other row ids.
		for _, tidy := range []string{"VACUUM", "ANALYZE"} {
			if _, err := d.SQL().ExecContext(ctx, tidy); err != nil {
				t.Fatal(err)
			}
		}

		const query = "son12345 engin"
		counted, statements := store.CountStatements(ctx)
		started = time.Now()
		if n, err := c.Candidate.Query().Where(relay.Matches(candidate.FieldSearchText, query)).Count(counted); err != nil || n != 1 {
			t.Fatalf("found %d (%v), want 1", n, err)
		}
		t.Logf("found in %v", time.Since(started))

		explain, args, want := "EXPLAIN ", []any{"%son12345%", "%engin%"}, "candidates_search_text_trigrams"
		if d.Dialect() == "sqlite3" {
			explain, args, want = "EXPLAIN QUERY PLAN ", []any{`"son12345" AND "engin"`}, "candidates_search_text VIRTUAL TABLE INDEX"
		}
		rows, err := d.SQL().QueryContext(ctx, explain+statements.List()[0], args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			line := make([]any, len(columns))
			for i := range line {
				line[i] = new(any)
			}
			if err := rows.Scan(line...); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, fmt.Sprint(*line[len(line)-1].(*any)))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		t.Log(text)
		if !strings.Contains(text, want) || strings.Contains(text, "SCAN candidates\n") || strings.Contains(text, "Seq Scan on candidates") {
			t.Errorf("the plan does not use %s", want)
		}
	})
}
