package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
)

const (
	revisionsTable = "schema_revisions"
	// objectsVersion is the row that says which derived objects are in place.
	objectsVersion = "objects"
)

// revisions is the table of what was applied: atlas's history of a database.
type revisions struct {
	q       schema.ExecQuerier
	dialect string
}

// Ident implements migrate.RevisionReadWriter.
func (r *revisions) Ident() *migrate.TableIdent {
	if r.dialect == dialect.Postgres {
		return &migrate.TableIdent{Name: revisionsTable, Schema: "public"}
	}
	return &migrate.TableIdent{Name: revisionsTable}
}

func (r *revisions) create(ctx context.Context) error {
	at := "datetime"
	if r.dialect == dialect.Postgres {
		at = "timestamptz"
	}
	_, err := r.q.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+revisionsTable+` (
		version text PRIMARY KEY, description text NOT NULL, statements bigint NOT NULL,
		hash text NOT NULL, applied_at `+at+` NOT NULL, took_ms bigint NOT NULL)`)
	return err
}

func (r *revisions) exist(ctx context.Context) (exist bool, err error) {
	query := `SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = '` + revisionsTable + `'`
	if r.dialect == dialect.Postgres {
		query = `SELECT to_regclass('` + revisionsTable + `') IS NOT NULL`
	}
	err = r.one(ctx, query, nil, &exist)
	return exist, err
}

// one scans the only row of query; sql.ErrNoRows when there is none.
func (r *revisions) one(ctx context.Context, query string, args []any, into ...any) error {
	rows, err := r.q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return errors.Join(rows.Err(), sql.ErrNoRows)
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	return rows.Close()
}

// ReadRevisions implements migrate.RevisionReadWriter.
func (r *revisions) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	if exist, err := r.exist(ctx); err != nil || !exist {
		return nil, err
	}
	var list []*migrate.Revision
	err := Query(ctx, r.q, `SELECT version, description, statements, hash, applied_at, took_ms
		FROM `+revisionsTable+` WHERE version <> $1 ORDER BY version`, objectsVersion).Each(func(row Row) error {
		var took int64
		v := &migrate.Revision{Type: migrate.RevisionTypeExecute}
		err := row.Scan(&v.Version, &v.Description, &v.Total, &v.Hash, &v.ExecutedAt, &took)
		v.Applied, v.ExecutionTime = v.Total, time.Duration(took)*time.Millisecond
		list = append(list, v)
		return err
	})
	return list, err
}

// ReadRevision implements migrate.RevisionReadWriter.
func (r *revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	list, err := r.ReadRevisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		if v.Version == version {
			return v, nil
		}
	}
	return nil, migrate.ErrRevisionNotExist
}

// WriteRevision implements migrate.RevisionReadWriter. A file is one
// transaction: how far it has come is nothing anybody could read.
func (r *revisions) WriteRevision(ctx context.Context, v *migrate.Revision) error {
	if v.Applied < v.Total || v.Error != "" {
		return nil
	}
	return r.write(ctx, v)
}

func (r *revisions) write(ctx context.Context, v *migrate.Revision) error {
	_, err := r.q.ExecContext(ctx, `INSERT INTO `+revisionsTable+` (version, description, statements, hash, applied_at, took_ms)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (version) DO UPDATE
		SET statements = excluded.statements, hash = excluded.hash, applied_at = excluded.applied_at, took_ms = excluded.took_ms`,
		v.Version, v.Description, v.Total, v.Hash, v.ExecutedAt.UTC().Truncate(time.Microsecond), v.ExecutionTime.Milliseconds())
	return err
}

// DeleteRevision implements migrate.RevisionReadWriter.
func (r *revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.q.ExecContext(ctx, `DELETE FROM `+revisionsTable+` WHERE version = $1`, version)
	return err
}

// applyObjects makes the objects that are derived from the tables, when they
// have changed or when a migration may have taken them away (rebuilding a
// table of SQLite drops its triggers and gives its rows new row ids).
func (m *migrations) applyObjects(ctx context.Context, tx *sql.Tx, r *revisions, always bool, log *slog.Logger) error {
	if current, err := m.objectsAreCurrent(ctx, r); err != nil || current && !always {
		return err
	}
	started := time.Now()
	// Without arguments both drivers take many statements at once.
	if _, err := tx.ExecContext(ctx, m.objects); err != nil {
		return fmt.Errorf("objects derived from the tables: %w", err)
	}
	took := time.Since(started)
	log.InfoContext(ctx, "derived objects applied", slog.Duration("took", took))
	return r.write(ctx, &migrate.Revision{Version: objectsVersion, Description: "derived from the tables",
		Hash: m.objectsHash(), ExecutedAt: started, ExecutionTime: took})
}

// objectsAreCurrent tells whether the derived objects are those of this program.
func (m *migrations) objectsAreCurrent(ctx context.Context, r *revisions) (bool, error) {
	var applied string
	err := r.one(ctx, `SELECT hash FROM `+revisionsTable+` WHERE version = $1`, []any{objectsVersion}, &applied)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return applied == m.objectsHash(), err
}

func (m *migrations) objectsHash() string {
	sum := sha256.Sum256([]byte(m.objects))
	return hex.EncodeToString(sum[:])
}
