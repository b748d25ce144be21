package demo

import (
	"fmt"
	"strings"
	"time"

	"hireloop/internal/access"
	"hireloop/internal/gid"
)

// member is a person of the company.
type member struct {
	id       gid.ID
	name     string
	email    string
	title    string
	roles    []access.Role
	joined   time.Time
	left     time.Time // zero while there
	seat     string    // the place in interviews that they take
	leniency float64   // what they add to every rating
}

// circle is people who hire together: a larger company has more of them.
type circle struct {
	recruiters []*member
	managers   []*member
	bySeat     map[string][]*member
	all        []*member // who interview
}

// owing is who owes a scorecard wherever interviews are under way.
func (k circle) owing() *member { return k.bySeat["peer_em"][0] }

// company is everybody.
type company struct {
	members []*member
	circles []circle
	admin   *member
	analyst *member
}

// interviewers are who interviews in one circle: the place and how many.
func interviewers() []struct {
	seat, title string
	count       int
} {
	return []struct {
		seat, title string
		count       int
	}{
		{"peer_em", "Engineering Manager", 4},
		{"senior_em", "Senior Engineering Manager", 2},
		{"director", "Director of Engineering", 2},
		{"senior_engineer", "Senior Engineer", 4},
		{"staff_engineer", "Staff Engineer", 2},
		{"product_manager", "Product Manager", 3},
		{"senior_product_manager", "Senior Product Manager", 2},
		{"head_of_product", "Head of Product", 1},
		{"designer", "Product Designer", 2},
		{"senior_designer", "Senior Product Designer", 2},
	}
}

const (
	strictness = .35 // spread of the interviewers' leniency
	outlier    = .70 // of one in twelve, up or down
)

// found makes a company with that many circles, as of some time before the
// story begins.
func found(r random, names *namer, circles int, since time.Time) *company {
	c := &company{}
	taken := map[string]int{}
	hire := func(title, seat string, roles ...access.Role) *member {
		p := names.person(r)
		m := &member{name: p.name, title: title, seat: seat, roles: roles}
		address := p.given.latin + "." + p.family.latin
		if taken[address]++; taken[address] > 1 {
			address += fmt.Sprint(taken[address])
		}
		m.email = strings.ToLower(address) + "@example.com"
		m.joined = since.Add(-time.Duration(r.IntN(700)) * day)
		c.members = append(c.members, m)
		return m
	}
	c.admin = hire("Head of People Operations", "", access.Admin)
	c.analyst = hire("People Analyst", "", access.Analyst)
	for n := range circles {
		k := circle{bySeat: map[string][]*member{}}
		for range 2 {
			k.recruiters = append(k.recruiters, hire("Technical Recruiter", "", access.Recruiter))
		}
		for range 5 {
			k.managers = append(k.managers, hire("Senior Engineering Manager", "", access.HiringManager, access.Interviewer))
		}
		for _, i := range interviewers() {
			for range i.count {
				m := hire(i.title, i.seat, access.Interviewer)
				m.leniency = r.normal(0, strictness)
				if at := len(k.all); at%12 == 6 {
					m.leniency = outlier * float64(1-2*(at/12%2))
				}
				k.all = append(k.all, m)
				k.bySeat[i.seat] = append(k.bySeat[i.seat], m)
			}
		}
		c.circles = append(c.circles, k)
		if n == 0 {
			gone := hire("Engineering Manager", "", access.Interviewer)
			gone.left = since.Add(150 * day)
		}
	}
	return c
}

// place is an office or a region.
type place struct {
	name, zone, currency string
	rate                 float64 // of its pay, to the company's scale in EUR
}

func places() []place {
	return []place{
		{"Amsterdam", "Europe/Amsterdam", "EUR", 1},
		{"Bengaluru", "Asia/Kolkata", "INR", 55},
		{"Berlin", "Europe/Berlin", "EUR", 1},
		{"Lisboa", "Europe/Lisbon", "EUR", .75},
		{"London", "Europe/London", "GBP", .95},
		{"Nairobi", "Africa/Nairobi", "KES", 70},
		{"New York", "America/New_York", "USD", 1.7},
		{"Remote, Americas", "America/Chicago", "USD", 1.4},
		{"Remote, Europe", "Europe/Brussels", "EUR", .9},
		{"Singapore", "Asia/Singapore", "SGD", 1.7},
		{"São Paulo", "America/Sao_Paulo", "BRL", 3.6},
		{"Tallinn", "Europe/Tallinn", "EUR", .8},
		{"Tel Aviv", "Asia/Jerusalem", "ILS", 4},
		{"Toronto", "America/Toronto", "CAD", 1.5},
		{"東京", "Asia/Tokyo", "JPY", 1.3},
	}
}

func departments() []string {
	return []string{
		"Commerce", "Core Experience", "Customer Tools", "Data", "Developer Experience", "Growth",
		"Infrastructure", "Insights", "Integrations", "Internal Tools", "Machine Learning",
		"Marketplace", "Mobile", "Payments", "Platform", "Security",
	}
}
