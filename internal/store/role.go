package store

import (
	"context"
	"database/sql"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"hireloop/internal/access"
)

// Role is who connects, and whether row-level security does not hold for them:
// it does not for superusers and roles with BYPASSRLS. SQLite has no roles.
func Role(ctx context.Context, d *DB) (name string, bypasses bool, err error) {
	if d.dialect != dialect.Postgres {
		return "", false, nil
	}
	err = d.sql.QueryRowContext(ctx, `SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&name, &bypasses)
	return name, bypasses, err
}

// grant lets a role that owns nothing serve: read and write rows, but neither
// change tables nor what is only ever added to.
func grant(ctx context.Context, tx *sql.Tx, role string) error {
	var schema string
	if err := tx.QueryRowContext(ctx, "SELECT quote_ident(current_schema())").Scan(&schema); err != nil {
		return err
	}
	role = pq.QuoteIdentifier(role)
	statements := []string{
		"GRANT USAGE ON SCHEMA " + schema + " TO " + role,
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role,
		"GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role,
		"REVOKE INSERT, UPDATE, DELETE ON " + revisionsTable + " FROM " + role,
	}
	for _, table := range access.AppendOnly() {
		statements = append(statements, "REVOKE UPDATE, DELETE ON "+table+" FROM "+role)
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}
