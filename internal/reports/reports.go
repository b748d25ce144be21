// Package reports owns reports as files over HTTP: each as CSV for spreadsheets
// and as a plain SVG picture for a wiki page or an e-mail, at
// /reports/<name>.csv and /reports/<name>.svg, with the arguments that the
// contract gives the report as query parameters.
//
// It does not own what is counted or who may read it (hiring and, below it,
// funnel and access), nor signing in (server).
package reports

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/fault"
)

// report is one report: its name is that of the field of the contract which
// tells the same.
type report struct {
	name string
	read func(context.Context, *hiring.Service, *query) (*answer, error)
}

// answer is a report that was read under the viewer's rules. Its figures are
// worked out by table or chart.
type answer struct {
	stand stand
	table func() (table, error)
	chart func() (*chart, error)
}

// all are the reports that there are.
var all = []report{
	{"funnel", readFunnel},
	{"funnelActivity", readActivity},
	{"funnelSnapshot", readSnapshot},
	{"stageTimes", readStageTimes},
	{"hireTimes", readHireTimes},
	{"sourceEffectiveness", readSources},
	{"levelOutcomes", readLevels},
	{"hireForecast", readForecast},
	{"calibration", readCalibration},
	{"adverseImpact", readAdverseImpact},
}

// Paths are where the reports are served.
func Paths() []string {
	var paths []string
	for _, r := range all {
		paths = append(paths, "/reports/"+r.name+".csv", "/reports/"+r.name+".svg")
	}
	return paths
}

// deadline is how long an answer may take.
const deadline = 25 * time.Second

// NewHandler serves all reports below /reports/ to the viewer in the request's
// context. Refusals are plain text: 400 names the parameter, 401 is for who has
// not signed in, 403 for who may not read the report, 404 when there is none of
// this name or form, 405 for methods other than GET and HEAD.
//
// Answers name a version (ETag): the query, the viewer, the newest event, and
// the moments that the figures stand on, to the minute. Who sends it again gets
// 304 while all of that holds. What stands on no event is not to be kept.
func NewHandler(s *hiring.Service) http.Handler {
	byName := make(map[string]report, len(all))
	for _, r := range all {
		byName[r.name] = r
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		name, form, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/reports/"), ".")
		report, known := byName[name]
		switch {
		case access.ViewerOf(r.Context()) == nil:
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "sign in first")
		case !known || form != "csv" && form != "svg":
			refuse(w, http.StatusNotFound, "there is no such report")
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "reports are read only: use GET")
		default:
			report.serve(w, r, s, form)
		}
	})
}

func (rep report) serve(w http.ResponseWriter, r *http.Request, s *hiring.Service, form string) {
	ctx, cancel := context.WithTimeout(r.Context(), deadline)
	defer cancel()
	q, err := readQuery(r.URL.RawQuery)
	if err != nil {
		refuseFor(ctx, w, err)
		return
	}
	a, err := rep.read(ctx, s, q)
	if fault.Is(err, fault.Denied) {
		err = cmp.Or(s.RecordRefusal(ctx, rep.name), err)
	}
	if err != nil {
		refuseFor(ctx, w, err)
		return
	}
	h := w.Header()
	cached := "no-store"
	if a.stand.event != nil {
		// Kept by who asked only, and asked for again each time.
		cached = "private, max-age=0, must-revalidate"
		tag := a.stand.tag(access.ViewerOf(ctx), rep.name, form, q.canonical)
		h.Set("ETag", tag)
		if matches(r.Header.Values("If-None-Match"), tag) {
			h.Set("Cache-Control", cached)
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	send, err := a.file(form)
	if err == nil {
		err = ctx.Err() // what stopped half way may look whole
	}
	if err != nil {
		h.Del("ETag")
		refuseFor(ctx, w, err)
		return
	}
	if err := s.RecordExport(ctx, rep.name, form); err != nil {
		h.Del("ETag")
		refuseFor(ctx, w, err)
		return
	}
	h.Set("Cache-Control", cached)
	h.Set("Content-Type", "image/svg+xml")
	if form == "csv" {
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", `attachment; filename="`+rep.name+"-"+a.stand.asOf.Format(time.DateOnly)+`.csv"`)
	}
	if r.Method != http.MethodHead {
		send(w)
	}
}

// file works the figures out; what it gives sends them.
func (a *answer) file(form string) (send func(http.ResponseWriter), err error) {
	if form == "svg" {
		c, err := a.chart()
		return c.send, err
	}
	t, err := a.table()
	return t.send, err
}

// done is what has been worked out without a way to fail.
func done[T any](work func() T) func() (T, error) { return func() (T, error) { return work(), nil } }

// secure keeps browsers from taking an answer for anything that runs.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Authorization")
}

// matches tells whether one of the versions that a client has is this one.
func matches(headers []string, tag string) bool {
	for _, h := range headers {
		for one := range strings.SplitSeq(h, ",") {
			if one = strings.TrimSpace(one); one == "*" || one == tag {
				return true
			}
		}
	}
	return false
}
