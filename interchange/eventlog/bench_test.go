package eventlog_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"hireloop/interchange"
	"hireloop/interchange/eventlog"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// history is a log of n applications for n/500 openings, about four rows each.
func history(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("application_id,candidate,opening,source,at,event,stage\n")
	stages := []string{"Application Review", "Recruiter Screen", "Hiring Manager Screen", "Onsite", "Offer"}
	for a := range n {
		at := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(700*24)) * time.Hour)
		row := func(event, stage string) {
			fmt.Fprintf(&b, "A-%d,person%d@example.com,Opening %d,Source %d,%s,%s,%s\n", a, a, a%max(n/500, 1), a%7, at.Format("2006-01-02 15:04:05"), event, stage)
			at = at.Add(time.Duration(1+r.IntN(200)) * time.Hour)
		}
		for i, s := range stages {
			row("enter", s)
			if r.Float64() > 0.75 && i > 0 {
				break
			}
		}
		switch r.IntN(10) {
		case 0:
			row("withdraw", "")
		case 1:
		case 2:
			row("hire", "")
		default:
			row("reject", "")
		}
	}
	return b.Bytes()
}

// BenchmarkImport imports a log of 100,000 applications into an empty database
// and then once more, and reports rows a second and the memory at its peak.
func BenchmarkImport(b *testing.B) {
	log := history(100_000)
	rows := bytes.Count(log, []byte("\n")) - 1
	for _, e := range testdb.Engines() {
		b.Run(e.Name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := e.Open(b, migrated(), store.Options{})
				opt := interchange.Options{IDs: gid.NewGenerator(nil, nil)}
				b.StartTimer()
				began := time.Now()
				report, err := eventlog.Import(context.Background(), d, bytes.NewReader(log), "log.csv", opt)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/first")
				b.ReportMetric(float64(rows)/time.Since(began).Seconds(), "rows/s")
				if err := report.Print(io.Discard); err != nil {
					b.Fatal(err)
				}
				began = time.Now()
				if _, err := eventlog.Import(context.Background(), d, bytes.NewReader(log), "log.csv", opt); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/again")
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
			}
		})
	}
}
