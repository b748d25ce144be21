package graph

import "time"

// aGrouping is how many groups of openings are assumed where the contract does
// not say how many there are.
const aGrouping = 10

// reportSizes say how many groups a report is going to have, from its arguments:
// what gqlhttp cannot know.
func reportSizes(now func() time.Time) map[string]func(map[string]any) int {
	groups := func(arguments map[string]any) int {
		view, _ := arguments["view"].(map[string]any)
		if view["groupBy"] == nil {
			return periods(arguments, now())
		}
		return aGrouping * periods(arguments, now())
	}
	return map[string]func(map[string]any) int{
		"Funnel.groups":         groups,
		"FunnelActivity.groups": groups,
		"FunnelSnapshot.groups": groups,
		"HireTimes.groups":      groups,
		"LevelOutcomes.groups":  groups,
		"SourceEffectiveness.sources": func(arguments map[string]any) int {
			return aGrouping * periods(arguments, now())
		},
	}
}

// periods counts those that the arguments of a report ask for, cut off ones
// included. Days that are none are refused later.
func periods(arguments map[string]any, now time.Time) int {
	const day = 24 * time.Hour
	view, _ := arguments["view"].(map[string]any)
	days := map[any]int{"WEEK": 7, "MONTH": 28, "QUARTER": 90}[view["interval"]]
	if days == 0 {
		return 1
	}
	filter, _ := arguments["filterBy"].(map[string]any)
	read := func(name string, otherwise time.Time) time.Time {
		text, _ := filter[name].(string)
		if t, err := time.Parse(time.DateOnly, text); err == nil {
			return t
		}
		return otherwise
	}
	to := read("to", now)
	from := read("from", to.AddDate(-1, 0, 0))
	return max(int(to.Sub(from)/day)/days, 0) + 1
}
