package hiring

import (
	"context"

	"hireloop/ent/db"
	"hireloop/ent/db/pipelinetemplate"
	"hireloop/ent/db/pipelinetemplatestage"
	"hireloop/ent/db/rejectionreason"
	"hireloop/ent/db/source"
	"hireloop/internal/gid"
)

// installLists puts the lists in that every company needs before its own.
func (w *write) installLists(ctx context.Context) error {
	if err := w.installTemplate(ctx); err != nil {
		return err
	}
	if err := w.installSources(ctx); err != nil {
		return err
	}
	return w.installReasons(ctx)
}

// installTemplate makes the template the default one if there is none.
func (w *write) installTemplate(ctx context.Context) error {
	const name = "Engineering management"
	there, err := w.PipelineTemplate.Query().Where(pipelinetemplate.Name(name)).Exist(ctx)
	if err != nil || there {
		return err
	}
	other, err := w.PipelineTemplate.Query().Where(pipelinetemplate.IsDefault(true)).Exist(ctx)
	if err != nil {
		return err
	}
	id := w.id(gid.PipelineTemplate)
	err = w.PipelineTemplate.Create().SetID(id).SetName(name).
		SetDescription("From application to hire in six stages; for managers of engineers, and a start for others.").
		SetIsDefault(!other).SetCreatedAt(w.now).SetUpdatedAt(w.now).Exec(ctx)
	if err != nil {
		return err
	}
	var stages []*db.PipelineTemplateStageCreate
	for position, stage := range []struct {
		name string
		kind pipelinetemplatestage.Kind
		days int // 0: no one waits here
	}{
		{"Applied", pipelinetemplatestage.KindAPPLIED, 5},
		{"Recruiter screen", pipelinetemplatestage.KindSCREEN, 7},
		{"Hiring manager screen", pipelinetemplatestage.KindSCREEN, 7},
		{"Onsite", pipelinetemplatestage.KindINTERVIEW, 14},
		{"Offer", pipelinetemplatestage.KindOFFER, 7},
		{"Hired", pipelinetemplatestage.KindHIRED, 0},
	} {
		create := w.PipelineTemplateStage.Create().SetID(w.id(gid.PipelineTemplateStage)).
			SetTemplateID(id).SetPosition(position).SetName(stage.name).SetKind(stage.kind)
		if stage.days > 0 {
			create.SetSLADays(stage.days)
		}
		stages = append(stages, create)
	}
	return w.PipelineTemplateStage.CreateBulk(stages...).Exec(ctx)
}

func (w *write) installSources(ctx context.Context) error {
	present, err := w.Source.Query().Select(source.FieldName).Strings(ctx)
	if err != nil {
		return err
	}
	known := set(present)
	var missing []*db.SourceCreate
	for _, s := range []struct {
		name string
		kind source.Kind
	}{
		{"Careers page", source.KindINBOUND},
		{"Event", source.KindINBOUND},
		{"LinkedIn job post", source.KindJOB_BOARD},
		{"Job board", source.KindJOB_BOARD},
		{"Employee referral", source.KindREFERRAL},
		{"Sourced by recruiter", source.KindSOURCED},
		{"Sourced by hiring manager", source.KindSOURCED},
		{"Agency", source.KindAGENCY},
		{"Internal move", source.KindINTERNAL},
		{"Other", source.KindOTHER},
	} {
		if !known[s.name] {
			missing = append(missing, w.Source.Create().SetID(w.id(gid.Source)).
				SetName(s.name).SetKind(s.kind).SetCreatedAt(w.now).SetUpdatedAt(w.now))
		}
	}
	return w.Source.CreateBulk(missing...).Exec(ctx)
}

func (w *write) installReasons(ctx context.Context) error {
	present, err := w.RejectionReason.Query().Select(rejectionreason.FieldName).Strings(ctx)
	if err != nil {
		return err
	}
	known := set(present)
	var missing []*db.RejectionReasonCreate
	for _, r := range []struct {
		name string
		by   rejectionreason.Initiator
	}{
		{"Skills", rejectionreason.InitiatorUS},
		{"Level", rejectionreason.InitiatorUS},
		{"Experience does not match", rejectionreason.InitiatorUS},
		{"Another reason of ours", rejectionreason.InitiatorUS},
		{"Accepted another offer", rejectionreason.InitiatorTHEM},
		{"Compensation", rejectionreason.InitiatorTHEM},
		{"Location", rejectionreason.InitiatorTHEM},
		{"Process took too long", rejectionreason.InitiatorTHEM},
		{"Not interested", rejectionreason.InitiatorTHEM},
		{"Opening closed", rejectionreason.InitiatorOTHER},
		{"Duplicate", rejectionreason.InitiatorOTHER},
		{transferred, rejectionreason.InitiatorOTHER},
	} {
		if !known[r.name] {
			missing = append(missing, w.RejectionReason.Create().SetID(w.id(gid.RejectionReason)).
				SetName(r.name).SetInitiator(r.by).SetCreatedAt(w.now).SetUpdatedAt(w.now))
		}
	}
	return w.RejectionReason.CreateBulk(missing...).Exec(ctx)
}

func set(names []string) map[string]bool {
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[name] = true
	}
	return known
}
