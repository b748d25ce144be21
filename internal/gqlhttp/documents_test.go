package gqlhttp

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

// The cache answers as the latest documents that fit its budget would.
func TestDocumentsAreBoundedByBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := rapid.IntRange(0, 40_000).Draw(t, "budget")
		cache := newDocuments(budget)
		var latest []string // model: oldest first
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			size := rapid.IntRange(1, 12).Draw(t, "fields")
			text := "{ " + strings.Repeat("a ", size) + "}"
			doc, _ := parser.ParseQuery(&ast.Source{Input: text})
			known := false
			for i, l := range latest {
				if l == text {
					known = true
					latest = append(append(latest[:i:i], latest[i+1:]...), text)
					break
				}
			}
			if got := cache.get(text) != nil; got != known {
				t.Fatalf("%q: found %v, want %v", text, got, known)
			}
			if known {
				continue
			}
			cache.put(text, doc)
			if weigh(text, doc) > budget {
				continue
			}
			latest = append(latest, text)
			for total(t, latest) > budget {
				latest = latest[1:]
			}
			if cache.used != total(t, latest) || cache.order.Len() != len(latest) || len(cache.byText) != len(latest) {
				t.Fatalf("holds %d bytes in %d documents, want %d in %d", cache.used, cache.order.Len(), total(t, latest), len(latest))
			}
		}
	})
}

func total(t *rapid.T, texts []string) int {
	sum := 0
	for _, text := range texts {
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err)
		}
		sum += weigh(text, doc)
	}
	return sum
}

// The estimate must not be below what documents really take, or the budget
// bounds nothing; nor so far above that the cache is useless.
func TestWeighIsAboveTheHeap(t *testing.T) {
	h, _ := serveToy(t, Options{Limits: Limits{CacheBytes: 1 << 30, Aliases: 1000, Repeats: 1000, ListItems: 3000}})
	for _, c := range []struct {
		shape string
		query func(i int) string
	}{
		{"small", func(i int) string { return fmt.Sprintf(`query Q%d { hello }`, i) }},
		{"repeated fields", func(i int) string {
			return fmt.Sprintf("query Q%d { things { nodes { %s } } }", i, strings.Repeat("id ", 900))
		}},
		{"padded with a comment", func(i int) string { return fmt.Sprintf("query Q%d { hello } #%s", i, strings.Repeat("x", 15_000)) }},
		{"many comments", func(i int) string {
			return fmt.Sprintf("query Q%d { hello %s}", i, strings.Repeat("#\n", 3_000))
		}},
		{"a comment for each field", func(i int) string {
			return fmt.Sprintf("query Q%d { things { nodes { %s } } }", i, strings.Repeat("#\nid ", 900))
		}},
		{"long string", func(i int) string {
			return fmt.Sprintf(`query Q%d { hello(name: "%s") }`, i, strings.Repeat("x", 15_000))
		}},
		{"lists", func(i int) string {
			return fmt.Sprintf(`query Q%d { search(filter: {matrix: [[%s]]}) }`, i, strings.Repeat("1 ", 3_000))
		}},
		{"directives", func(i int) string {
			return fmt.Sprintf(`query Q%d { things { nodes { %s } } }`, i, repeat(50, func(int) string { return "... @skip(if: false) { id }" }))
		}},
		{"fragments", func(i int) string {
			return fmt.Sprintf(`query Q%d { %s } %s`, i, repeat(20, func(j int) string { return fmt.Sprintf("...F%d", j) }),
				repeat(20, func(j int) string { return fmt.Sprintf("fragment F%d on Query { hello }", j) }))
		}},
	} {
		const n = 8
		cache := h.exec.documents
		used, before := cache.used, heap()
		for i := range n {
			if _, errs := h.exec.document(c.query(i)); errs != nil {
				t.Fatalf("%s: %v", c.shape, errs)
			}
		}
		real := (heap() - before) / n
		estimate := (cache.used - used) / n
		t.Logf("%-22s %7d bytes each, estimated %7d", c.shape, real, estimate)
		if real > estimate || estimate > 6*real+bytesEach {
			t.Errorf("%s: %d bytes each, estimated %d", c.shape, real, estimate)
		}
	}
	runtime.KeepAlive(h)
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// One document runs for many requests at once: nothing may write to it.
func TestOneDocumentServesMany(t *testing.T) {
	h, _ := serveToy(t, Options{})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			w := call{body: fmt.Sprintf(`{"query":"query($a: Int!, $f: Filter) { add(a: $a) ...F } fragment F on Query { search(filter: $f) }",
				"variables":{"a":%d,"f":{"and":{"limit":%d}}}}`, i, i)}.send(h)
			want := fmt.Sprintf(`{"add":%d,"search":"{\"filter\":{\"and\":[{\"limit\":%d}]}}"}`, i+1, i)
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("got %s, want %s", w.Body, want)
			}
		})
	}
	all.Wait()
}

// The slowest documents known that are within the limits.
func BenchmarkHostileDocuments(b *testing.B) {
	for shape, query := range map[string]string{
		"merge": "{ things { " + strings.Repeat("nodes { id name } ", 300) + "} }",
		"chain": "{ things { nodes { ...F0 } } } " + repeat(290, func(i int) string {
			return fmt.Sprintf("fragment F%d on Thing { id name ...F%d }", i, i+1)
		}) + "fragment F290 on Thing { id }",
	} {
		b.Run(shape, func(b *testing.B) {
			h, _ := serveToy(b, Options{Limits: Limits{CacheBytes: 1, Repeats: 1000, Fragments: 1000}})
			for b.Loop() {
				if _, errs := h.exec.document(query); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
