package hiring

import (
	"context"
	"strings"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/demographicanswer"
	"hireloop/funnel"
	"hireloop/internal/access"
	"hireloop/internal/fault"
	"hireloop/internal/gid"
	"hireloop/internal/store"
	"hireloop/relay"
)

// MaxDemographicAnswer is how long an answer may be, in characters.
const MaxDemographicAnswer = 60

// RecordDemographicsInput is what somebody who applied said of themselves.
type RecordDemographicsInput struct {
	ApplicationID gid.ID
	Answers       []*DemographicAnswerInput
}

// DemographicAnswerInput is one answer, in their own words; nil declines to say.
type DemographicAnswerInput struct {
	Attribute demographicanswer.Attribute
	Answer    *string
}

// RecordDemographics keeps what somebody who applied said of themselves, if they
// wanted to. An answer takes the place of an earlier one, from the next quarter on. What was said can be
// read nowhere: it counts in AdverseImpact only.
func (s *Service) RecordDemographics(ctx context.Context, in RecordDemographicsInput) (gid.ID, error) {
	return in.ApplicationID, s.change(ctx, "recordDemographics", func(ctx context.Context, w *write) error {
		if !w.viewer.MayRecordDemographics() {
			return fault.Deniedf("only administrators record what people say of themselves")
		}
		var problems fault.List
		answers := in.read(&problems)
		if of(&problems, "applicationId", in.ApplicationID, gid.Application) {
			there, err := w.Application.Query().Where(application.ID(in.ApplicationID)).Exist(ctx)
			if err != nil {
				return err
			}
			if !there {
				problems.Add(missing("applicationId", gid.Application))
			}
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if err := w.answer(ctx, in.ApplicationID, answers); err != nil {
			return err
		}
		// Whoever follows the feed learns neither who answered nor what they were
		// asked: its subject is who recorded it.
		w.emit(happening{Type: "demographics.recorded", Subject: w.viewer.Member})
		return w.record(ctx, in.ApplicationID, map[string]any{"answers": len(answers)})
	})
}

// read checks the answers: at least one, and one for each attribute.
func (in RecordDemographicsInput) read(problems *fault.List) []DemographicAnswerInput {
	if len(in.Answers) == 0 {
		problems.Add(fault.Required("answers"))
		return nil
	}
	if !atMost(problems, "answers", len(in.Answers), maxDemographicAnswers) {
		return nil
	}
	var answers []DemographicAnswerInput
	answered := map[demographicanswer.Attribute]bool{}
	for i, a := range in.Answers {
		clean := DemographicAnswerInput{Attribute: a.Attribute}
		known(problems, at("answers", i, "attribute"), &a.Attribute, demographicanswer.AttributeValidator)
		if answered[a.Attribute] {
			problems.Add(fault.Invalidf(at("answers", i, "attribute"), "is answered above"))
		}
		answered[a.Attribute] = true
		if a.Answer != nil {
			text := line(problems, at("answers", i, "answer"), *a.Answer, MaxDemographicAnswer)
			clean.Answer = &text
		}
		answers = append(answers, clean)
	}
	return answers
}

// maxDemographicAnswers is how many answers a list may have: there are fewer
// attributes, and who names one twice is told so.
const maxDemographicAnswers = 10

// answer writes answers in the place of earlier ones, which count until the quarter
// is over: else two readings would tell what one person had said. One that says the
// same again leaves the earlier one as it is, with its time.
func (w *write) answer(ctx context.Context, applicationID gid.ID, answers []DemographicAnswerInput) error {
	// The rows of hiring are not held for this: it concerns none of them.
	if err := w.alone(ctx, []string{"demographics of " + applicationID.UUID()}); err != nil {
		return err
	}
	ctx = access.System(ctx) // nobody may read answers, and one is in the place of another all the same
	rows, err := w.DemographicAnswer.Query().Where(demographicanswer.ApplicationID(applicationID)).All(ctx)
	if err != nil {
		return err
	}
	zone := w.service.Norms.zone()
	quarter := begins(quarterOf(w.now.In(zone)), zone)
	err = w.DemographicAnswer.Update().Where(demographicanswer.FormerAtNotNil(), demographicanswer.RecordedAtLT(quarter)).
		ClearFormerAnswer().ClearFormerAt().Exec(ctx)
	if err != nil {
		return err
	}
	here := map[demographicanswer.Attribute]*db.DemographicAnswer{}
	for _, row := range rows {
		here[row.Attribute] = row
	}
	var fresh []*db.DemographicAnswerCreate
	for _, a := range answers {
		switch row := here[a.Attribute]; {
		case row == nil:
			fresh = append(fresh, w.DemographicAnswer.Create().SetID(w.id(gid.DemographicAnswer)).
				SetApplicationID(applicationID).SetAttribute(a.Attribute).SetNillableAnswer(a.Answer).SetRecordedAt(w.now))
		case !same(row.Answer, a.Answer):
			update := w.DemographicAnswer.UpdateOneID(row.ID).SetRecordedAt(w.now)
			apply(a.Answer, update.SetAnswer, update.ClearAnswer)
			if row.RecordedAt.Before(quarter) {
				apply(row.Answer, update.SetFormerAnswer, update.ClearFormerAnswer)
				update.SetFormerAt(row.RecordedAt)
			}
			if err := update.Exec(ctx); err != nil {
				return err
			}
		}
	}
	return w.DemographicAnswer.CreateBulk(fresh...).Exec(ctx)
}

// blurAnswers takes out of the answers for these applications what few people gave:
// words of one's own. It counted as Other before, and does so afterwards.
func (w *write) blurAnswers(ctx context.Context, applications []gid.ID) error {
	ctx = access.System(ctx)
	rows, err := w.DemographicAnswer.Query().
		Where(relay.IDs(demographicanswer.FieldApplicationID, applications), demographicanswer.AnswerNotNil()).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	type wording struct{ attribute, folded string }
	given := map[wording]int{}
	err = store.Query(ctx, w, `SELECT attribute, answer, count(*) FROM demographic_answers
		WHERE answer IS NOT NULL GROUP BY attribute, answer`).Each(func(row store.Row) error {
		var attribute, answer string
		var n int
		err := row.Scan(&attribute, &answer, &n)
		given[wording{attribute, strings.ToLower(answer)}] += n
		return err
	})
	if err != nil {
		return err
	}
	var rare []gid.ID
	for _, row := range rows {
		if given[wording{string(row.Attribute), strings.ToLower(*row.Answer)}] < funnel.DefaultMinimumGroup {
			rare = append(rare, row.ID)
		}
	}
	return w.DemographicAnswer.Update().Where(relay.IDs(demographicanswer.FieldID, rare)).SetAnswer(otherAnswers).Exec(ctx)
}
