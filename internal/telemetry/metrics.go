package telemetry

import (
	"database/sql"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const namespace = "hireloop"

type metrics struct {
	operations         *prometheus.CounterVec   // operation, kind, code
	operationSeconds   *prometheus.HistogramVec // operation, kind
	operationCost      *prometheus.HistogramVec // operation, kind
	operationsInFlight *prometheus.GaugeVec     // kind

	requests         *prometheus.CounterVec   // route, method, status
	requestSeconds   *prometheus.HistogramVec // route
	requestsInFlight prometheus.Gauge

	statementSeconds *prometheus.HistogramVec // engine, verb
	statementErrors  *prometheus.CounterVec   // engine, verb, reason
	slowStatements   *prometheus.CounterVec   // engine
}

func newMetrics(r *prometheus.Registry, b Build) metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
		r.MustRegister(c)
		return c
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
		r.MustRegister(g)
		return g
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
		r.MustRegister(h)
		return h
	}
	answers := []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25}
	statements := []float64{.0001, .00025, .001, .0025, .01, .025, .1, .25, 1, 2.5, 10, 30}
	cost := []float64{1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000}

	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge("build_info", "What is running; always 1.", "version", "revision", "go").WithLabelValues(b.Version, b.Revision, b.Go).Set(1)
	return metrics{
		operations: counter("operations_total",
			"Operations answered, by the name that the client gave (the first 200 of them, then \"other\"), kind, and code of the first error or OK.",
			"operation", "kind", "code"),
		operationSeconds: histogram("operation_duration_seconds", "Time that an operation took, from its request.",
			answers, "operation", "kind"),
		operationCost: histogram("operation_cost", "Cost of operations, as extensions.cost shows it; also of those refused for it.",
			cost, "operation", "kind"),
		operationsInFlight: gauge("operations_in_flight", "Operations being answered.", "kind"),
		requests: counter("http_requests_total", "HTTP requests answered; 429 were over their rate, 503 shed or without a database.",
			"route", "method", "status"),
		requestSeconds:   histogram("http_request_duration_seconds", "Time that an HTTP request took.", answers, "route"),
		requestsInFlight: gauge("http_requests_in_flight", "HTTP requests being answered.").WithLabelValues(),
		statementSeconds: histogram("sql_statement_duration_seconds", "Time that a statement took, until its last row was read.",
			statements, "engine", "verb"),
		statementErrors: counter("sql_statement_errors_total", "Statements that failed, by SQLSTATE, SQLite's code, or cancelled and timeout.",
			"engine", "verb", "reason"),
		slowStatements: counter("sql_slow_statements_total", "Statements that took long enough to be logged.", "engine"),
	}
}

// Pool adds the figures of a connection pool.
func (t *Telemetry) Pool(db *sql.DB) {
	t.registry.MustRegister(collectors.NewDBStatsCollector(db, namespace))
}

// Counter adds a figure that only grows, read when it is asked for.
func (t *Telemetry) Counter(name, help string, read func() int64) {
	t.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help},
		func() float64 { return float64(read()) }))
}

// Gauge adds a figure, read when it is asked for.
func (t *Telemetry) Gauge(name, help string, read func() float64) {
	t.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// Metrics serves the metrics. They tell how much a company hires: not for the public.
func (t *Telemetry) Metrics() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}
