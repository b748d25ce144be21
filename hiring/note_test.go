package hiring_test

import (
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db/note"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// readers are who of these reads a note, in alphabetical order.
func (d *desk) readers(id gid.ID) string {
	d.t.Helper()
	var names []string
	for name, ctx := range d.people {
		found, err := d.DB.Note.Query().Where(note.ID(id)).Exist(ctx)
		d.must(err)
		if found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// Who reads a note follows from whom it is about, and from what its author says.
func TestWhoReadsANote(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		candidate := s.DB.Application.GetX(s.system(), s.application).CandidateID
		s.join("outsider", access.HiringManager)
		s.join("chief", access.Admin, access.Interviewer)
		s.assign(s.loop, 3, "chief", nil)
		for _, c := range []struct {
			rule       string
			author     string
			about      *gid.ID
			visibility note.Visibility
			want       string
		}{
			{"the team's: who works with the candidate", "recruiter", nil, note.VisibilityTEAM, "admin colleague manager recruiter"},
			{"the same of an application", "manager", &s.application, note.VisibilityTEAM, "admin colleague manager recruiter"},
			{"private: who leads the hiring team", "colleague", &s.application, note.VisibilityPRIVATE, "colleague manager"},
			{"private about the candidate: who leads a team of theirs", "recruiter", nil, note.VisibilityPRIVATE, "manager recruiter"},
			{"administrators'", "recruiter", nil, note.VisibilityADMIN, "admin recruiter"},
			{"an administrator who owes a scorecard reads only their own", "chief", nil, note.VisibilityADMIN, "admin chief"},
		} {
			t.Run(c.rule, func(t *testing.T) {
				id, err := s.AddNote(s.as(c.author), hiring.AddNoteInput{CandidateID: candidate, ApplicationID: c.about, Visibility: &c.visibility, Body: "Hm."})
				if err != nil {
					t.Fatal(err)
				}
				if got := s.readers(id); got != c.want {
					t.Errorf("%s read it, want %s", got, c.want)
				}
			})
		}
	})
}

// A note is its author's: others read it, and an administrator may take it away.
func TestNotesAreTheirAuthors(t *testing.T) {
	eachSitting(t, func(t *testing.T, s *sitting) {
		candidate := s.DB.Application.GetX(s.system(), s.application).CandidateID
		another := s.newCandidate()
		write := func(who string, with func(*hiring.AddNoteInput)) error {
			in := hiring.AddNoteInput{CandidateID: candidate, Body: "Prefers mornings."}
			if with != nil {
				with(&in)
			}
			_, err := s.AddNote(s.as(who), in)
			return err
		}
		id, err := s.AddNote(s.as("recruiter"), hiring.AddNoteInput{CandidateID: candidate, ApplicationID: &s.application, Body: "  Prefers mornings.\n"})
		s.must(err)
		if got := s.traces(); got != "addNote by recruiter of note, note.added" {
			t.Error(got)
		}
		s.refuses(t,
			refusal{"an interviewer writes scorecards", "FORBIDDEN at ", func() error { return write("interviewer", nil) }},
			refusal{"an analyst sees nobody", "NOT_FOUND at candidateId", func() error { return write("analyst", nil) }},
			refusal{"a note says something", "REQUIRED at body", func() error { return write("recruiter", func(in *hiring.AddNoteInput) { in.Body = " \u200b " }) }},
			refusal{"about an application of the candidate", "INVALID at applicationId", func() error {
				return write("recruiter", func(in *hiring.AddNoteInput) { in.CandidateID, in.ApplicationID = another, &s.application })
			}},
			refusal{"about one that there is", "NOT_FOUND at applicationId", func() error {
				return write("recruiter", func(in *hiring.AddNoteInput) { in.ApplicationID = to(s.IDs.New(gid.Application)) })
			}},
			refusal{"others do not change it", "FORBIDDEN at ", func() error {
				_, err := s.UpdateNote(s.as("admin"), hiring.UpdateNoteInput{NoteID: id, ExpectedVersion: 1, Body: to("Prefers nights.")})
				return err
			}},
			refusal{"nor take it away", "FORBIDDEN at ", func() error {
				_, err := s.DeleteNote(s.as("colleague"), hiring.DeleteNoteInput{NoteID: id, ExpectedVersion: 1})
				return err
			}},
			refusal{"who does not see it does not find it", "NOT_FOUND at noteId", func() error {
				_, err := s.DeleteNote(s.as("interviewer"), hiring.DeleteNoteInput{NoteID: id, ExpectedVersion: 1})
				return err
			}},
			refusal{"nor by the id of something else", "NOT_FOUND at noteId", func() error {
				_, err := s.DeleteNote(s.as("admin"), hiring.DeleteNoteInput{NoteID: candidate, ExpectedVersion: 1})
				return err
			}},
			refusal{"another version was read", "CONFLICT at expectedVersion", func() error {
				_, err := s.UpdateNote(s.as("recruiter"), hiring.UpdateNoteInput{NoteID: id, ExpectedVersion: 2, Body: to("Prefers nights.")})
				return err
			}},
			refusal{"a note goes on saying something", "REQUIRED at body", func() error {
				_, err := s.UpdateNote(s.as("recruiter"), hiring.UpdateNoteInput{NoteID: id, ExpectedVersion: 1, Body: to("")})
				return err
			}},
		)
		_, err = s.UpdateNote(s.as("recruiter"), hiring.UpdateNoteInput{NoteID: id, ExpectedVersion: 1, Visibility: to(note.VisibilityADMIN)})
		s.must(err)
		kept := s.DB.Note.GetX(s.system(), id)
		if kept.Body != "Prefers mornings." || kept.Visibility != note.VisibilityADMIN || kept.Version != 2 || *kept.ApplicationID != s.application {
			t.Errorf("kept %+v", kept)
		}
		if about, err := s.DeleteNote(s.as("admin"), hiring.DeleteNoteInput{NoteID: id, ExpectedVersion: 2}); err != nil || about != candidate {
			t.Errorf("about %s, %v", about, err)
		}
		if told := s.telling("mornings"); told != nil {
			t.Errorf("still told by %v", told)
		}
	})
}
