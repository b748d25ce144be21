package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/note"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
)

// AddNoteInput is a note to write about a candidate.
type AddNoteInput struct {
	CandidateID   gid.ID
	ApplicationID *gid.ID
	Visibility    *note.Visibility // TEAM when nil
	Body          string
}

// UpdateNoteInput is changes to a note; what is nil stays.
type UpdateNoteInput struct {
	NoteID          gid.ID
	ExpectedVersion int
	Visibility      *note.Visibility
	Body            *string
}

// DeleteNoteInput names a note to take away.
type DeleteNoteInput struct {
	NoteID          gid.ID
	ExpectedVersion int
}

// AddNote writes a note about a candidate, or about one of their applications.
func (s *Service) AddNote(ctx context.Context, in AddNoteInput) (gid.ID, error) {
	return s.create(ctx, "addNote", func(ctx context.Context, w *write) (gid.ID, error) {
		held, err := w.holdCandidates(ctx, in.CandidateID)
		if err != nil {
			return gid.Nil, err
		}
		c := held[in.CandidateID]
		if c == nil {
			return gid.Nil, missing("candidateId", gid.Candidate)
		}
		if !w.viewer.MayWriteNotes() {
			return gid.Nil, fault.Deniedf("recruiters, hiring managers and administrators write notes")
		}
		var problems fault.List
		if c.MergedIntoID != nil {
			problems.Add(merged("candidateId", "write about"))
		}
		if c.IsErased {
			problems.Add(erased("candidateId", "write about"))
		}
		about, err := w.noteApplication(ctx, &problems, in)
		if err != nil {
			return gid.Nil, err
		}
		known(&problems, "visibility", in.Visibility, note.VisibilityValidator)
		body := noteBody(&problems, in.Body)
		if err := problems.Err(); err != nil {
			return gid.Nil, err
		}
		visibility := note.VisibilityTEAM
		if in.Visibility != nil {
			visibility = *in.Visibility
		}
		id := w.id(gid.Note)
		err = w.Note.Create().SetID(id).SetCandidateID(c.ID).SetNillableApplicationID(in.ApplicationID).SetAuthorID(w.viewer.Member).
			SetVisibility(visibility).SetBody(body).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
		if err != nil {
			return gid.Nil, err
		}
		w.tellNote("note.added", id, about)
		return id, w.record(ctx, id, map[string]any{"candidateId": c.ID, "visibility": visibility})
	})
}

// noteApplication reads the application that a note is about; nil for none.
func (w *write) noteApplication(ctx context.Context, problems *fault.List, in AddNoteInput) (*db.Application, error) {
	if in.ApplicationID == nil || !of(problems, "applicationId", *in.ApplicationID, gid.Application) {
		return nil, nil
	}
	about, err := w.Application.Get(ctx, *in.ApplicationID)
	switch {
	case db.IsNotFound(err):
		problems.Add(missing("applicationId", gid.Application))
		return nil, nil
	case err != nil:
		return nil, err
	case about.CandidateID != in.CandidateID:
		problems.Add(fault.Invalidf("applicationId", "is of another candidate"))
	}
	return about, nil
}

func noteBody(problems *fault.List, text string) string {
	before := len(*problems)
	body := prose(problems, "body", text, maxProse)
	if body == "" && len(*problems) == before {
		problems.Add(fault.Required("body"))
	}
	return body
}

// UpdateNote changes a note, which only its author may.
func (s *Service) UpdateNote(ctx context.Context, in UpdateNoteInput) (gid.ID, error) {
	return in.NoteID, s.change(ctx, "updateNote", func(ctx context.Context, w *write) error {
		held, about, err := w.holdNote(ctx, in.NoteID)
		if err != nil {
			return err
		}
		if !WroteNote(held, w.viewer) {
			return fault.Deniedf("only who wrote a note changes it")
		}
		if held.Version != in.ExpectedVersion {
			return overtaken("note", held.Version)
		}
		var problems fault.List
		update := w.Note.UpdateOne(held).SetUpdatedAt(w.now).AddVersion(1)
		known(&problems, "visibility", in.Visibility, note.VisibilityValidator)
		update.SetNillableVisibility(in.Visibility)
		if in.Body != nil {
			update.SetBody(noteBody(&problems, *in.Body))
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
		w.tellNote("note.updated", held.ID, about)
		return w.record(ctx, held.ID, map[string]any{"changed": changed(map[string]bool{
			"body": in.Body != nil, "visibility": in.Visibility != nil && *in.Visibility != held.Visibility,
		})})
	})
}

// DeleteNote takes a note away. The id is that of the candidate it was about.
func (s *Service) DeleteNote(ctx context.Context, in DeleteNoteInput) (gid.ID, error) {
	return s.create(ctx, "deleteNote", func(ctx context.Context, w *write) (gid.ID, error) {
		held, about, err := w.holdNote(ctx, in.NoteID)
		if err != nil {
			return gid.Nil, err
		}
		if !WroteNote(held, w.viewer) && !w.viewer.MayDeleteNotes() {
			return gid.Nil, fault.Deniedf("only who wrote a note, or an administrator, takes it away")
		}
		if held.Version != in.ExpectedVersion {
			return gid.Nil, overtaken("note", held.Version)
		}
		if err := w.Note.DeleteOneID(held.ID).Exec(ctx); err != nil {
			return gid.Nil, err
		}
		w.tellNote("note.deleted", held.ID, about)
		return held.CandidateID, w.record(ctx, held.ID, map[string]any{"candidateId": held.CandidateID})
	})
}

// WroteNote reports whether the viewer wrote the note.
func WroteNote(n *db.Note, viewer *access.Viewer) bool {
	return viewer != nil && n.AuthorID != nil && *n.AuthorID == viewer.Member
}

// holdNote reads the note that an input calls noteId and holds it; and the
// application that it is about, nil for none.
func (w *write) holdNote(ctx context.Context, id gid.ID) (*db.Note, *db.Application, error) {
	if id.Kind() != gid.Note {
		return nil, nil, missing("noteId", gid.Note)
	}
	held, err := locked(w, w.Note.Query().Where(note.ID(id))).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil, missing("noteId", gid.Note)
	}
	if err != nil || held.ApplicationID == nil {
		return held, nil, err
	}
	about, err := w.Application.Get(ctx, *held.ApplicationID)
	if db.IsNotFound(err) {
		return held, nil, nil // of a team that the author has left
	}
	return held, about, err
}

func (w *write) tellNote(what string, id gid.ID, about *db.Application) {
	h := happening{Type: what, Subject: id}
	if about != nil {
		h.Opening, h.Application = about.OpeningID, about.ID
	}
	w.emit(h)
}
