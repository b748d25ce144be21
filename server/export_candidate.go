package main

import (
	"context"
	"fmt"

	"hireloop/hiring"
	"hireloop/internal/gid"
)

type exportCandidateCommand struct {
	acting
	Candidate string `arg:"" help:"The person's id."`
}

// Run writes all that is recorded about a person. Over the API an administrator gets
// nothing of confidential openings of other teams; whoever runs the server answers
// for them too.
func (c *exportCandidateCommand) Run(ctx context.Context, term *terminal) error {
	id, err := gid.Parse(c.Candidate)
	if err != nil || id.Kind() != gid.Candidate {
		return usagef("%q is no candidate's id", c.Candidate)
	}
	return c.act(ctx, term, func(ctx context.Context, app *app) error {
		export, err := app.hiring.ExportCandidate(ctx, hiring.ExportCandidateInput{CandidateID: id, Whole: true})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(term.out, export.Document)
		return err
	})
}
