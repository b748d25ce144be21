package relay_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hireloop/ent/db"
	"hireloop/ent/db/level"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
	"hireloop/relay"
)

var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

// shelf is ladders with levels whose ranks, names and times have many ties.
type shelf struct {
	client  *db.Client
	ladders []*db.Ladder
	levels  []*db.Level // in no order
}

func newShelf(t *testing.T, d *store.DB) *shelf {
	ctx := t.Context()
	s := &shelf{client: db.NewClient(db.Driver(d.Driver()))}
	random := rand.New(rand.NewPCG(1, 2))
	ids := gid.NewGenerator(func() time.Time { return noon }, nil)
	for i, size := range []int{0, 1, 7, 40} {
		ladder := s.client.Ladder.Create().SetID(ids.New(gid.Ladder)).SetKey(fmt.Sprint("ladder", i)).SetName("L").
			SetCreatedAt(noon).SetUpdatedAt(noon).SaveX(ctx)
		s.ladders = append(s.ladders, ladder)
		for j := range size {
			at := noon.Add(time.Duration(random.IntN(4)) * 500 * time.Microsecond)
			s.levels = append(s.levels, s.client.Level.Create().SetID(ids.New(gid.Level)).SetLadderID(ladder.ID).
				SetKey(fmt.Sprint("level", j)).SetName([]string{"a", "B", "é", "z", "日本"}[random.IntN(5)]).SetRank(random.IntN(4)).
				SetExternalEquivalents(nil).SetCreatedAt(at).SetUpdatedAt(at).SaveX(ctx))
		}
	}
	return s
}

func reading(ctx context.Context) context.Context {
	return relay.WithReader(ctx, &relay.Reader{Key: []byte("secret"), Viewer: "somebody", Now: func() time.Time { return noon }})
}

type order struct {
	sort    relay.Sort
	compare func(a, b *db.Level) int
}

var orders = []order{
	{relay.Sort{}, func(*db.Level, *db.Level) int { return 0 }},
	{relay.Sort{Term: relay.By("RANK", level.FieldRank, relay.Number)}, func(a, b *db.Level) int { return cmp.Compare(a.Rank, b.Rank) }},
	{relay.Sort{Term: relay.By("NAME", level.FieldName, relay.Text)}, func(a, b *db.Level) int { return cmp.Compare(a.Name, b.Name) }},
	{relay.Sort{Term: relay.By("TIME", level.FieldCreatedAt, relay.Time)}, func(a, b *db.Level) int { return a.CreatedAt.Compare(b.CreatedAt) }},
	{relay.Sort{Term: computed}, func(a, b *db.Level) int { return cmp.Compare(a.Rank%2, b.Rank%2) }},
}

// computed is an order by what no column holds, as of a moment.
var computed = relay.Term{Name: "COMPUTED", Type: relay.Number, Expr: func(s *sql.Selector, asOf time.Time) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(").Ident(s.C(level.FieldRank)).WriteString(" % 2 + ").Arg(asOf.Year()).WriteString(")")
	})
}}

// sorted is the oracle: the levels of a ladder (all, when nil) in an order.
func (s *shelf) sorted(of *db.Ladder, o order) []gid.ID {
	var levels []*db.Level
	for _, l := range s.levels {
		if of == nil || l.LadderID == of.ID {
			levels = append(levels, l)
		}
	}
	slices.SortFunc(levels, func(a, b *db.Level) int {
		c := cmp.Or(o.compare(a, b), cmp.Compare(a.ID.UUID(), b.ID.UUID()))
		if o.sort.Desc {
			return -c
		}
		return c
	})
	ids := []gid.ID{}
	for _, l := range levels {
		ids = append(ids, l.ID)
	}
	return ids
}

// read fetches a page and its edges' cursors.
func read(t *rapid.T, ctx context.Context, c *relay.Connection[*db.Level]) (ids []gid.ID, cursors []string, info *relay.PageInfo) {
	edges, err := c.Edges(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ids = []gid.ID{}
	for _, e := range edges {
		cursor, err := e.Cursor()
		if err != nil {
			t.Fatal(err)
		}
		ids, cursors = append(ids, e.Node.ID), append(cursors, cursor)
	}
	if info, err = c.PageInfo(ctx); err != nil {
		t.Fatal(err)
	}
	return ids, cursors, info
}

// Every page, in every order, forwards and backwards, between any two cursors,
// of a whole list and of a list below a parent, is the slice that an in-memory
// oracle cuts.
func TestPagesAreWhatTheOracleCuts(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		s := newShelf(t, d)
		ctx := reading(t.Context())
		ladders := s.client.Ladder.Query().AllX(ctx)
		connect := func(of *db.Ladder, args relay.Args, sort relay.Sort) (*relay.Connection[*db.Level], error) {
			if of == nil {
				return relay.Paginate(ctx, "levels", s.client.Level.Query(), args, sort)
			}
			// A cohort of its own, so that each page is a load of its own.
			return relay.Nested(ctx, relay.NewCohort(ladders), "ladder.levels", of.ID, relay.Column(level.FieldLadderID), s.client.Level.Query(), args, sort)
		}
		rapid.Check(t, func(t *rapid.T) {
			o := rapid.SampledFrom(orders).Draw(t, "order")
			o.sort.Desc = rapid.Bool().Draw(t, "desc")
			var of *db.Ladder
			if i := rapid.IntRange(-1, len(ladders)-1).Draw(t, "ladder"); i >= 0 {
				of = ladders[i]
			}
			all := s.sorted(of, o)
			cursorAt := func(i int) *string { // the cursor of row i, from the page that holds it alone
				args := relay.Args{First: new(1)}
				if i > 0 {
					before := relay.Args{First: new(min(i, 100))}
					c, err := connect(of, before, o.sort)
					if err != nil {
						t.Fatal(err)
					}
					_, cursors, _ := read(t, ctx, c)
					args.After = &cursors[len(cursors)-1]
				}
				c, err := connect(of, args, o.sort)
				if err != nil {
					t.Fatal(err)
				}
				_, cursors, _ := read(t, ctx, c)
				return &cursors[0]
			}
			from, to := 0, len(all)
			var args relay.Args
			if len(all) > 0 && rapid.Bool().Draw(t, "has after") {
				i := rapid.IntRange(0, len(all)-1).Draw(t, "after")
				args.After, from = cursorAt(i), i+1
			}
			if len(all) > 0 && rapid.Bool().Draw(t, "has before") {
				i := rapid.IntRange(0, len(all)-1).Draw(t, "before")
				args.Before, to = cursorAt(i), i
			}
			between := all[min(from, to):to]
			if from > to {
				between = nil
			}
			size := rapid.IntRange(1, 12).Draw(t, "size")
			want := slices.Clone(between[:min(size, len(between))])
			if rapid.Bool().Draw(t, "last") {
				args.Last = &size
				want = slices.Clone(between[max(0, len(between)-size):])
			} else {
				args.First = &size
			}
			c, err := connect(of, args, o.sort)
			if err != nil {
				t.Fatal(err)
			}
			got, _, info := read(t, ctx, c)
			if diff := gocmp.Diff(append([]gid.ID{}, want...), got); diff != "" {
				t.Fatalf("page of %+v: -want +got\n%s", args, diff)
			}
			if args.First != nil && info.HasNextPage != (len(between) > size || args.Before != nil) {
				t.Fatalf("hasNextPage is %t with %d rows for a page of %d", info.HasNextPage, len(between), size)
			}
			if args.Last != nil && info.HasPreviousPage != (len(between) > size || args.After != nil) {
				t.Fatalf("hasPreviousPage is %t with %d rows for a page of %d", info.HasPreviousPage, len(between), size)
			}
			if total, err := c.TotalCount(ctx); err != nil || total != len(all) {
				t.Fatalf("totalCount = %d, %v, want %d", total, err, len(all))
			}
		})
	})
}

// The same page of every sibling costs one statement, and so do all totals,
// however many siblings there are.
func TestSiblingsShareStatements(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		s := newShelf(t, d)
		ctx, statements := store.CountStatements(reading(t.Context()))
		ladders := s.client.Ladder.Query().AllX(ctx)
		rows := 0
		for _, l := range ladders {
			c, err := relay.Nested(ctx, l.Cohort(), "ladder.levels", l.ID, relay.Column(level.FieldLadderID), s.client.Level.Query(), relay.Args{First: new(3)}, orders[1].sort)
			if err != nil {
				t.Fatal(err)
			}
			nodes, err := c.Nodes(ctx)
			if err != nil {
				t.Fatal(err)
			}
			rows += len(nodes)
			if _, err := c.TotalCount(ctx); err != nil {
				t.Fatal(err)
			}
			for _, n := range nodes {
				if back, err := n.Ladder(ctx); err != nil || back.ID != l.ID {
					t.Fatalf("the ladder of a level of %v is %v, %v", l.ID, back, err)
				}
			}
		}
		if rows != 0+1+3+3 {
			t.Errorf("read %d rows, want 7", rows)
		}
		if got := statements.Count(); got != 4 { // ladders, pages, totals, ladders of levels
			t.Errorf("issued %d statements, want 4:\n%v", got, statements.List())
		}
	})
}

// A range that is the only condition of a nested list holds for each parent.
func TestALoneRangeHoldsForEachParent(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		s := newShelf(t, d)
		ctx := reading(t.Context())
		for _, l := range s.client.Ladder.Query().AllX(ctx) {
			c, err := relay.Nested(ctx, l.Cohort(), "ladder.levels", l.ID, relay.Column(level.FieldLadderID),
				s.client.Level.Query().Where(level.RankGTE(2)), relay.Args{First: new(100)}, relay.Sort{})
			if err != nil {
				t.Fatal(err)
			}
			nodes, err := c.Nodes(ctx)
			if err != nil {
				t.Fatal(err)
			}
			want := s.client.Level.Query().Where(level.LadderID(l.ID), level.RankGTE(2)).CountX(ctx)
			if len(nodes) != want {
				t.Errorf("%d levels of rank 2 and above, want %d", len(nodes), want)
			}
		}
	})
}

func TestArgumentsOutOfBoundsAreRefusedByName(t *testing.T) {
	testdb.Each(t, func(t *testing.T, d *store.DB) {
		s := newShelf(t, d)
		ctx := reading(t.Context())
		page := func(ctx context.Context, name string, args relay.Args, sort relay.Sort) (*relay.Connection[*db.Level], error) {
			return relay.Paginate(ctx, name, s.client.Level.Query(), args, sort)
		}
		first, err := page(ctx, "levels", relay.Args{First: new(1)}, orders[1].sort)
		if err != nil {
			t.Fatal(err)
		}
		info, err := first.PageInfo(ctx)
		if err != nil {
			t.Fatal(err)
		}
		good := info.EndCursor
		forged := []byte(*good)
		forged[len(forged)-3] ^= 1
		other := relay.WithReader(ctx, &relay.Reader{Key: []byte("secret"), Viewer: "somebody else", Now: func() time.Time { return noon }})
		for rule, c := range map[string]struct {
			ctx  context.Context
			name string
			args relay.Args
			sort relay.Sort
			path string
		}{
			"a page has a row":                      {ctx, "levels", relay.Args{First: new(0)}, orders[1].sort, "first"},
			"a page has at most 100":                {ctx, "levels", relay.Args{Last: new(101)}, orders[1].sort, "last"},
			"one end at a time":                     {ctx, "levels", relay.Args{First: new(1), Last: new(1)}, orders[1].sort, "last"},
			"a cursor is not any text":              {ctx, "levels", relay.Args{After: new("x")}, orders[1].sort, "after"},
			"a cursor cannot be forged":             {ctx, "levels", relay.Args{After: new(string(forged))}, orders[1].sort, "after"},
			"a cursor belongs to its order":         {ctx, "levels", relay.Args{After: good}, orders[2].sort, "after"},
			"a cursor belongs to its direction":     {ctx, "levels", relay.Args{After: good}, relay.Sort{Term: orders[1].sort.Term, Desc: true}, "after"},
			"a cursor belongs to its filter":        {ctx, "levels", relay.Args{After: good, Filter: "x"}, orders[1].sort, "after"},
			"a cursor belongs to its list":          {ctx, "others", relay.Args{Before: good}, orders[1].sort, "before"},
			"a cursor belongs to whom it was given": {other, "levels", relay.Args{After: good}, orders[1].sort, "after"},
		} {
			t.Run(rule, func(t *testing.T) {
				_, err := page(c.ctx, c.name, c.args, c.sort)
				refusals := fault.All(err)
				if len(refusals) != 1 || refusals[0].Kind != fault.Invalid || refusals[0].Path[0] != c.path {
					t.Errorf("got %v, want one refusal at %s", err, c.path)
				}
			})
		}
	})
}
