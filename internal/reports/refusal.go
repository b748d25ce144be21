package reports

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"hireloop/internal/fault"
	"hireloop/internal/gqlhttp"
)

// refuse answers with one line of plain text.
func refuse(w http.ResponseWriter, status int, message string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, message) //nolint:gosec // plain text, and never sniffed
}

// mostProblems is how many are told at once.
const mostProblems = 20

// refuseFor answers with what is wrong with a request, one line for each
// problem. What is nobody's fault but ours is logged and told as a request id.
func refuseFor(ctx context.Context, w http.ResponseWriter, err error) {
	faults := fault.All(err)
	if len(faults) == 0 {
		shown := gqlhttp.Present(ctx, err)
		status := http.StatusInternalServerError
		switch shown.Extensions["code"] {
		case gqlhttp.CodeTimeout:
			refuse(w, http.StatusGatewayTimeout, "the report took too long")
			return
		case gqlhttp.CodeCancelled, gqlhttp.CodeUnavailable:
			status = http.StatusServiceUnavailable
		}
		refuse(w, status, shown.Message)
		return
	}
	status := map[fault.Kind]int{
		fault.Denied: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	}[faults[0].Kind]
	if status == 0 {
		status = http.StatusBadRequest
	}
	var lines []string
	for _, f := range faults[:min(len(faults), mostProblems)] {
		lines = append(lines, inParameters(f).Error())
	}
	if more := len(faults) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	refuse(w, status, strings.Join(lines, "\n"))
}

// inParameters is a fault whose path and hint name parameters rather than
// arguments of the contract: filterBy.openingIds.2 is openingId.2.
func inParameters(f *fault.Error) *fault.Error {
	c := *f
	c.Path = nil
	for _, step := range f.Path {
		if step != "filterBy" && step != "view" {
			c.Path = append(c.Path, parameterOf(step))
		}
	}
	words := strings.Fields(f.Hint)
	for i, word := range words {
		for _, input := range []string{"filterBy.", "view."} {
			if name, in := strings.CutPrefix(word, input); in {
				words[i] = parameterOf(name)
			}
		}
	}
	c.Hint = strings.Join(words, " ")
	return &c
}

// parameterOf is the parameter for an argument: one that is repeated is called
// by what one of its values is.
func parameterOf(argument string) string {
	if noun, list := strings.CutSuffix(argument, "Ids"); list {
		return noun + "Id"
	}
	return argument
}
