package demo

import (
	"fmt"
	"time"
)

// Keys of levels.
const (
	em       = "em"
	seniorEM = "senior_em"
)

// opening is a role that the company hires for.
type opening struct {
	course
	key         string // of World.Openings; "" for generated ones
	title       string
	requisition string
	product     string // what the team makes
	department  string
	places      []place
	levels      []string // at which one may be hired, by rank; the target is in course
	archetype   string
	workplace   string
	critical    bool
	created     time.Time
	pays        pay
	circle      int
	manager     int // in the circle
	recruiter   int // in the circle
}

// plan is the company's openings for that many applications, those with a
// story of their own first. Openings never have more than about five thousand
// applications: a larger world has more of them.
func plan(r random, applications int, now time.Time, products []string) []*opening {
	ago := func(days int) time.Time { return now.Truncate(day).Add(-time.Duration(days) * day).Add(9 * time.Hour) }
	named := []*opening{
		{key: "growth", title: "Engineering Manager, Growth", product: "growth", department: "Growth",
			levels: []string{em}, archetype: "PRODUCT",
			course: course{level: em, fate: filled, opened: ago(530), ended: ago(300), seats: 1, hires: 1}},
		{key: "platform_reliability", title: "Engineering Manager, Platform Reliability", product: "reliability", department: "Platform",
			levels: []string{em}, archetype: "DELIVERY", critical: true,
			course: course{level: em, fate: open, opened: ago(440), seats: 2, hires: 1}},
		{key: "mobile", title: "Engineering Manager, Mobile", product: "mobile app", department: "Mobile",
			levels: []string{em}, archetype: "TEAM_LEAD",
			course: course{level: em, fate: paused, opened: ago(380), ended: ago(40), seats: 2, hires: 1}},
		{key: "ecosystem_integrations", title: "Senior Engineering Manager, Ecosystem Integrations and API", product: "integrations", department: "Integrations",
			levels: []string{em, seniorEM}, archetype: "LEAD_OF_LEADS",
			course: course{level: seniorEM, fate: open, opened: ago(300), seats: 2, hires: 1, present: offered}},
		{key: "executive_reporting", title: "Senior Engineering Manager, Executive Reporting Foundation", product: "executive reporting", department: "Insights",
			levels: []string{em, seniorEM}, archetype: "LEAD_OF_LEADS", critical: true,
			course: course{level: seniorEM, fate: open, opened: ago(210), seats: 1, hires: 0, present: onsite}},
		{key: "in_app_experience", title: "Senior Engineering Manager, In-App Experience and Information Architecture", product: "in-app experience", department: "Core Experience",
			levels: []string{seniorEM}, archetype: "PRODUCT",
			course: course{level: seniorEM, fate: open, opened: ago(120), seats: 1, hires: 0, present: onsite}},
		{key: "payments_succession", title: "Senior Engineering Manager, Payments (succession)", product: "payments", department: "Payments",
			levels: []string{seniorEM}, archetype: "LEAD_OF_LEADS",
			course: course{level: seniorEM, fate: open, opened: ago(75), seats: 1, hires: 0, confidential: true}},
	}
	most := 250
	share := max(applications/len(named), 1)
	left := applications
	for i, o := range named {
		o.applications = min(share, most)
		if o.confidential {
			o.applications = max(o.applications/4, min(share, 2))
		}
		o.manager, o.recruiter = i%5, i%2
		left -= o.applications
	}
	if share < most { // the named ones are the whole world
		for i := 0; left > 0; i = (i + 1) % (len(named) - 1) {
			named[i].applications++
			left--
		}
	}
	all := named
	for n := 0; left > 0; n++ {
		o := generate(r, n, now)
		o.applications = min(o.applications, left)
		left -= o.applications
		all = append(all, o)
	}
	for i, o := range all {
		complete(r, o, i, pick(r, products))
	}
	return all
}

// generate makes an opening that is like the named ones.
func generate(r random, n int, now time.Time) *opening {
	o := &opening{course: course{level: em, fate: open, hires: -1}, levels: []string{em}}
	if r.chance(.4) {
		o.level, o.levels = seniorEM, []string{seniorEM}
		if r.chance(.6) {
			o.levels = []string{em, seniorEM}
		}
	}
	o.department = pick(r, departments())
	o.archetype = pick(r, []string{"TECH_LEAD", "TEAM_LEAD", "DELIVERY", "PRODUCT", "LEAD_OF_LEADS"})
	o.critical = r.chance(.1)
	o.applications = int(min(5000, max(300, r.logNormal(1600, .7))))
	o.circle, o.manager, o.recruiter = 1+n/openingsPerCircle, r.IntN(5), r.IntN(2)
	age := 30 + r.IntN(510)
	switch r.weighted(.60, .24, .07, .06, .03) {
	case 1:
		o.fate, age = filled, 200+r.IntN(340)
		o.ended = now.Add(-time.Duration(90+r.IntN(age-150)) * day)
	case 2:
		o.fate, age = paused, 120+r.IntN(420)
		o.ended = now.Add(-time.Duration(20+r.IntN(60)) * day)
	case 3:
		o.fate, age = cancelled, 120+r.IntN(420)
		o.ended = now.Add(-time.Duration(10+r.IntN(80)) * day)
	case 4:
		o.fate, o.applications, o.seats = drafted, 0, 1
	}
	o.opened = now.Truncate(day).Add(-time.Duration(age) * day).Add(time.Duration(8+r.IntN(9)) * time.Hour)
	o.ended = o.ended.Truncate(time.Hour)
	o.confidential = o.fate == open && o.applications < 600 && r.chance(.2)
	return o
}

// openingsPerCircle keeps the load of interviewers bearable as the world grows.
const openingsPerCircle = 8

// complete adds what does not depend on the story.
func complete(r random, o *opening, n int, product string) {
	o.requisition = fmt.Sprintf("REQ-%04d", 1001+n)
	if o.title == "" {
		o.product = product
		o.title = "Engineering Manager, " + product
		if o.level == seniorEM {
			o.title = "Senior " + o.title
		}
	}
	o.created = o.opened.Add(-time.Duration(r.IntN(7*24)+2) * time.Hour)
	o.places = []place{pick(r, places())}
	if second := pick(r, places()); second.currency == o.places[0].currency && second != o.places[0] {
		o.places = append(o.places, second)
	}
	o.workplace = [...]string{"HYBRID", "REMOTE", "ONSITE"}[r.weighted(.55, .3, .15)]
	low := 82_000.0
	if o.level == seniorEM {
		low = 108_000
	}
	rate := o.places[0].rate
	o.pays = pay{low: int64(low*rate/1000) * 100_000, high: int64(low*rate*1.3/1000) * 100_000, currency: o.places[0].currency}
}
