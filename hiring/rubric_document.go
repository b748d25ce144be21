package hiring

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/rubric"
)

// maxDocument is how many characters a document has at most.
const maxDocument = 1_000_000

// RubricDocuments are editions with their ladders as JSON documents, which
// ImportRubric reads, by the ids of the editions.
func (s *Service) RubricDocuments(ctx context.Context, ids []gid.ID) (map[gid.ID]string, error) {
	read, err := editions(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	documents := make(map[gid.ID]string, len(read))
	for id, e := range read {
		text, err := rubric.Encode(e.ladder, e.content)
		if err != nil {
			return nil, err
		}
		documents[id] = string(text)
	}
	return documents, nil
}

// ImportRubric reads a document as RubricDocuments writes it. A ladder or level
// that is missing is made, what is there must rank and extend as the document
// says, and the edition becomes the ladder's draft. Paths go on into the
// document: "json.edition.signals.3.name". The id is the draft's.
func (s *Service) ImportRubric(ctx context.Context, in ImportRubricInput) (gid.ID, error) {
	return s.create(ctx, "importRubric", func(ctx context.Context, w *write) (gid.ID, error) {
		if err := w.mayAuthor(); err != nil {
			return gid.Nil, err
		}
		if utf8.RuneCountInString(in.JSON) > maxDocument {
			return gid.Nil, fault.Invalidf("json", "is longer than %d characters", maxDocument)
		}
		l, content, err := rubric.Decode([]byte(in.JSON))
		if err != nil {
			return gid.Nil, inDocument(err, func(path []string) []string { return path })
		}
		f, err := w.importLadder(ctx, l)
		if err != nil {
			return gid.Nil, inDocument(err, func(path []string) []string { return append([]string{"ladder"}, path...) })
		}
		draft, err := w.expectDraft(ctx, f, in.ExpectedVersion)
		if err != nil {
			return gid.Nil, err
		}
		p, err := w.pastOf(ctx, f.row.ID)
		if err != nil {
			return gid.Nil, err
		}
		var problems fault.List
		input := draftInput(content)
		read := input.edition(&problems, f.ladder)
		id, err := w.saveDraft(ctx, problems, f, draft, p, read)
		return id, inDocument(err, func(path []string) []string { return inEdition(input, path) })
	})
}

// importLadder makes what is missing of a ladder and holds it.
func (w *write) importLadder(ctx context.Context, l rubric.Ladder) (*family, error) {
	there, err := w.ladderOfKey(ctx, l.Key)
	if err != nil {
		return nil, err
	}
	var problems fault.List
	f, r := &family{levels: map[string]gid.ID{}}, newRungs(rubric.Ladder{Key: l.Key})
	if there == nil {
		r.name(&problems, &l.Name, &l.Description)
		if len(l.Levels) == 0 {
			problems.Add(fault.Required("levels"))
		}
	} else {
		if f, err = w.holdLadder(ctx, "key", there.ID); err != nil {
			return nil, err
		}
		r = newRungs(f.ladder)
	}
	r.read(&problems, levelInputs(l.Levels))
	r.check(&problems)
	every := map[string]bool{}
	for key := range f.levels {
		every[key] = true
	}
	r.keep(&problems, f.ladder, every, "it is so in the ladder that is here")
	if err := problems.Err(); err != nil {
		return nil, err
	}
	added, _ := r.sort(f.ladder)
	if there != nil && len(added) == 0 {
		return f, nil
	}
	var id gid.ID
	if there != nil {
		id = there.ID
		w.emit(happening{Type: "ladder.updated", Subject: id})
	} else {
		if id, err = w.newLadder(ctx, r.ladder); err != nil {
			return nil, err
		}
		w.emit(happening{Type: "ladder.created", Subject: id})
	}
	if err := w.addLevels(ctx, id, added, f.levels); err != nil {
		return nil, err
	}
	return w.holdLadder(ctx, "key", id)
}

func levelInputs(levels []rubric.Level) []*LevelInput {
	inputs := make([]*LevelInput, len(levels))
	for i, l := range levels {
		inputs[i] = &LevelInput{
			Key: l.Key, Name: l.Name, Rank: l.Rank, Track: &l.Track, Hireable: &l.Hireable, Extends: &l.Extends, Scope: &l.Scope,
		}
		for _, e := range l.ExternalEquivalents {
			inputs[i].ExternalEquivalents = append(inputs[i].ExternalEquivalents,
				&ExternalEquivalentInput{Company: e.Company, Label: e.Label, Note: &e.Note})
		}
	}
	return inputs
}

// draftInput is the edition of a document as people would write it: what the
// document leaves out or leaves empty is not given.
func draftInput(e rubric.Edition) *DraftRubricVersionInput {
	in := &DraftRubricVersionInput{Semver: given(e.Semver), Notes: &e.Notes, ScaleMax: given(e.ScaleMax)}
	for _, a := range e.Areas {
		in.Areas = append(in.Areas, &RubricAreaInput{Key: a.Key, Name: a.Name})
	}
	for _, l := range e.Levels {
		in.Levels = append(in.Levels, &RubricLevelSettingInput{LevelKey: l.Level, CoverageMinimum: given(l.CoverageMinimum)})
	}
	for _, s := range e.Signals {
		signal := &RubricSignalInput{Key: s.Key, Area: s.Area, Name: s.Name, Assesses: s.Assesses, Replaces: &s.Replaces}
		for _, a := range s.Anchors {
			signal.Anchors = append(signal.Anchors, &AnchorInput{Rating: a.Rating, Text: a.Text, Examples: a.Examples})
		}
		for _, f := range s.RedFlags {
			signal.RedFlags = append(signal.RedFlags, &RedFlagDefinitionInput{Key: f.Key, Severity: string(f.Severity), Text: f.Text})
		}
		for _, level := range slices.Sorted(maps.Keys(s.Demands)) {
			d := s.Demands[level]
			signal.Demands = append(signal.Demands, &DemandInput{
				LevelKey: level, Weight: &d.Weight, Bar: &d.Bar, MustHave: &d.MustHave,
				MinimumRaters: given(d.MinimumRaters), Expectation: &d.Expectation, SubsumedBy: &d.SubsumedBy,
			})
		}
		in.Signals = append(in.Signals, signal)
	}
	return in
}

// inDocument says of the refusals in err where the document has what they are
// about.
func inDocument(err error, where func(path []string) []string) error {
	all := fault.All(err)
	if all == nil {
		return err
	}
	var problems fault.List
	for _, e := range all {
		there := *e
		there.Path = append([]string{"json"}, where(e.Path)...)
		problems.Add(&there)
	}
	return problems
}

// inEdition is the place in a document of what draftInput made of it: there a
// level is called level, and demands are listed by the level.
func inEdition(in *DraftRubricVersionInput, path []string) []string {
	path = append([]string{"edition"}, path...)
	switch {
	case len(path) < 2:
		return nil // the whole document
	case path[1] == "ladder":
		return path[1:]
	case len(path) == 4 && path[1] == "levels" && path[3] == "levelKey":
		path[3] = "level"
	case len(path) > 4 && path[1] == "signals" && path[3] == "demands":
		signal, _ := strconv.Atoi(path[2])
		demand, err := strconv.Atoi(path[4])
		if err != nil {
			return path // named by the level already
		}
		path[4] = in.Signals[signal].Demands[demand].LevelKey
		if last := len(path) - 1; path[last] == "levelKey" {
			path = path[:last]
		}
	}
	return path
}
