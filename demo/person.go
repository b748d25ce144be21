package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hireloop/internal/gid"
)

// namer makes people's names.
type namer struct {
	cultures []culture
	shares   []float64
}

func newNamer() (*namer, error) {
	cultures, err := readCultures()
	if err != nil {
		return nil, err
	}
	n := &namer{cultures: cultures}
	for _, c := range cultures {
		n.shares = append(n.shares, float64(c.share))
	}
	return n, nil
}

// named is a name and its parts.
type named struct {
	name          string
	given, family spelling
}

func (n *namer) person(r random) named {
	c := n.cultures[r.weighted(n.shares...)]
	p := named{given: pick(r, c.given), family: pick(r, c.family)}
	p.name = p.given.name + " " + p.family.name
	if c.familyFirst {
		p.name = p.family.name + p.given.name
	}
	return p
}

// person is a candidate.
type person struct {
	id       gid.ID // Nil until written
	opening  int    // for which they applied
	since    time.Time
	name     string
	headline string
	company  string
	city     string
	links    json.RawMessage
	tags     []string
	email    string
	phone    string // "" for none
	private  bool
}

const (
	returns    = .04  // chance of an application to be by somebody already there
	sameEmail  = .008 // chance of a candidate to be recorded twice, by e-mail …
	samePhone  = .004 // … or by telephone
	hasPhone   = .55
	remembered = 512 // how many candidates may come again
)

// people makes candidates, some of whom come again.
type people struct {
	names  *namer
	words  words
	made   int
	phones float64 // chance of a candidate to have a telephone number
	dialed int     // numbers given out
	recent []*person
}

// newPeople prepares for about that many candidates. Numbers reserved for
// fiction are few: in a large world fewer candidates have one, so that two who
// share one are an exception.
func newPeople(names *namer, w words, expected int) *people {
	return &people{names: names, words: w, phones: min(hasPhone, .9*float64(phoneNumbers)/float64(max(expected, 1)))}
}

// applicant is who applies to the opening with this number.
func (k *people) applicant(r random, opening int, from origin, at time.Time) *person {
	if len(k.recent) == remembered && r.chance(returns) {
		i := r.IntN(remembered)
		if p := k.recent[i]; p.opening != opening && p.since.Before(at) {
			k.recent = append(k.recent[:i], k.recent[i+1:]...) // comes no third time
			return p
		}
	}
	p := k.person(r, opening, from)
	p.since = at
	if len(k.recent) > 0 {
		double := pick(r, k.recent)
		switch {
		case double.opening == opening:
		case r.chance(sameEmail):
			p.name, p.email = double.name, strings.ToUpper(double.email[:1])+double.email[1:]
		case r.chance(samePhone) && double.phone != "":
			p.name, p.phone = double.name, strings.ReplaceAll(double.phone, " ", "-")
		}
	}
	if len(k.recent) < remembered {
		k.recent = append(k.recent, p)
	} else {
		k.recent[r.IntN(remembered)] = p
	}
	return p
}

func (k *people) person(r random, opening int, from origin) *person {
	n := k.names.person(r)
	k.made++
	p := &person{
		opening: opening, name: n.name,
		email: fmt.Sprintf("%s.%s.%d@%s", n.given.latin, n.family.latin, k.made,
			[...]string{"example.com", "example.org", "example.net"}[r.IntN(3)]),
		private: from == internal,
	}
	if r.chance(.85) {
		p.headline = k.words.any(r, "headlines")
	}
	if r.chance(.7) {
		p.company = pick(r, k.words["companies"])
	}
	if r.chance(.8) {
		p.city = pick(r, k.words["cities"])
	}
	if r.chance(k.phones) {
		p.phone = phoneNumber(k.dialed)
		k.dialed++
	}
	p.links = links(r, n, k.made)
	for range r.weighted(.4, .3, .2, .1) {
		if tag := pick(r, k.words["tags"]); !slices.Contains(p.tags, tag) {
			p.tags = append(p.tags, tag)
		}
	}
	return p
}

// links are pages under domains that can never exist.
func links(r random, n named, number int) json.RawMessage {
	slug := fmt.Sprintf("%s-%s-%d", n.given.latin, n.family.latin, number)
	var all []string
	if r.chance(.6) {
		all = append(all, `{"kind":"LINKEDIN","url":"https://linkedin.example/in/`+slug+`"}`)
	}
	if r.chance(.2) {
		all = append(all, `{"kind":"GITHUB","url":"https://github.example/`+slug+`"}`)
	}
	if r.chance(.1) {
		all = append(all, `{"kind":"WEBSITE","url":"https://`+slug+`.example/"}`)
	}
	return json.RawMessage("[" + strings.Join(all, ",") + "]")
}

// block is a range of numbers that telephone regulators keep for fiction.
type block struct {
	format string
	size   int
}

// frenchNumbers is the size of each of the six French blocks.
const frenchNumbers = 10_000

func blocks() []block {
	var all []block
	for _, area := range []int{212, 303, 312, 404, 415, 503, 512, 617, 646, 702, 713, 720, 808, 907, 416, 514, 604} {
		all = append(all, block{fmt.Sprintf("+1 %d 555 01%%02d", area), 100})
	}
	for _, prefix := range []string{"7700 900", "20 7946 0", "113 496 0", "121 496 0", "131 496 0", "161 496 0", "29 2018 0"} {
		all = append(all, block{"+44 " + prefix + "%03d", 1000})
	}
	for _, prefix := range []string{"1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49", "6 39 98"} {
		all = append(all, block{"+33 " + prefix + " %04d", frenchNumbers})
	}
	for _, prefix := range []string{"30 23125 ", "69 90009 ", "40 66969 ", "221 4710 ", "89 99998 "} {
		all = append(all, block{"+49 " + prefix + "%03d", 1000})
	}
	return all
}

// phoneNumbers is how many numbers all blocks have together.
const phoneNumbers = 17*100 + 7*1000 + 6*frenchNumbers + 5*1000

// phoneNumber is the n-th number, blocks mixed; after the last the first again.
func phoneNumber(n int) string {
	const stride = 30_011 // has no factor in common with phoneNumbers
	n = n % phoneNumbers * stride % phoneNumbers
	for _, b := range blocks() {
		if n < b.size {
			return fmt.Sprintf(b.format, n)
		}
		n -= b.size
	}
	panic("demo: phoneNumbers is not the size of the blocks")
}
