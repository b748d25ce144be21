package greenhouse

import (
	"strings"
	"time"

	"hireloop/hiring"
	"hireloop/interchange"
)

// users makes members of users.
func (p *planner) users() {
	p.members, p.roles = map[string]*interchange.Member{}, map[*interchange.Member]map[string]bool{}
	emails := map[string]string{} // by user
	taken := map[string]string{}  // user by e-mail
	known := map[string]bool{}
	p.each("user", func(l *line) { known[l.id] = true })
	p.each("user_email", func(l *line) {
		user, email := l.ref("user_id"), hiring.NormalizeEmail(l.get("email"))
		switch {
		case email == "":
			p.skip(l, "email", interchange.CodeInvalid, "is not an e-mail address")
		case !known[user]:
			p.skip(l, "user_id", interchange.CodeMissing, "user "+user+" is not in the export")
		case taken[email] != "" && taken[email] != user:
			p.skip(l, "email", interchange.CodeDuplicate, "user "+taken[email]+" has the same e-mail address")
		case emails[user] != "":
			taken[email] = user
			p.skip(l, "email", interchange.CodeDuplicate, "the user has another e-mail address; a member signs in by one")
		default:
			emails[user], taken[email] = email, user
			p.folded(l)
		}
	})
	p.each("user", func(l *line) {
		m := &interchange.Member{Reference: l.reference(p.moment(l, "created_at")), Name: p.fullName(l), Email: emails[l.id]}
		if m.Name == "" {
			m.Name = p.unnamed("user", l.id)
		}
		if m.Email == "" {
			m.Email = p.noEmail(l.id)
		}
		if p.flag(l, "disabled") {
			m.DeactivatedAt = orSome(l.updated(), m.At)
		}
		p.addMember(l.id, m)
	})
}

// noEmail is an address that nobody can have, for members without one.
func (p *planner) noEmail(user string) string {
	return interchange.Slug(p.system, 50) + "-" + strings.ToLower(interchange.Slug(user, 100)) + "@import.invalid"
}

// orSome is the first known time, or the beginning of time: something ended,
// and nobody knows when.
func orSome(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Unix(0, 0).UTC()
}

func (p *planner) addMember(id string, m *interchange.Member) {
	p.members[id] = m
	p.roles[m] = map[string]bool{}
	p.world.Members = append(p.world.Members, m)
}

// member is the member that a row needs; one stands in for an unknown user.
// It is nil when the row names none.
func (p *planner) member(by *line, column string) *interchange.Member {
	id := by.ref(column)
	if id == "" {
		return nil
	}
	if m := p.members[id]; m != nil {
		return m
	}
	ref, name := p.stand("user", "user", id, by, column)
	m := &interchange.Member{Reference: ref, Name: name, Email: p.noEmail(id), DeactivatedAt: orSome()}
	p.addMember(id, m)
	return m
}

// settleRoles gives members the roles that teams and interviews imply.
func (p *planner) settleRoles() {
	for m, roles := range p.roles {
		for _, r := range []string{"HIRING_MANAGER", "INTERVIEWER"} {
			if roles[r] {
				m.Roles = append(m.Roles, r)
			}
		}
	}
}

// lists makes the lists that openings and applications refer to.
func (p *planner) lists() {
	p.planDepartments()
	p.planLocations()
	p.planSources()
	p.planReasons()
}

func (p *planner) planDepartments() {
	p.departments = map[string]*interchange.Department{}
	parents := map[string]string{}
	lines := map[string]*line{}
	p.each("department", func(l *line) { parents[l.id], lines[l.id] = l.ref("parent_id"), l })
	p.each("department", func(l *line) {
		switch up := parents[l.id]; {
		case up == "":
		case lines[up] == nil:
			p.note(l, "parent_id", interchange.CodeMissing, interchange.Mapped, "department "+up+" is not in the export; there is none above this one")
			parents[l.id] = ""
		case circular(parents, l.id):
			p.note(l, "parent_id", interchange.CodeConflict, interchange.Mapped, "the department would be above itself; there is none above this one")
			parents[l.id] = ""
		}
	})
	p.departmentNames = names{}
	used := p.departmentNames
	var add func(id string) *interchange.Department
	add = func(id string) *interchange.Department {
		if d := p.departments[id]; d != nil || id == "" {
			return d
		}
		l := lines[id]
		d := &interchange.Department{Reference: l.reference(time.Time{}), Parent: add(parents[id])}
		name := p.text(l, "name")
		if name == "" {
			name = p.unnamed("department", id)
		}
		if used[name] && d.Parent != nil {
			name, _ = interchange.Line(name+" ("+d.Parent.Name+")", interchange.MaxName)
		}
		d.Name = used.distinct(name, id)
		p.departments[id] = d
		p.world.Departments = append(p.world.Departments, d)
		return d
	}
	p.each("department", func(l *line) { add(l.id) })
}

// circular tells whether going up from id comes back to it.
func circular(parents map[string]string, id string) bool {
	at := parents[id]
	for range parents {
		if at == "" || at == id {
			break
		}
		at = parents[at]
	}
	return at == id
}

// department is the department that a row needs; one stands in for an unknown one.
func (p *planner) department(by *line, column string) *interchange.Department {
	id := by.ref(column)
	if d := p.departments[id]; d != nil {
		return d
	}
	ref, name := p.stand("department", "department", id, by, column)
	d := &interchange.Department{Reference: ref, Name: p.departmentNames.distinct(name, id)}
	p.departments[id] = d
	p.world.Departments = append(p.world.Departments, d)
	return d
}

// location is the location that a row needs; one stands in for an unknown office.
func (p *planner) location(by *line, column string) *interchange.Location {
	id := by.ref(column)
	if x := p.locations[id]; x != nil {
		return x
	}
	ref, name := p.stand("office", "office", id, by, column)
	x := &interchange.Location{Reference: ref, Name: p.locationNames.distinct(name, id)}
	p.locations[id] = x
	p.world.Locations = append(p.world.Locations, x)
	return x
}

func (p *planner) planLocations() {
	p.locations, p.locationNames = map[string]*interchange.Location{}, names{}
	used := p.locationNames
	p.each("office", func(l *line) {
		name := p.text(l, "name")
		if name == "" {
			name = p.text(l, "location_name")
		}
		if name == "" {
			name = p.unnamed("office", l.id)
		}
		x := &interchange.Location{Reference: l.reference(time.Time{}), Name: used.distinct(name, l.id)}
		p.locations[l.id] = x
		p.world.Locations = append(p.world.Locations, x)
	})
}

// planSources makes sources; those of one name are one.
func (p *planner) planSources() {
	p.sources = map[string]*interchange.Source{}
	byName := map[string]*interchange.Source{}
	p.each("source", func(l *line) {
		name := p.text(l, "name")
		if name == "" {
			name = p.unnamed("source", l.id)
		}
		if same := byName[name]; same != nil {
			same.Aliases = append(same.Aliases, l.reference(time.Time{}).Key)
			p.sources[l.id] = same
			p.folded(l)
			return
		}
		s := &interchange.Source{Reference: l.reference(time.Time{}), Name: name, Kind: sourceKind(l.get("source_type_name"))}
		p.sources[l.id], byName[name] = s, s
		p.world.Sources = append(p.world.Sources, s)
	})
}

// sourceKind is the kind of a source by the name of its type.
func sourceKind(typeName string) string {
	switch interchange.Slug(typeName, interchange.MaxName) {
	case "referrals", "referral":
		return "REFERRAL"
	case "agencies", "agency":
		return "AGENCY"
	case "third_party_boards", "job_boards", "job_board":
		return "JOB_BOARD"
	case "prospecting", "candidate_search", "social_media", "search", "sourcing":
		return "SOURCED"
	case "company_marketing", "attend_events", "events":
		return "INBOUND"
	case "internal", "internal_applicant":
		return "INTERNAL"
	}
	return "OTHER"
}

func (p *planner) source(by *line, column string) *interchange.Source {
	id := by.ref(column)
	if id == "" || p.sources[id] != nil {
		return p.sources[id]
	}
	ref, name := p.stand("source", "source", id, by, column)
	for _, s := range p.world.Sources {
		if s.Name == name {
			p.sources[id] = s
			s.Aliases = append(s.Aliases, ref.Key)
			return s
		}
	}
	s := &interchange.Source{Reference: ref, Name: name, Kind: "OTHER"}
	p.sources[id] = s
	p.world.Sources = append(p.world.Sources, s)
	return s
}

// planReasons makes rejection reasons; those of one name are one.
func (p *planner) planReasons() {
	p.reasons = map[string]*interchange.RejectionReason{}
	byName := map[string]*interchange.RejectionReason{}
	p.each("rejection_reason", func(l *line) {
		name := p.text(l, "name")
		if name == "" {
			name = p.unnamed("reason", l.id)
		}
		if same := byName[name]; same != nil {
			same.Aliases = append(same.Aliases, l.reference(time.Time{}).Key)
			p.reasons[l.id] = same
			p.folded(l)
			return
		}
		typeName := l.get("type_name")
		if typeName == "" {
			typeName = l.get("rejection_reason_type_name")
		}
		x := &interchange.RejectionReason{Reference: l.reference(time.Time{}), Name: name, Initiator: initiator(typeName)}
		p.reasons[l.id], byName[name] = x, x
		p.world.RejectionReasons = append(p.world.RejectionReasons, x)
	})
}

// initiator is who ended it, by the name of the reason's type.
func initiator(typeName string) string {
	switch slug := interchange.Slug(typeName, interchange.MaxName); {
	case strings.HasPrefix(slug, "we_"):
		return "US"
	case strings.HasPrefix(slug, "they_"), strings.HasPrefix(slug, "candidate"):
		return "THEM"
	}
	return "OTHER"
}

func (p *planner) reason(by *line, column string) *interchange.RejectionReason {
	id := by.ref(column)
	if id == "" || p.reasons[id] != nil {
		return p.reasons[id]
	}
	ref, name := p.stand("rejection_reason", "reason", id, by, column)
	for _, x := range p.world.RejectionReasons {
		if x.Name == name {
			p.reasons[id] = x
			x.Aliases = append(x.Aliases, ref.Key)
			return x
		}
	}
	x := &interchange.RejectionReason{Reference: ref, Name: name, Initiator: "OTHER"}
	p.reasons[id] = x
	p.world.RejectionReasons = append(p.world.RejectionReasons, x)
	return x
}

// names keeps names distinct.
type names map[string]bool

// distinct is the name, with the id when another has it.
func (n names) distinct(name, id string) string {
	if n[name] {
		name, _ = interchange.Line(name, interchange.MaxName-len(id)-3)
		name += " (" + id + ")"
	}
	n[name] = true
	return name
}
