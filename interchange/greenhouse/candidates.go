package greenhouse

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hireloop/hiring"
	"hireloop/interchange"
)

// candidates makes candidates with their contacts, links and tags.
func (p *planner) candidates() {
	p.people = map[string]*interchange.Candidate{}
	p.each("candidate", func(l *line) {
		c := &interchange.Candidate{
			Reference: l.reference(p.moment(l, "created_at")), Name: p.fullName(l), Headline: p.text(l, "title"),
			Company: p.text(l, "company"), Private: p.flag(l, "is_private"),
		}
		if c.Name == "" {
			c.Name = p.unnamed("candidate", l.id)
		}
		p.addCandidate(l.id, c)
	})
	p.becomeAnother()
	p.contacts("email_address", "EMAIL", hiring.NormalizeEmail)
	p.contacts("phone_number", "PHONE", hiring.NormalizePhone)
	p.links("social_media_address", "OTHER")
	p.links("website_address", "WEBSITE")
	p.tags()
}

func (p *planner) addCandidate(id string, c *interchange.Candidate) {
	p.people[id] = c
	p.world.Candidates = append(p.world.Candidates, c)
}

// becomeAnother lets candidates that became other ones be those: converted
// prospects and merged duplicates, which the export mostly marks as deleted.
func (p *planner) becomeAnother() {
	sheet := p.sheets["candidate"]
	next := map[string]string{}
	lines := map[string]*line{}
	for id, l := range sheet.deleted {
		next[id], lines[id] = l.ref("new_candidate_id"), l
	}
	p.each("candidate", func(l *line) { next[l.id], lines[l.id] = l.ref("new_candidate_id"), l })
	ids := make([]string, 0, len(next))
	for id := range next {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, lessID)
	absorbed := map[*interchange.Candidate]bool{}
	for _, id := range ids {
		end := id
		for range next { // at most one step for each
			to := next[end]
			if to == "" || to == id || lines[to] == nil {
				break
			}
			end = to
		}
		l, survivor := lines[id], p.people[end]
		if end == id || survivor == nil || sheet.deleted[end] != nil {
			if next[id] != "" && sheet.deleted[id] == nil {
				p.note(l, "new_candidate_id", interchange.CodeMissing, interchange.Mapped, "became a candidate who is not in the export; stays one of their own")
			}
			continue
		}
		survivor.Aliases = append(survivor.Aliases, interchange.Ref{Object: "candidate", ID: id})
		if old := p.people[id]; old != nil {
			absorbed[old] = true
			p.folded(l)
			p.note(l, "new_candidate_id", interchange.CodeProspect, interchange.Mapped, "became candidate "+end+", and is that one here")
		}
		p.people[id] = survivor
	}
	p.world.Candidates = slices.DeleteFunc(p.world.Candidates, func(c *interchange.Candidate) bool { return absorbed[c] })
}

// candidate is the candidate that a row needs; one without a name stands in for
// an unknown one. A deleted candidate's name is not kept: it may be a person
// who asked to be forgotten.
func (p *planner) candidate(by *line, id string) *interchange.Candidate {
	if c := p.people[id]; c != nil {
		return c
	}
	ref, _ := p.stand("candidate", "candidate", id, by, "candidate_id")
	ref.Stands.Message = "candidate " + id + " is not in the export; one without a name stands in"
	c := &interchange.Candidate{Reference: ref, Name: p.unknown("candidate", id)}
	p.addCandidate(id, c)
	return c
}

// owner is the candidate that a row adds to; the row is skipped when there is none.
func (p *planner) owner(l *line) *interchange.Candidate {
	id := l.ref("candidate_id")
	c := p.people[id]
	if c == nil {
		p.skip(l, "candidate_id", interchange.CodeMissing, "candidate "+id+" is not in the export")
	}
	return c
}

func (p *planner) contacts(table, kind string, normalize func(string) string) {
	p.each(table, func(l *line) {
		c := p.owner(l)
		if c == nil {
			return
		}
		address := p.text(l, "value")
		normalized := normalize(address)
		switch {
		case normalized == "":
			p.skip(l, "value", interchange.CodeInvalid, "cannot be an address of its kind")
		case slices.ContainsFunc(c.Contacts, func(x *interchange.Contact) bool { return x.Kind == kind && x.Normalized == normalized }):
			p.skip(l, "value", interchange.CodeDuplicate, "the candidate has it already")
		default:
			position, err := strconv.Atoi(l.index())
			if err != nil || position < 0 || position > 1000 {
				position = len(c.Contacts)
			}
			x := &interchange.Contact{Reference: l.reference(c.At), Kind: kind, Position: position, Address: address, Normalized: normalized}
			if l.index() == "" {
				x.Key.ID += "/" + strconv.Itoa(position)
			}
			c.Contacts = append(c.Contacts, x)
		}
	})
}

func (p *planner) links(table, otherwise string) {
	p.each(table, func(l *line) {
		c := p.owner(l)
		if c == nil {
			return
		}
		link, ok := webLink(p.text(l, "value"), otherwise)
		switch {
		case !ok:
			p.skip(l, "value", interchange.CodeInvalid, "is not the address of a page")
		case slices.Contains(c.Links, link):
			p.skip(l, "value", interchange.CodeDuplicate, "the candidate has it already")
		default:
			c.Links = append(c.Links, link)
			p.folded(l)
		}
	})
}

// webLink reads the address of a page, with or without its scheme.
func webLink(text, otherwise string) (interchange.Link, bool) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") || strings.ContainsAny(text, " \"<>") {
		return interchange.Link{}, false
	}
	kind := otherwise
	for _, known := range []string{"linkedin", "github"} {
		if host := strings.ToLower(u.Hostname()); host == known+".com" || strings.HasSuffix(host, "."+known+".com") {
			kind = strings.ToUpper(known)
		}
	}
	return interchange.Link{Kind: kind, URL: text}, true
}

func (p *planner) tags() {
	tags := map[string]string{}
	p.each("tag", func(l *line) {
		if tags[l.id] = p.text(l, "name"); tags[l.id] == "" {
			p.skip(l, "name", interchange.CodeInvalid, "is empty")
			return
		}
		p.folded(l)
	})
	p.each("candidate_tag", func(l *line) {
		c := p.owner(l)
		if c == nil {
			return
		}
		tag := tags[l.ref("tag_id")]
		if tag == "" {
			p.skip(l, "tag_id", interchange.CodeMissing, "tag "+l.ref("tag_id")+" is not in the export")
			return
		}
		addTag(c, tag)
		p.folded(l)
	})
}

// addTag adds a tag, in alphabetical order, once.
func addTag(c *interchange.Candidate, tag string) {
	if at, there := slices.BinarySearch(c.Tags, tag); !there {
		c.Tags = slices.Insert(c.Tags, at, tag)
	}
}
