package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hireloop/ent/db/candidate"
	"hireloop/hiring"
	"hireloop/internal/access"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/internal/testdb"
)

// What is hidden from somebody cannot be told by anything that they ask. Two
// databases differ in nothing but what is hidden; everything that the contract can
// be asked, every filter, order, total, search, mark of a page, report, mutation
// and refusal of one, is answered alike. Somebody who may see it is told, so that a
// probe that asks in vain fails.
type probe struct {
	from  map[string]who // from whom it is hidden
	told  who            // who is told
	words []string       // to search for and to write
	// prepare does the same to both databases; alter makes the second differ, and
	// may name an application to ask around.
	prepare func(c *cast)
	alter   func(c *cast) gid.ID
}

// who picks a viewer from the cast.
type who func(c *cast) *access.Viewer

// cast is who and what a probe is about, in one of its databases.
type cast struct {
	t     *testing.T
	d     *store.DB
	s     *hiring.Service
	ctx   context.Context // of the program itself
	panel *panel
}

// is the demo's member of this name, in their roles.
func is(name string) who {
	return func(c *cast) *access.Viewer { return viewerOf(c.t, c.d, name) }
}

// another is a member whom the demo gives no place in the confidential team, in
// these roles.
func another(roles ...access.Role) who {
	return func(c *cast) *access.Viewer {
		return &access.Viewer{Member: c.panel.others[1].InterviewerID, Roles: roles}
	}
}

func (c *cast) sql(statement string, args ...any) {
	c.t.Helper()
	if _, err := c.d.SQL().ExecContext(access.System(c.t.Context()), statement, args...); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cast) must(id gid.ID, err error) gid.ID {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

var probes = map[string]probe{
	"a confidential opening of another team": {
		from: map[string]who{
			"recruiter": is("recruiter"), "administrator": another(access.Admin), "manager": is("hiringManager"),
			"interviewer": is("interviewer"), "analyst": is("analyst"),
		},
		told:  is("admin"),
		words: []string{"Quillfeather"},
		alter: func(c *cast) gid.ID {
			owner := access.WithViewer(c.t.Context(), viewerOf(c.t, c.d, "admin"))
			yes, seats := true, 3
			growth := c.s.DB.Opening.GetX(c.ctx, world.Openings["ecosystem_integrations"])
			id := c.must(c.s.CreateOpening(owner, hiring.CreateOpeningInput{
				Title: "Head of Quillfeather", IsConfidential: &yes, SeatCount: &seats, TargetLevelID: growth.TargetLevelID, DepartmentID: growth.DepartmentID,
			}))
			c.must(c.s.OpenOpening(owner, hiring.OpenOpeningInput{OpeningID: id, ExpectedVersion: 1}))
			var first gid.ID
			for _, one := range c.s.DB.Candidate.Query().Where(candidate.IsPrivate(false), candidate.MergedIntoIDIsNil()).Order(candidate.ByID()).Limit(3).AllX(c.ctx) {
				first = c.must(c.s.CreateApplication(owner, hiring.CreateApplicationInput{CandidateID: one.ID, OpeningID: id}))
			}
			why := "it is urgent"
			c.must(c.s.HireApplication(owner, hiring.HireApplicationInput{ApplicationID: first, ExpectedVersion: 1, WithoutOfferReason: &why}))
			return first
		},
	},
	"a private candidate of another team": {
		from:  map[string]who{"recruiter": another(access.Recruiter), "analyst": is("analyst")},
		told:  is("admin"),
		words: []string{"quillfeather@hidden.example", "Quillfeather"},
		prepare: func(c *cast) {
			c.s.DB.Candidate.UpdateOneID(c.panel.application.CandidateID).SetIsPrivate(true).ExecX(c.ctx)
			c.sql("DELETE FROM hiring_team_members WHERE opening_id = $1 AND member_id = $2", c.panel.application.OpeningID, c.panel.others[1].InterviewerID)
			c.sql("DELETE FROM applications WHERE candidate_id = $1 AND id <> $2", c.panel.application.CandidateID, c.panel.application.ID)
		},
		alter: func(c *cast) gid.ID {
			admin := access.WithViewer(c.t.Context(), viewerOf(c.t, c.d, "admin"))
			one := c.s.DB.Candidate.GetX(c.ctx, c.panel.application.CandidateID)
			name, company := "Zoe Quillfeather", "Quillfeather & Sons"
			c.must(c.s.UpdateCandidate(admin, hiring.CandidateUpdate{
				CandidateID: one.ID, ExpectedVersion: one.Version, Name: hiring.To(&name), Company: hiring.To(&company), Headline: hiring.To(&company),
				Emails: hiring.To([]string{"quillfeather@hidden.example"}), Tags: hiring.To([]string{"Quillfeather"}),
			}))
			return gid.Nil
		},
	},
	"what candidates are called": {
		from:  map[string]who{"analyst": is("analyst"), "a member without a role": another()},
		told:  is("recruiter"),
		words: []string{"Quillfeather"},
		alter: func(c *cast) gid.ID {
			for i, one := range c.s.DB.Candidate.Query().Order(candidate.ByID()).AllX(c.ctx) {
				name := fmt.Sprint("Quillfeather ", (i*7919)%1000)
				c.s.DB.Candidate.UpdateOne(one).SetName(name).SetSearchText(hiring.FoldSearch(name)).SetTags([]string{"Quillfeather"}).ExecX(c.ctx)
			}
			return gid.Nil
		},
	},
	"addresses and numbers": {
		from:  map[string]who{"interviewer": is("interviewer"), "analyst": is("analyst")},
		told:  is("recruiter"),
		words: []string{"quillfeather"},
		alter: func(c *cast) gid.ID {
			c.sql("UPDATE candidate_contacts SET address = 'quillfeather' || address, normalized = 'quillfeather' || normalized")
			return gid.Nil
		},
	},
	"salaries": {
		from: map[string]who{
			"a recruiter who does not lead": another(access.Recruiter), "interviewer": is("interviewer"), "analyst": is("analyst"),
		},
		told: is("admin"),
		prepare: func(c *cast) {
			c.sql("DELETE FROM hiring_team_members WHERE member_id = $1", c.panel.others[1].InterviewerID)
		},
		alter: func(c *cast) gid.ID {
			c.sql("UPDATE offer_versions SET salary = salary + 1234567, currency = 'CHF', reason = 'Quillfeather'")
			return gid.Nil
		},
	},
	"what openings pay": {
		from: map[string]who{"interviewer": is("interviewer"), "analyst": is("analyst")},
		told: is("recruiter"),
		alter: func(c *cast) gid.ID {
			c.s.DB.Opening.Update().SetPayMinimum(1234567).SetPayMaximum(2345678).SetPayCurrency("CHF").ExecX(c.ctx)
			return gid.Nil
		},
	},
	"what people said of themselves": {
		from: map[string]who{"recruiter": is("recruiter"), "manager": is("hiringManager"), "interviewer": is("interviewer")},
		alter: func(c *cast) gid.ID {
			c.sql("DELETE FROM demographic_answers WHERE id IN (SELECT id FROM demographic_answers ORDER BY id LIMIT 1000)")
			return gid.Nil
		},
	},
	"what was noted": {
		from: map[string]who{"interviewer": is("interviewer"), "analyst": is("analyst")},
		told: is("admin"),
		alter: func(c *cast) gid.ID {
			c.sql("UPDATE notes SET body = 'Quillfeather', visibility = CASE visibility WHEN 'TEAM' THEN 'ADMIN' ELSE 'TEAM' END")
			return gid.Nil
		},
	},
	"one's own candidacy": {
		from: map[string]who{"administrator": another(access.Admin), "everything at once": another(access.Roles...)},
		told: is("admin"),
		prepare: func(c *cast) {
			c.s.DB.Candidate.UpdateOneID(c.panel.application.CandidateID).SetMemberID(c.panel.others[1].InterviewerID).ExecX(c.ctx)
			c.sql("UPDATE scorecards SET interviewer_id = $1 WHERE loop_id = $2 AND interviewer_id = $3",
				c.panel.others[2].InterviewerID, c.panel.loop.ID, c.panel.others[1].InterviewerID)
		},
		alter: func(c *cast) gid.ID { c.panel.otherwise(c.t, c.d, true); return gid.Nil },
	},
	"one's referral": {
		from: map[string]who{"administrator": another(access.Admin), "everything at once": another(access.Roles...)},
		told: is("admin"),
		prepare: func(c *cast) {
			c.s.DB.Application.UpdateOneID(c.panel.application.ID).SetCreditedMemberID(c.panel.others[1].InterviewerID).ClearSourceID().ExecX(c.ctx)
			c.sql("UPDATE scorecards SET interviewer_id = $1 WHERE loop_id = $2 AND interviewer_id = $3",
				c.panel.others[2].InterviewerID, c.panel.loop.ID, c.panel.others[1].InterviewerID)
		},
		alter: func(c *cast) gid.ID { c.panel.otherwise(c.t, c.d, true); return gid.Nil },
	},
}

func TestWhatIsHiddenCannotBeTold(t *testing.T) {
	for _, engine := range testdb.Engines() {
		for _, what := range sortedKeys(probes) {
			t.Run(engine.Name+"/"+what, func(t *testing.T) { probes[what].run(t, engine) })
		}
	}
}

func (p probe) run(t *testing.T, engine testdb.Engine) {
	var servers [2]http.Handler
	var first, second *cast
	about := gid.Nil
	for i := range servers {
		d := engine.Open(t, template, store.Options{MaxOpenConns: 3})
		c := &cast{t: t, d: d, s: seeded(d), ctx: access.System(t.Context()), panel: newPanel(t, d)}
		c.s.IDs = gid.NewGenerator(c.s.Now, rand.NewChaCha8([32]byte{1})) // others than the panel's
		if p.prepare != nil {
			p.prepare(c)
		}
		if i == 0 {
			first = c
		} else {
			second, about = c, p.alter(c)
		}
		servers[i] = rehearsal(d, true)
	}
	if about.IsNil() {
		about = second.panel.application.ID
	}
	walk := newWalk(t, second.d, about, p.words...)
	queries := walk.queries()
	names := sortedKeys(p.from)
	if engine.Name != "sqlite" || testing.Short() {
		names = names[:1] // for time: the rules are the same
	}
	for _, name := range names {
		viewer := p.from[name](first)
		asked := queries
		if engine.Name == "sqlite" && !testing.Short() {
			for _, m := range walk.mutations(4) {
				asked = append(slices.Clip(asked), m.document)
			}
		}
		for _, query := range asked {
			blur := func(text []byte) []byte { return text }
			if strings.Contains(query, "auditEntries") { // to which asking adds, with ids of their own that marks of pages have in them
				blur = func(text []byte) []byte { return cursorValue.ReplaceAll(text, []byte(`"cursor"`)) }
			}
			if differs, answers := compare(t, servers, viewer, query, blur); differs {
				t.Errorf("%s can tell from\n%.400s\n%s", name, query, firstDifference(answers))
			}
		}
	}
	if p.told == nil {
		return
	}
	for _, query := range queries {
		if differs, _ := compare(t, servers, p.told(first), query, func(text []byte) []byte { return text }); differs {
			return
		}
	}
	t.Error("who may see it is not told either: the probe asks in vain")
}
