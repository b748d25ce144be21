package hiring

import (
	"context"
	"fmt"
	"slices"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/level"
	"hireloop/ent/db/opening"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/relay"
	"hireloop/rubric"
)

// assessment is a loop with what people reported in it, and what to hold that
// against.
type assessment struct {
	loop     *db.Loop
	opening  *db.Opening // with its allowed levels, by rank
	edition  *edition
	evidence *evidence
	input    rubric.FitInput
}

// assess reads the assessments of loops, in a constant number of statements. It
// is all of the evidence, whoever asks: see reported. Loops without a rubric or a
// target level are left out.
func assess(ctx context.Context, client *db.Client, loops []*db.Loop) (map[gid.ID]*assessment, error) {
	ctx = access.System(ctx)
	var ids, applications, versions []gid.ID
	for _, l := range loops {
		if l.RubricVersionID != nil && l.TargetLevelID != nil {
			ids = append(ids, l.ID)
			applications = append(applications, l.ApplicationID)
			versions = append(versions, *l.RubricVersionID)
		}
	}
	if len(ids) == 0 {
		return map[gid.ID]*assessment{}, nil
	}
	read, err := editions(ctx, client, versions)
	if err != nil {
		return nil, err
	}
	said, err := reported(ctx, client, ids)
	if err != nil {
		return nil, err
	}
	openings, err := openingsOf(ctx, client, applications)
	if err != nil {
		return nil, err
	}
	found := make(map[gid.ID]*assessment, len(ids))
	for _, l := range loops {
		if said[l.ID] == nil {
			continue
		}
		a := &assessment{
			loop: l, opening: openings[l.ApplicationID], edition: read[*l.RubricVersionID], evidence: said[l.ID],
		}
		if a.edition == nil {
			return nil, fmt.Errorf("%s of %s is gone", *l.RubricVersionID, l.ID)
		}
		a.input = a.fitInput()
		found[l.ID] = a
	}
	return found, nil
}

// openingsOf are the openings of applications, by the ids of these, with the
// levels at which they may be filled, by rank.
func openingsOf(ctx context.Context, client *db.Client, applicationIDs []gid.ID) (map[gid.ID]*db.Opening, error) {
	rows, err := client.Application.Query().Where(relay.IDs(application.FieldID, applicationIDs)).
		WithOpening(func(q *db.OpeningQuery) {
			q.WithAllowedLevels(func(q *db.LevelQuery) { q.Order(level.ByRank(), level.ByID()) }).Select(opening.FieldID)
		}).
		Select(application.FieldID, application.FieldOpeningID).All(ctx)
	openings := make(map[gid.ID]*db.Opening, len(rows))
	for _, a := range rows {
		openings[a.ID] = a.Edges.Opening
	}
	return openings, err
}

// fitInput leaves out levels that the opening allows and the loop's edition
// knows no demands of: an opening may come to allow them while the loop keeps its
// edition.
func (a *assessment) fitInput() rubric.FitInput {
	in := rubric.FitInput{
		Ladder: a.edition.ladder, Edition: a.edition.content,
		Cards: a.evidence.cards, Resolved: a.evidence.resolved,
	}
	if target := a.edition.byID[*a.loop.TargetLevelID]; target != nil {
		in.Target = target.Key
	}
	for _, l := range a.opening.Edges.AllowedLevels {
		if a.edition.demands(l) {
			in.Allowed = append(in.Allowed, l.Key)
		}
	}
	return in
}

// demands reports whether the edition says what the level asks for.
func (e *edition) demands(l *db.Level) bool {
	return l.LadderID == e.version.LadderID &&
		slices.ContainsFunc(e.content.Levels, func(s rubric.LevelSetting) bool { return s.Level == l.Key })
}

// fit is what the cards say. That rubric refuses what is stored is nobody's
// input's fault, so that its refusals end here.
func (a *assessment) fit() (rubric.Fit, error) {
	fit, err := rubric.LevelFit(a.input)
	if err != nil {
		return rubric.Fit{}, fmt.Errorf("level fit of %s: %s", a.loop.ID, err.Error())
	}
	return fit, nil
}

// counted are the rows of the cards that take part in the fit, by id.
func (a *assessment) counted() []*db.Scorecard {
	var rows []*db.Scorecard
	for i, row := range a.evidence.rows {
		if a.evidence.cards[i].Counts() {
			rows = append(rows, row)
		}
	}
	return rows
}

// due are the rows of the cards that are to be handed in, by id; those of people
// who learn hold nothing up.
func (a *assessment) due() []*db.Scorecard {
	var rows []*db.Scorecard
	for i, row := range a.evidence.rows {
		if card := a.evidence.cards[i]; card.Status == rubric.ScorecardDraft && !card.Shadow {
			rows = append(rows, row)
		}
	}
	return rows
}
