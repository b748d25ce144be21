package main

import (
	"context"
	"fmt"

	"hireloop/hiring"
)

type retentionCommand struct {
	acting
	owner
	DryRun bool `help:"Say whom it would erase and why, and erase nobody."`
	Limit  int  `default:"1000" help:"Erase at most so many."`
}

// Run erases those who have been kept as long as the rules say, and tells of them by
// their ids only. It also finishes what earlier erasures left in the database's own
// traces.
func (c *retentionCommand) Run(ctx context.Context, term *terminal) error {
	if c.Limit < 1 {
		return usagef("--limit %d: must be at least 1", c.Limit)
	}
	return c.act(ctx, term, func(ctx context.Context, app *app) error {
		if c.DryRun {
			return c.preview(ctx, app.hiring, term)
		}
		if err := c.apply(ctx, app.hiring, term); err != nil {
			return err
		}
		return c.purge(ctx, app.hiring, term)
	})
}

func (c *retentionCommand) preview(ctx context.Context, s *hiring.Service, term *terminal) error {
	p, err := s.RetentionPreview(ctx, min(c.Limit, hiring.MostRetained), true)
	if err != nil {
		return err
	}
	for _, one := range p.Cases {
		held := ""
		if one.LegalHold != nil {
			held = ", kept: under a legal hold"
		}
		fmt.Fprintf(term.out, "%s due since %s: %s on %s%s\n", one.Candidate.ID, one.DueAt.Format("2006-01-02"), one.Since, one.From.Format("2006-01-02"), held)
	}
	_, err = fmt.Fprintf(term.out, "%d due, %d under a legal hold; nobody was erased\n", p.Due, p.Held)
	return err
}

func (c *retentionCommand) apply(ctx context.Context, s *hiring.Service, term *terminal) error {
	for erased := 0; ; {
		done, err := s.ApplyRetention(ctx, hiring.ApplyRetentionInput{Limit: min(c.Limit-erased, hiring.MostRetained), Whole: true})
		if err != nil {
			return err
		}
		for _, r := range done.Receipts {
			fmt.Fprintf(term.out, "%s erased: %s\n", r.CandidateID, r.ID)
		}
		erased += len(done.Receipts)
		if len(done.Receipts) == 0 || done.Remaining == 0 || erased == c.Limit {
			_, err = fmt.Fprintf(term.out, "%d erased, %d due still, %d under a legal hold\n", erased, done.Remaining, done.Held)
			return err
		}
	}
}
