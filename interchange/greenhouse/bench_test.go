package greenhouse_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"hireloop/interchange"
	"hireloop/interchange/greenhouse"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// account is an export of n applications for n/250 jobs, with their history, an
// e-mail address each, and for every fourth an interview with a scorecard of
// six ratings.
func account(n int) (fs.FS, int) {
	r := rand.New(rand.NewPCG(1, 2))
	tables, rows := map[string]*strings.Builder{}, 0
	add := func(table, format string, args ...any) {
		if tables[table] == nil {
			tables[table] = &strings.Builder{}
		} else {
			rows++
		}
		fmt.Fprintf(tables[table], format+"\n", args...)
	}
	for table, header := range map[string]string{
		"user": "id,first_name,last_name", "user_email": "user_id,email", "source": "id,name,source_type_name", "candidate": "id,first_name,last_name,title,created_at",
		"email_address": "candidate_id,index,value", "job": "id,name,status,created_at", "job_stage": "id,job_id,name", "job_application": "application_id,job_id",
		"application": "id,candidate_id,applied_at,current_stage_id,status,rejected_at,source_id,last_activity_at", "application_history": "application_id,updated_at,new_stage_id,new_status",
		"scheduled_interview": "id,application_id,start,end,status", "scheduled_interviewer": "scheduled_interview_id,interviewer_id,scorecard_id",
		"scorecard":           "id,application_id,interview,interviewed_at,overall_recommendation,submitted_at,submitted_by_user_id",
		"scorecard_attribute": "scorecard_id,index,name,rating,note",
	} {
		add(table, "%s", header)
	}
	for u := range 60 {
		add("user", "%d,First%d,Last%d", u, u, u)
		add("user_email", "%d,user%d@example.com", u, u)
	}
	for s := range 12 {
		add("source", "%d,Source %d,Other", s, s)
	}
	stages := []string{"Application Review", "Phone Screen", "Hiring Manager Screen", "Onsite", "Offer"}
	jobs := max(n/250, 1)
	for j := range jobs {
		add("job", "%d,Job %d,open,2023-12-01 09:00:00", j, j)
		for s, name := range stages {
			add("job_stage", "%d,%d,%s", j*10+s, j, name)
		}
	}
	const layout = "2006-01-02 15:04:05.000"
	for a := range n {
		at := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(700*24)) * time.Hour)
		applied, job, stage := at, a%jobs, 0
		add("candidate", "%d,Given%d,Family%d,Engineer,%s", a, a, a, at.Format(layout))
		add("email_address", "%d,0,person%d@example.com", a, a)
		add("job_application", "%d,%d", a, job)
		for {
			add("application_history", "%d,%s,%d,active", a, at.Format(layout), job*10+stage)
			at = at.Add(time.Duration(1+r.IntN(200)) * time.Hour)
			if stage == len(stages)-1 || r.Float64() > 0.6 {
				break
			}
			stage++
		}
		status, rejected := "active", ""
		if r.IntN(10) > 0 {
			status, rejected = "rejected", at.Format(layout)
			add("application_history", "%d,%s,,rejected", a, at.Format(layout))
		}
		add("application", "%d,%d,%s,%d,%s,%s,%d,%s", a, a, applied.Format(layout), job*10+stage, status, rejected, a%12, at.Format(layout))
		if a%4 == 0 {
			add("scheduled_interview", "%d,%d,%s,%s,complete", a, a, at.Format(layout), at.Add(time.Hour).Format(layout))
			add("scheduled_interviewer", "%d,%d,%d", a, a%60, a)
			add("scorecard", "%d,%d,Onsite,%s,yes,%s,%d", a, a, at.Format(layout), at.Add(2*time.Hour).Format(layout), a%60)
			for k := range 6 {
				add("scorecard_attribute", "%d,%d,Signal %d,yes,\"A note about what was said, with an example\"", a, k, k)
			}
		}
	}
	texts := map[string]string{}
	for name, b := range tables {
		texts[name] = b.String()
	}
	return files(texts), rows
}

// BenchmarkImport imports an account of 20,000 applications into an empty
// database and then once more.
func BenchmarkImport(b *testing.B) {
	dir, rows := account(20_000)
	for _, e := range testdb.Engines() {
		b.Run(e.Name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := e.Open(b, migrated(), store.Options{})
				opt := interchange.Options{IDs: gid.NewGenerator(nil, nil)}
				b.StartTimer()
				for _, unit := range []string{"s/first", "s/again"} {
					began := time.Now()
					report, err := greenhouse.Import(context.Background(), d, dir, opt)
					if err != nil {
						b.Fatal(err)
					}
					if len(report.Rows) > 20 {
						b.Fatalf("%d rows did not fit, e.g. %v", len(report.Rows), report.Rows[:3])
					}
					took := time.Since(began).Seconds()
					b.ReportMetric(took, unit)
					if unit == "s/first" {
						b.ReportMetric(float64(rows)/took, "rows/s")
					}
				}
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
			}
		})
	}
}
