package reports

import (
	"fmt"
	"strings"
	"time"

	"hireloop/funnel"
	"hireloop/hiring"
)

func standOf(b *hiring.FunnelBasis) stand {
	return stand{from: b.From, to: b.To, asOf: b.AsOf, known: b.KnownAt, zone: b.TimeZone, event: &b.Event}
}

// cells come first in every row.
func (s stand) cells() []named {
	return []named{
		{"from", day(s.from)}, {"to", day(s.to)}, {"asOf", moment(s.asOf)}, {"knownAt", moment(s.known)},
		{"timeZone", words(s.zone)}, {"event", maybe(s.event, count[int64])},
	}
}

// basisCells are the stand of a funnel, and how it counts.
func basisCells(b *hiring.FunnelBasis) []named {
	return append(standOf(b).cells(),
		named{"stages", words(string(b.Stages))}, named{"skips", words(string(b.Skips))}, named{"reentries", words(string(b.Reentries))},
		named{"openings", count(b.Openings)}, named{"openingsLeftOut", count(b.OpeningsLeftOut)})
}

// span tells days by the first and the last.
func span(from, to time.Time) string {
	return from.Format(time.DateOnly) + " to " + to.AddDate(0, 0, -1).Format(time.DateOnly)
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// asOfNote tells the moments that a picture stands on.
func (s stand) asOfNote() string {
	note := "As of " + minute(s.asOf)
	if !s.known.Equal(s.asOf) {
		note += ", as known on " + minute(s.known)
	}
	if s.event != nil {
		note += fmt.Sprintf(" (event %d)", *s.event)
	}
	if s.zone != "" {
		note += "; days of " + s.zone
	}
	return note + "."
}

// openingsNote tells how many openings are counted.
func openingsNote(b *hiring.FunnelBasis) string {
	note := plural(b.Openings, "opening")
	if b.OpeningsLeftOut > 0 {
		note += fmt.Sprintf(", %d left out", b.OpeningsLeftOut)
	}
	return note
}

// skipsNote tells what is counted of stages that somebody jumped over.
func skipsNote(b *hiring.FunnelBasis) string {
	if b.Skips == funnel.Actual {
		return "Rates are of those who were in the stage."
	}
	return "Who got further than a stage has passed it, also where they jumped over it."
}

// groupCells are the columns of what a group has in common.
func groupColumns[T any](of func(T) *hiring.FunnelGroup) []column[T] {
	return []column[T]{
		{"groupId", func(t T) cell {
			if id := of(t).ID; id != nil {
				return cell(id.String())
			}
			return ""
		}},
		{"groupName", func(t T) cell { return maybe(of(t).Name, words) }},
		{"periodFrom", func(t T) cell { return day(of(t).From) }},
		{"periodTo", func(t T) cell { return day(of(t).To) }},
	}
}

// stageColumns are the columns that name a stage.
func stageColumns[T any](of func(T) *hiring.FunnelStage) []column[T] {
	return []column[T]{
		{"stageKind", func(t T) cell { return words(string(of(t).Kind)) }},
		{"stageName", func(t T) cell { return maybe(of(t).Name, words) }},
		{"stagePosition", func(t T) cell { return count(of(t).Position) }},
	}
}

// stageName is what people call a stage.
func stageName(s *hiring.FunnelStage) string {
	if s.Name != nil {
		return *s.Name
	}
	return spoken(string(s.Kind))
}

// spoken is a value of an enum as people say it.
func spoken(value string) string {
	text := strings.ToLower(strings.ReplaceAll(value, "_", " "))
	return strings.ToUpper(text[:min(1, len(text))]) + text[min(1, len(text)):]
}

// grouping tells how the groups of a report were asked for.
type grouping struct{ by, periods bool }

func groupingOf(v *hiring.FunnelView) grouping { return grouping{v.GroupBy != nil, v.Interval != nil} }

func (g grouping) any() bool { return g.by || g.periods }

// nameOf is what people call a group.
func nameOf(g *hiring.FunnelGroup) string {
	if g.Name == nil {
		return "none"
	}
	return *g.Name
}

// title is what a group is called, followed by what is told of it.
func (g grouping) title(of *hiring.FunnelGroup, figures string) string {
	var parts []string
	if g.by {
		parts = append(parts, shortened(nameOf(of), 60))
	}
	if g.periods {
		parts = append(parts, span(of.From, of.To))
	}
	if len(parts) == 0 {
		parts = append(parts, "All together")
	}
	return strings.Join(parts, ", ") + ": " + figures
}

// oneOrAll are the groups where groups were asked for, else what is together.
func oneOrAll[T any](g grouping, total func() T, groups func() []T) []T {
	if g.any() {
		return groups()
	}
	return []T{total()}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// percent tells a share, rounded, with its interval.
func percent(share *float64, i *funnel.Interval) string {
	if share == nil {
		return "–"
	}
	if i == nil {
		return fmt.Sprintf("%.1f %%", *share*100)
	}
	return fmt.Sprintf("%.1f %% (%.0f–%.0f)", *share*100, i.Low*100, i.High*100)
}

// inDays tells a length of time, rounded; how is told where there is none.
func inDays(days *float64, otherwise string) string {
	if days == nil {
		return otherwise
	}
	return fmt.Sprintf("%.1f days", *days)
}
