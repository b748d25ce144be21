package access

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db"
)

// closed are the entities that the program itself reads, and nobody else yet.
var closed = []string{
	"AuditLink", "CandidateMerge", "DemographicAnswer", "ErasedReference", "Event", "ExternalReference", "ImportRun",
	"MemberIdentity", "Setting",
}

// Whoever adds an entity decides who reads it: in the table, or here.
func TestEveryEntityHasARule(t *testing.T) {
	var entities []string
	client := reflect.TypeFor[db.Client]()
	for i := range client.NumField() {
		if f := client.Field(i); f.IsExported() && f.Type.Kind() == reflect.Pointer && f.Name != "Schema" {
			entities = append(entities, f.Name)
		}
	}
	if len(entities) < 40 {
		t.Fatalf("found the entities %v only", entities)
	}
	for _, entity := range entities {
		_, listed := table[entity]
		if listed == slices.Contains(closed, entity) {
			t.Errorf("%s: listed %t, closed %t; it must be one of the two", entity, listed, !listed)
		}
	}
	for _, entity := range append(slices.Collect(maps.Keys(table)), closed...) {
		if entity != LoopEvidence && !slices.Contains(entities, entity) {
			t.Errorf("there is no entity %s", entity)
		}
	}
}

// What restricts nothing, and what nobody sees, stay so in every combination.
func TestConditions(t *testing.T) {
	some := where("{id} = ?", 1)
	for rule, c := range map[string]struct{ got, want *condition }{
		"any of nothing is never":             {anyOf(), never},
		"any of never is never":               {anyOf(never, never), never},
		"any of all is all":                   {anyOf(some, nil), nil},
		"a relation to what nobody sees":      {never.of("t", "t", "1 = 1"), never},
		"a relation to what everybody sees":   {(*condition)(nil).of("t", "t", "1 = 1"), nil},
		"nobody sees nothing":                 {reading(nil, "Opening"), never},
		"an entity without a rule is closed":  {reading(&Viewer{Roles: []Role{Admin}}, "Unheard"), never},
		"a member without a role has no rows": {reading(&Viewer{}, "Application"), never},
		"an analyst sees no applications":     {reading(&Viewer{Roles: []Role{Analyst}}, "Application"), never},
		"an analyst sees no contacts":         {reading(&Viewer{Roles: []Role{Analyst}}, "CandidateContact"), never},
		"an interviewer needs no contacts":    {reading(&Viewer{Roles: []Role{Interviewer}}, "CandidateContact"), never},
		"everybody reads the reference lists": {reading(&Viewer{}, "Level"), nil},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %+v, want %+v", rule, c.got, c.want)
		}
	}
	if got := some.of("stages s", "s", "s.id = {stage_id}"); got.text != "EXISTS (SELECT 1 FROM stages s WHERE s.id = {stage_id} AND (s.id = ?))" {
		t.Errorf("a relation reads %s", got.text)
	}
}

// Row-level security hides rows from what a rule asks by the way, so that "there is
// none" would hold when there is one. Rules ask for others' rows in sets, which see
// every row, and in relations, by which more hidden is less seen.
func TestRulesAskForOtherRowsInSetsAlone(t *testing.T) {
	var look func(entity string, c *condition)
	look = func(entity string, c *condition) {
		switch {
		case c == nil:
		case c.made != nil:
			for _, part := range c.made.parts {
				look(entity, part)
			}
		case strings.Contains(c.text, "SELECT"):
			t.Errorf("%s: %q asks for rows by itself", entity, c.text)
		}
	}
	for entity := range table {
		for _, role := range Roles {
			look(entity, reading(&Viewer{Roles: []Role{role}}, entity))
		}
	}
}

func TestRights(t *testing.T) {
	for rule, c := range map[string]struct {
		roles        []Role
		team         []string
		want         Rights
		confidential bool
	}{
		"an administrator takes over nothing confidential":  {[]Role{Admin, Interviewer}, nil, Rights{}, true},
		"a recruiter runs what is confidential in its team": {[]Role{Recruiter}, []string{"RECRUITER"}, Rights{Manage: true, Move: true, Offer: true, Lead: true, Pay: true}, true},
		"an administrator manages and moves":                {[]Role{Admin}, nil, Rights{Manage: true, Move: true, Offer: true, Lead: true, Pay: true}, false},
		"a recruiter manages and moves":                     {[]Role{Recruiter}, nil, Rights{Manage: true, Move: true, Pay: true}, false},
		"a recruiter offers where they lead":                {[]Role{Recruiter}, []string{"RECRUITER"}, Rights{Manage: true, Move: true, Offer: true, Lead: true, Pay: true}, false},
		"a hiring manager moves and offers where they lead": {[]Role{HiringManager}, []string{"HIRING_MANAGER"}, Rights{Move: true, Offer: true, Lead: true, Pay: true}, false},
		"a hiring manager moves nothing elsewhere":          {[]Role{HiringManager}, nil, Rights{}, false},
		"a hiring manager who interviews moves nothing":     {[]Role{HiringManager}, []string{"INTERVIEWER"}, Rights{}, false},
		"an interviewer moves nothing, whatever the team":   {[]Role{Interviewer}, []string{"HIRING_MANAGER"}, Rights{}, false},
		"an analyst changes nothing":                        {[]Role{Analyst}, nil, Rights{}, false},
	} {
		if got := (&Viewer{Roles: c.roles}).Over(c.confidential, c.team...); got != c.want {
			t.Errorf("%s: got %+v, want %+v", rule, got, c.want)
		}
	}
}
