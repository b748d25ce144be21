package hiring

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"

	"hireloop/ent/db"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/erasurereceipt"
	"hireloop/ent/db/opening"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/personal"
	"hireloop/internal/store"
	"hireloop/relay"
)

// EraseCandidateInput names a person to forget.
type EraseCandidateInput struct {
	CandidateID gid.ID
	Reason      erasurereceipt.Reason
}

// EraseCandidate erases everything about a person, also about those who were merged
// into them, and answers with the receipt; a second time with the same one. What
// remains are facts about nobody: where an application stood and when, who rated
// which signal how. They stay under new ids that nobody was ever told, so that every
// report says what it said before.
func (s *Service) EraseCandidate(ctx context.Context, in EraseCandidateInput) (gid.ID, error) {
	receipt, err := s.create(ctx, "eraseCandidate", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayAdministerPrivacy(); err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		known(&problems, "reason", &in.Reason, erasurereceipt.ReasonValidator)
		of(&problems, "candidateId", in.CandidateID, gid.Candidate)
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		return w.eraseSeen(ctx, in.CandidateID, in.Reason)
	})
	if err == nil {
		s.purgeShortly(ctx) // the receipt says whether it is done
	}
	return receipt, err
}

// ErasedRows is how many rows about a person there were in a table.
type ErasedRows struct {
	Table string
	Rows  int
}

// RowsErased are the counts of a receipt, by the names of the tables.
func RowsErased(r *db.ErasureReceipt) []*ErasedRows {
	rows := []*ErasedRows{}
	for _, table := range slices.Sorted(maps.Keys(r.Counts)) {
		rows = append(rows, &ErasedRows{Table: table, Rows: r.Counts[table]})
	}
	return rows
}

func (w *write) mayAdministerPrivacy() error {
	if !w.viewer.MayAdministerPrivacy() {
		return fault.Deniedf("only administrators erase, export and hold candidates, and say how long they are kept")
	}
	return nil
}

// eraseSeen erases somebody whom the viewer sees, or answers with the receipt of who
// is gone.
func (w *write) eraseSeen(ctx context.Context, id gid.ID, reason erasurereceipt.Reason) (gid.ID, error) {
	seen, err := w.Candidate.Query().Where(candidate.ID(id)).Exist(ctx)
	if err == nil && !seen {
		seen, err = w.ErasureReceipt.Query().Where(erasurereceipt.CandidateID(id)).Exist(ctx)
	}
	if err == nil && !seen {
		err = missing("candidateId", gid.Candidate)
	}
	if err != nil {
		return gid.Nil, err
	}
	return w.eraseCandidate(ctx, "candidateId", id, reason)
}

// eraseCandidate erases one person, whom the input names at path.
func (w *write) eraseCandidate(ctx context.Context, path string, id gid.ID, reason erasurereceipt.Reason) (gid.ID, error) {
	viewer := ctx
	ctx = access.System(ctx) // nobody sees everything about a person, and all of it goes
	done, err := w.ErasureReceipt.Query().Where(erasurereceipt.CandidateID(id)).OnlyID(ctx)
	if !db.IsNotFound(err) {
		return done, err
	}
	if err := w.holdPerson(ctx, path, id); err != nil {
		return gid.Nil, err
	}
	if err := w.refuseHeld(ctx, path, id); err != nil {
		return gid.Nil, err
	}
	all, err := w.belongingsOf(ctx, id, nil)
	if err != nil {
		return gid.Nil, err
	}
	counts, err := w.countsToldOf(viewer, id, all)
	if err != nil {
		return gid.Nil, err
	}
	for _, step := range []func(context.Context, belongings) error{w.refuseReturn, w.forgetReports, w.emitErased} {
		if err := step(ctx, all); err != nil {
			return gid.Nil, err
		}
	}
	if err := w.blurAnswers(ctx, all["applications"]); err != nil {
		return gid.Nil, err
	}
	if err := w.anonymize(ctx, id, all); err != nil {
		return gid.Nil, err
	}
	receipt := w.id(gid.ErasureReceipt)
	err = w.ErasureReceipt.Create().SetID(receipt).SetCandidateID(id).SetReason(reason).
		SetErasedAt(w.now).SetErasedByID(w.viewer.Member).SetCounts(counts).Exec(ctx)
	if err != nil {
		return gid.Nil, err
	}
	w.emit(happening{Type: "candidate.erased", Subject: id})
	return receipt, w.record(ctx, id, map[string]any{"reason": reason, "receiptId": receipt})
}

// countsToldOf are the rows that a receipt counts: not what the viewer does not see.
func (w *write) countsToldOf(viewer context.Context, id gid.ID, all belongings) (map[string]int, error) {
	hidden, err := w.hiddenApplications(viewer, id)
	if err != nil || len(hidden) == 0 {
		return all.counts(), err
	}
	told, err := w.belongingsOf(viewer, id, hidden)
	return told.counts(), err
}

// holdPerson holds a candidate with the openings of their applications, so that
// nobody adds to what is about to go.
func (w *write) holdPerson(ctx context.Context, path string, id gid.ID) error {
	var held []gid.ID
	for {
		openings, err := w.openingsAppliedTo(ctx, id)
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(openings, func(o gid.ID) bool { return slices.Contains(held, o) })
		if held != nil && len(fresh) == 0 {
			return nil
		}
		if _, err := locked(w, w.Opening.Query().Where(relay.IDs(opening.FieldID, fresh)).Order(opening.ByID())).All(ctx); err != nil {
			return err
		}
		if held = append(held, fresh...); held == nil {
			held = []gid.ID{}
		}
		c, err := locked(w, w.Candidate.Query().Where(candidate.ID(id))).Only(ctx)
		switch {
		case db.IsNotFound(err):
			return missing(path, gid.Candidate)
		case err != nil:
			return err
		case c.MergedIntoID != nil:
			return merged(path, "erase")
		case c.IsErased:
			return erased(path, "erase")
		}
	}
}

// openingsAppliedTo are the openings with applications of these candidates.
func (w *write) openingsAppliedTo(ctx context.Context, candidates ...gid.ID) (ids []gid.ID, err error) {
	err = store.Query(ctx, w, `SELECT DISTINCT opening_id FROM applications WHERE `+w.service.Store.AmongIDs("candidate_id", 1)+` ORDER BY opening_id`,
		w.service.Store.IDs(candidates)).Each(func(row store.Row) error {
		var id gid.ID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// anonymize puts rows without anything personal in the place of those that remain,
// and deletes all of the person's own.
func (w *write) anonymize(ctx context.Context, id gid.ID, all belongings) error {
	anew := w.renewed(all)
	renewed, err := asJSON(anew)
	if err != nil {
		return err
	}
	for _, t := range personal.Tables {
		ids := all[t.Name]
		switch {
		case t.Goes || len(ids) == 0:
			continue
		case t.Of == "" && len(all["applications"]) == 0:
			continue // nothing is left that would need somebody
		case t.Of == "":
			ids = []gid.ID{id} // those merged into them leave nothing
		}
		if err := w.copies(ctx, t, ids, renewed); err != nil {
			return err
		}
	}
	among := w.service.Store.AmongIDs
	if _, err := w.ExecContext(ctx, `UPDATE seats SET application_id = `+w.renewedColumn("application_id")+` WHERE `+among("application_id", 2),
		renewed, w.service.Store.IDs(all["applications"])); err != nil {
		return err
	}
	for _, t := range slices.Backward(personal.Tables) {
		if len(all[t.Name]) == 0 {
			continue
		}
		if _, err := w.ExecContext(ctx, `DELETE FROM `+t.Name+` WHERE `+among("id", 1), w.service.Store.IDs(all[t.Name])); err != nil {
			return err
		}
	}
	return nil
}

// emitErased tells of every opening that its applications are others now.
func (w *write) emitErased(ctx context.Context, all belongings) error {
	openings, err := w.openingsAppliedTo(ctx, all["candidates"]...)
	for _, id := range openings {
		w.emit(happening{Type: "application.erased", Subject: id, Opening: id})
	}
	return err
}

// refuseReturn keeps importers from making the person anew out of the same export.
func (w *write) refuseReturn(ctx context.Context, all belongings) error {
	key, err := w.erasureKey(ctx)
	if err != nil {
		return err
	}
	var digests []string
	err = store.Query(ctx, w, `SELECT system, object, external_id FROM external_references WHERE `+w.service.Store.AmongIDs("subject_id", 1),
		w.service.Store.IDs(all["candidates"])).Each(func(row store.Row) error {
		var system, object, externalID string
		err := row.Scan(&system, &object, &externalID)
		digests = append(digests, personal.Digest(key, system, object, externalID))
		return err
	})
	if err != nil || len(digests) == 0 {
		return err
	}
	text := `INSERT INTO erased_references (id) SELECT value FROM json_each($1) WHERE true ON CONFLICT (id) DO NOTHING`
	if w.service.Store.Dialect() == dialect.Postgres {
		text = `INSERT INTO erased_references (id) SELECT unnest($1::text[]) ON CONFLICT (id) DO NOTHING`
	}
	_, err = w.ExecContext(ctx, text, w.service.Store.Texts(digests))
	return err
}

// erasureKey is the key of digests, made when it is first needed.
func (w *write) erasureKey(ctx context.Context) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	_, err := w.ExecContext(ctx, `INSERT INTO settings (id, content) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`,
		personal.KeySetting, base64.StdEncoding.EncodeToString(fresh))
	if err != nil {
		return nil, err
	}
	kept, err := w.Setting.Get(ctx, personal.KeySetting)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(kept.Content)
}

// forgetReports takes the rows that did not fit out of the reports of imports: they
// may quote what the other system calls the person, also where it was not imported.
func (w *write) forgetReports(ctx context.Context, _ belongings) error {
	text := `UPDATE import_runs SET report = json_remove(CAST(report AS TEXT), '$.rows') WHERE json_type(CAST(report AS TEXT), '$.rows') IS NOT NULL`
	if w.service.Store.Dialect() == dialect.Postgres {
		text = `UPDATE import_runs SET report = report - 'rows' WHERE jsonb_exists(report, 'rows')`
	}
	_, err := w.ExecContext(ctx, text)
	return err
}

// purgeTime is how long an erasure waits for the database to forget.
const purgeTime = 10 * time.Second

// purgeShortly is PurgeErased as far as it gets while somebody waits.
func (s *Service) purgeShortly(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), purgeTime)
	defer cancel()
	_ = s.PurgeErased(ctx)
}

// PurgeErased makes the database itself forget those who were erased, where it has
// not yet: a commit leaves old versions of rows, statistics and logs. Receipts say
// when that was done; until then every erasure tries it again.
func (s *Service) PurgeErased(ctx context.Context) error {
	ctx = access.System(ctx)
	due, err := s.DB.ErasureReceipt.Query().Where(erasurereceipt.PurgedAtIsNil()).All(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	columns := map[string][]string{"import_runs": {"report"}}
	ids := make([]gid.ID, len(due))
	for i, r := range due {
		ids[i] = r.ID
		for table := range r.Counts {
			t, _ := personal.Get(table)
			columns[table] = t.Personal()
		}
	}
	if err := s.Store.Purge(ctx, columns); err != nil {
		return err
	}
	return s.DB.ErasureReceipt.Update().Where(relay.IDs(erasurereceipt.FieldID, ids)).
		SetPurgedAt(s.Now().UTC().Truncate(time.Microsecond)).Exec(ctx)
}
