package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"
)

const (
	// maxBuffered is how many rows wait in memory: enough to make a statement
	// cheap, few enough to stay well under its time-out.
	maxBuffered = 5000
	// maxVariables is how many values one SQLite statement gets. SQLite allows
	// 32,766; beyond a few hundred more are not faster.
	maxVariables = 1000
)

// Bulk inserts many rows of one table. Rows are buffered: between calls of Add
// the transaction may be used for anything else, also for other Bulks. A row
// that refers to another needs that one flushed before. Not safe for
// concurrent use.
type Bulk struct {
	ctx     context.Context
	tx      *sql.Tx
	dialect string
	table   string
	columns []string
	values  []any // row after row
	full    *sql.Stmt
	failed  error
}

// Bulk begins inserting into the columns of table within tx. Nothing is stored
// for certain before Close returns nil.
func (d *DB) Bulk(ctx context.Context, tx *sql.Tx, table string, columns []string) (*Bulk, error) {
	if len(columns) == 0 || len(columns) > maxVariables {
		return nil, fmt.Errorf("bulk insert into %s: %d columns, want 1 to %d", table, len(columns), maxVariables)
	}
	return &Bulk{ctx: ctx, tx: tx, dialect: d.dialect, table: table, columns: columns}, nil
}

// Add takes one row, a value for each column, stored as ent stores them: ids
// and other valuers as their value, times in UTC to the microsecond, []byte as
// bytes, and json.RawMessage, structs, maps and slices as JSON. nil, also a nil
// pointer, map or slice, is NULL. The row is copied.
func (b *Bulk) Add(values ...any) error {
	if b.failed != nil {
		return b.failed
	}
	if len(values) != len(b.columns) {
		return fmt.Errorf("bulk insert into %s: %d values for %d columns", b.table, len(values), len(b.columns))
	}
	for i, v := range values {
		stored, err := b.stored(v)
		if err != nil {
			b.values = b.values[:len(b.values)-i]
			return fmt.Errorf("bulk insert into %s.%s: %w", b.table, b.columns[i], err)
		}
		b.values = append(b.values, stored)
	}
	if len(b.values) >= maxBuffered*len(b.columns) {
		return b.Flush()
	}
	return nil
}

// Flush sends the rows that wait. After an error the transaction must be
// rolled back; every later call returns the same error.
func (b *Bulk) Flush() error {
	if b.failed != nil || len(b.values) == 0 {
		return b.failed
	}
	send := b.insert
	if b.dialect == dialect.Postgres {
		send = b.insertJSON
	}
	if err := send(); err != nil {
		b.failed = fmt.Errorf("bulk insert into %s: %w", b.table, err)
	}
	clear(b.values) // lets go of the rows
	b.values = b.values[:0]
	return b.failed
}

// Close flushes and ends the insertion.
func (b *Bulk) Close() error {
	err := b.Flush()
	if b.full != nil {
		if e := b.full.Close(); err == nil {
			err = e
		}
		b.full = nil
	}
	return err
}

// insertJSON sends all rows as one argument, which the server reads as rows of
// the table. (COPY, no faster, is not to be had behind row-level security.)
func (b *Bulk) insertJSON() error {
	keys := make([][]byte, len(b.columns))
	for i, c := range b.columns {
		key, err := json.Marshal(c)
		if err != nil {
			return err
		}
		keys[i] = append(key, ':')
	}
	text := []byte{'['}
	for row := range b.rows(1) {
		text = append(text, '{')
		for i, v := range row {
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			text = append(append(append(text, keys[i]...), value...), ',')
		}
		text[len(text)-1] = '}'
		text = append(text, ',')
	}
	text[len(text)-1] = ']'
	table, columns := pq.QuoteIdentifier(b.table), b.columnList()
	_, err := b.tx.ExecContext(b.ctx, "INSERT INTO "+table+" ("+columns+") SELECT "+columns+
		" FROM json_populate_recordset(NULL::"+table+", $1::json)", string(text))
	return err
}

func (b *Bulk) insert() error {
	most := maxVariables / len(b.columns)
	for batch := range b.rows(most) {
		if len(batch) < most*len(b.columns) {
			_, err := b.tx.ExecContext(b.ctx, b.insertText(len(batch)/len(b.columns)), batch...)
			return err
		}
		if b.full == nil {
			stmt, err := b.tx.PrepareContext(b.ctx, b.insertText(most))
			if err != nil {
				return err
			}
			b.full = stmt
		}
		if _, err := b.full.ExecContext(b.ctx, batch...); err != nil {
			return err
		}
	}
	return nil
}

// rows walks the buffer, n rows at a time.
func (b *Bulk) rows(n int) func(yield func([]any) bool) {
	return func(yield func([]any) bool) {
		for rest := b.values; len(rest) > 0; {
			next := min(n*len(b.columns), len(rest))
			if !yield(rest[:next]) {
				return
			}
			rest = rest[next:]
		}
	}
}

func (b *Bulk) insertText(rows int) string {
	row := "(?" + strings.Repeat(", ?", len(b.columns)-1) + ")"
	return "INSERT INTO " + pq.QuoteIdentifier(b.table) + " (" + b.columnList() + ") VALUES " +
		row + strings.Repeat(", "+row, rows-1)
}

// columnList quotes the names: the quotes of PostgreSQL are SQLite's as well.
func (b *Bulk) columnList() string {
	quoted := make([]string, len(b.columns))
	for i, c := range b.columns {
		quoted[i] = pq.QuoteIdentifier(c)
	}
	return strings.Join(quoted, ", ")
}

// stored is v as the driver gets it, or as JSON has it.
func (b *Bulk) stored(v any) (any, error) {
	switch x := v.(type) {
	case nil, bool, int64:
		return v, nil
	case string:
		if !utf8.ValidString(x) { // JSON would take it, with other characters
			return nil, errors.New("the text is not UTF-8")
		}
		return x, nil
	case float64:
		if b.dialect == dialect.Postgres && (math.IsNaN(x) || math.IsInf(x, 0)) {
			return strconv.FormatFloat(x, 'g', -1, 64), nil // JSON has no such numbers
		}
		return x, nil
	case int:
		return int64(x), nil
	case time.Time:
		return x.UTC().Truncate(time.Microsecond), nil
	case json.RawMessage:
		return b.json(x), nil
	case driver.Valuer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return nil, nil
		}
		value, err := x.Value()
		if err != nil {
			return nil, err
		}
		return b.stored(value)
	case []byte:
		if x == nil {
			return nil, nil
		}
		if b.dialect == dialect.Postgres {
			return `\x` + hex.EncodeToString(x), nil
		}
		return append([]byte{}, x...), nil
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return nil, nil
		}
		return b.stored(r.Elem().Interface())
	case reflect.Map, reflect.Slice:
		if r.IsNil() {
			return nil, nil
		}
		fallthrough
	case reflect.Struct, reflect.Array:
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return b.json(text), nil
	}
	value, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return nil, err
	}
	return b.stored(value)
}

// json is itself within JSON, and a BLOB on SQLite, where ent keeps JSON in
// BLOBs.
func (b *Bulk) json(text json.RawMessage) any {
	switch {
	case text == nil:
		return nil
	case b.dialect == dialect.Postgres:
		return append(json.RawMessage{}, text...)
	}
	return append([]byte{}, text...)
}
