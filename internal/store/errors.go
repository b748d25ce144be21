package store

import (
	"errors"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// IsUniqueViolation tells whether err is a second row with a unique key. The
// engines say different things about which: PostgreSQL names the constraint,
// SQLite the columns (or the constraint, when it is an index over expressions).
func IsUniqueViolation(err error) (constraint string, columns []string, ok bool) {
	if e := pq.As(err, pqerror.UniqueViolation); e != nil {
		return e.Constraint, nil, true
	}
	e, found := errors.AsType[*sqlite.Error](err)
	if !found {
		return "", nil, false
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		constraint, columns = uniqueKey(e.Error())
		return constraint, columns, true
	}
	return "", nil, false
}

// uniqueKey reads "…UNIQUE constraint failed: t.a, t.b (2067)" or
// "…failed: index 'name' (2067)": the only place where SQLite says which.
func uniqueKey(text string) (constraint string, columns []string) {
	_, list, _ := strings.Cut(text, "constraint failed: ")
	if at := strings.LastIndex(list, "constraint failed: "); at >= 0 {
		list = list[at+len("constraint failed: "):]
	}
	if at := strings.LastIndex(list, " ("); at >= 0 {
		list = list[:at]
	}
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		return strings.TrimSuffix(name, "'"), nil
	}
	for column := range strings.SplitSeq(list, ", ") {
		if _, name, ok := strings.Cut(column, "."); ok {
			columns = append(columns, name)
		}
	}
	return "", columns
}

// IsForeignKeyViolation tells whether err is a reference to a row that is not
// there, or the removal of a row that is referred to.
func IsForeignKeyViolation(err error) bool {
	if pq.As(err, pqerror.ForeignKeyViolation) != nil {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// IsRetryable tells whether the transaction that failed with err left nothing
// behind and may succeed when it is run again from its beginning.
func IsRetryable(err error) bool {
	if pq.As(err, pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected) != nil || isStale(err) {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// withoutValues takes out of err what the server quotes of rows and arguments,
// so that nobody above can log or show it. Data exceptions quote them in the
// message, of which the name of the condition is left; all others name tables,
// columns and constraints there, and quote in the details.
func withoutValues(err error) error {
	if e := pq.As(err); e != nil {
		if e.Code.Class() == pqerror.ClassDataException {
			e.Message = e.Code.Name()
		}
		e.Detail, e.Where, e.InternalQuery = "", "", ""
	}
	return err
}
