package hiring

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/auditentry"
	"hireloop/ent/db/candidate"
	"hireloop/ent/db/demographicanswer"
	"hireloop/ent/db/loop"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/personal"
	"hireloop/internal/store"
)

// ExportFormat names what exports look like. Additions keep the version.
const ExportFormat = "hireloop.candidate/1"

// ExportCandidateInput names a person whose data are wanted.
type ExportCandidateInput struct {
	CandidateID gid.ID
	// Whole is for whoever runs the server: also what the viewer must not read, of
	// confidential openings of other teams or as long as they must be blind.
	Whole bool
}

// CandidateExport is everything that is recorded about a person, as JSON.
type CandidateExport struct{ Format, Document string }

// exported is the document of an export.
type exported struct {
	Format      string                      `json:"format"`
	ExportedAt  time.Time                   `json:"exportedAt"`
	CandidateID gid.ID                      `json:"candidateId"`
	Records     map[string][]map[string]any `json:"records"` // rows by table
	Names       map[string]string           `json:"names"`   // of what records refer to, by id
}

// ExportCandidate is everything that the database has about a person and about those
// who were merged into them, by the same page as an erasure, and nothing about
// anybody else; but, unless the input says whole, nothing of applications that the
// viewer does not see, and none for who must be blind. Colleagues stay ids. It
// leaves an audit entry.
func (s *Service) ExportCandidate(ctx context.Context, in ExportCandidateInput) (*CandidateExport, error) {
	var document []byte
	err := s.change(ctx, "exportCandidate", func(ctx context.Context, w *write) error {
		if err := w.mayAdministerPrivacy(); err != nil {
			return err
		}
		if err := w.checkExported(ctx, in); err != nil {
			return err
		}
		var without []gid.ID
		if !in.Whole {
			var err error
			if without, err = w.hiddenApplications(ctx, in.CandidateID); err != nil {
				return err
			}
		}
		e, err := w.export(access.System(ctx), in, without)
		if err != nil {
			return err
		}
		if document, err = json.Marshal(e); err != nil {
			return err
		}
		return w.recordAs(ctx, auditentry.KindEXPORT, in.CandidateID, map[string]any{"bytes": len(document), "isWhole": in.Whole})
	})
	if err != nil {
		return nil, err
	}
	return &CandidateExport{Format: ExportFormat, Document: string(document)}, nil
}

func (w *write) checkExported(ctx context.Context, in ExportCandidateInput) error {
	id := in.CandidateID
	if in.Whole { // and the merged and the erased are not hidden from the program
		ctx = access.System(ctx)
	}
	var problems fault.List
	if !of(&problems, "candidateId", id, gid.Candidate) {
		return problems
	}
	c, err := w.Candidate.Query().Where(candidate.ID(id)).Only(ctx)
	switch {
	case db.IsNotFound(err):
		return missing("candidateId", gid.Candidate)
	case err != nil:
		return err
	case c.MergedIntoID != nil:
		return merged("candidateId", "export")
	case c.IsErased:
		return erased("candidateId", "export")
	}
	if in.Whole {
		return nil
	}
	return w.refuseBlind(ctx, id)
}

// refuseBlind refuses to tell everything about a person to somebody who must not
// read yet, or ever, what others reported about them.
func (w *write) refuseBlind(ctx context.Context, id gid.ID) error {
	system := access.System(ctx)
	biased, err := w.Application.Query().Where(application.CandidateID(id), access.Biased(ctx)).Exist(system)
	if err != nil {
		return err
	}
	if biased {
		return fault.Conflictf("candidateId", "you owe a scorecard about them, or referred them").
			WithHint("another administrator exports them, or you once your scorecards are in")
	}
	concealed, err := w.Loop.Query().Where(loop.HasApplicationWith(application.CandidateID(id)), access.Concealing()).Exist(ctx)
	if err != nil {
		return err
	}
	if concealed {
		return fault.Conflictf("candidateId", "an interview loop of theirs does not show its scorecards yet").
			WithHint("wait for what its reveal policy asks for, or cancel the loop")
	}
	return nil
}

// export reads what belongs to a person.
func (w *write) export(ctx context.Context, in ExportCandidateInput, without []gid.ID) (*exported, error) {
	id := in.CandidateID
	all, err := w.belongingsOf(ctx, id, without)
	if err != nil {
		return nil, err
	}
	if !in.Whole { // nobody reads what people said of themselves
		delete(all, demographicanswer.Table)
	}
	e := &exported{
		Format: ExportFormat, ExportedAt: w.now, CandidateID: id,
		Records: map[string][]map[string]any{}, Names: map[string]string{},
	}
	referred := map[gid.Kind][]gid.ID{}
	for _, t := range personal.Tables {
		if len(all[t.Name]) == 0 {
			continue
		}
		if e.Records[t.Name], err = w.exportRows(ctx, t, all[t.Name], referred); err != nil {
			return nil, err
		}
	}
	return e, w.exportNames(ctx, referred, e.Names)
}

// exportRows are rows of a table as objects. It adds the ids in them to referred.
func (w *write) exportRows(ctx context.Context, t personal.Table, ids []gid.ID, referred map[gid.Kind][]gid.ID) ([]map[string]any, error) {
	columns := columnsOf(t.Name)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	var rows []map[string]any
	err := store.Query(ctx, w, `SELECT `+strings.Join(names, ", ")+` FROM `+t.Name+` WHERE `+w.service.Store.AmongIDs("id", 1)+` ORDER BY id`,
		w.service.Store.IDs(ids)).Each(func(row store.Row) error {
		values := make([]any, len(columns))
		for i, c := range columns {
			values[i] = scanned(c)
		}
		if err := row.Scan(values...); err != nil {
			return err
		}
		one := make(map[string]any, len(columns))
		for i, name := range names {
			one[name] = values[i]
			if id, ok := values[i].(**gid.ID); ok && *id != nil {
				referred[(*id).Kind()] = append(referred[(*id).Kind()], **id)
			}
		}
		rows = append(rows, one)
		return nil
	})
	return rows, err
}

// scanned takes a value of a column, as JSON shows it.
func scanned(c *schema.Column) any {
	switch c.Type {
	case field.TypeUUID:
		return new(*gid.ID)
	case field.TypeTime:
		return new(*time.Time)
	case field.TypeBool:
		return new(*bool)
	case field.TypeInt, field.TypeInt64:
		return new(*int64)
	case field.TypeJSON:
		return new(document)
	default:
		return new(*string)
	}
}

// document is JSON that either database has kept.
type document json.RawMessage

// Scan reads a column.
func (d *document) Scan(src any) error {
	switch v := src.(type) {
	case string:
		*d = document(v)
	case []byte:
		*d = append(document{}, v...)
	}
	return nil
}

// MarshalJSON writes what was kept.
func (d document) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	return d, nil
}

// explained are the tables of what records refer to by an id that says nothing to
// outsiders, with what tells them; colleagues are not among them.
var explained = map[gid.Kind]struct{ table, name string }{
	gid.Opening:         {"openings", "title"},
	gid.Stage:           {"stages", "name"},
	gid.Level:           {"levels", "name"},
	gid.Source:          {"sources", "name"},
	gid.RejectionReason: {"rejection_reasons", "name"},
}

// exportNames adds what things are called.
func (w *write) exportNames(ctx context.Context, referred map[gid.Kind][]gid.ID, names map[string]string) error {
	for kind, at := range explained {
		err := store.Query(ctx, w, `SELECT id, `+at.name+` FROM `+at.table+` WHERE `+w.service.Store.AmongIDs("id", 1),
			w.service.Store.IDs(distinct(referred[kind]))).Each(func(row store.Row) error {
			var id gid.ID
			var name string
			err := row.Scan(&id, &name)
			names[id.String()] = name
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
