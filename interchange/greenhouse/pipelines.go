package greenhouse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hireloop/funnel"
	"hireloop/interchange"
)

// pipelines puts the stages of each opening in order and decides their kinds.
func (p *planner) pipelines() {
	taken := map[string]int{}
	for _, o := range p.world.Openings {
		p.pipeline(p.openings[o.Key.ID], taken)
	}
	names := make([]string, 0, len(taken))
	for name := range taken {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p.report.Add(interchange.RowIssue{File: "job_stage.csv", Column: "name", Code: interchange.CodeInferred, Outcome: interchange.Noted,
			Message: fmt.Sprintf("%d × %s, by the name", taken[name], name)})
	}
}

// pipeline orders the stages of a job: by their given place, else by id, which
// is the order of making; a stage whose name tells an earlier kind goes before
// those of later kinds. A stage whose name tells nothing is APPLIED when it is
// the first one, SCREEN after APPLIED, else INTERVIEW.
func (p *planner) pipeline(j *job, taken map[string]int) {
	slices.SortStableFunc(j.steps, func(a, b *step) int {
		return cmp.Or(a.position-b.position, lessID(a.id, b.id))
	})
	before := ""
	hired := false
	for i, s := range j.steps {
		s.Kind = interchange.StageKind(s.Name)
		if s.Stands != nil && strings.HasPrefix(s.Name, "Unknown stage ") {
			s.Kind = ""
		}
		switch {
		case s.Kind == "HIRED" && hired:
			s.Kind = "OFFER"
		case s.Kind != "":
			taken[fmt.Sprintf("%q is of kind %s", s.Name, s.Kind)]++
		case i == 0:
			s.Kind = "APPLIED"
		case before == "APPLIED" || before == "LEAD":
			s.Kind = "SCREEN"
		default:
			s.Kind = "INTERVIEW"
		}
		if interchange.StageKind(s.Name) == "" && s.Stands == nil {
			p.report.Add(interchange.RowIssue{File: s.File, Line: s.Line, ID: s.id, Column: "name", Code: interchange.CodeInferred,
				Outcome: interchange.Mapped, Message: "the name does not tell the kind of the stage; taken as " + s.Kind + " by its place"})
		}
		hired = hired || s.Kind == "HIRED"
		before = s.Kind
	}
	kinds := funnel.Kinds
	slices.SortStableFunc(j.steps, func(a, b *step) int {
		return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
	})
	for _, s := range j.steps {
		j.Stages = append(j.Stages, s.Stage)
	}
	if len(j.Stages) == 0 || len(j.Stages) == 1 && hired {
		j.Stages = slices.Insert(j.Stages, 0, p.derived(j, "applied", "Applied", "APPLIED"))
	}
	if j.leads && j.Stages[0].Kind != "LEAD" {
		j.Stages = slices.Insert(j.Stages, 0, p.derived(j, "lead", "Prospects", "LEAD"))
	}
	end := p.derived(j, "hired", "Hired", "HIRED")
	if hired { // whether the export has it or not, it is one and the same
		j.Stages[len(j.Stages)-1].Key = end.Key
	} else {
		j.Stages = append(j.Stages, end)
	}
}

// derived is a stage that the export does not have and an opening needs.
func (p *planner) derived(j *job, id, name, kind string) *interchange.Stage {
	return &interchange.Stage{Name: name, Kind: kind, Spare: kind != "HIRED", Reference: interchange.Reference{
		Key: interchange.Ref{Object: "job_stage", ID: "job:" + j.id + "/" + id}, Counted: "stages that openings need", Added: true,
		File: j.File, Line: j.Line,
	}}
}
