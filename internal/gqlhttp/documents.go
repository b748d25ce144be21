package gqlhttp

import (
	"container/list"
	"context"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// documents keeps the valid documents that were used last, within a budget of
// bytes: counted in entries, padded documents could hold any amount.
type documents struct {
	mu     sync.Mutex
	budget int
	used   int
	order  *list.List // of *document, the latest in front
	byText map[string]*list.Element
}

type document struct {
	text  string
	doc   *ast.QueryDocument
	bytes int
}

func newDocuments(budget int) *documents {
	return &documents{budget: budget, order: list.New(), byText: map[string]*list.Element{}}
}

func (d *documents) get(text string) *ast.QueryDocument {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byText[text]
	if e == nil {
		return nil
	}
	d.order.MoveToFront(e)
	return e.Value.(*document).doc
}

func (d *documents) put(text string, doc *ast.QueryDocument) {
	entry := &document{text: text, doc: doc, bytes: weigh(text, doc)}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byText[text] != nil || entry.bytes > d.budget {
		return
	}
	d.byText[text] = d.order.PushFront(entry)
	d.used += entry.bytes
	for d.used > d.budget {
		oldest := d.order.Back()
		e := d.order.Remove(oldest).(*document)
		delete(d.byText, e.text)
		d.used -= e.bytes
	}
}

// handover gives gqlgen the document that its Executor has already parsed and
// validated for this very request.
type handover struct{}

type handoverKey struct{}

func (handover) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(handoverKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (handover) Add(context.Context, string, *ast.QueryDocument) {}
