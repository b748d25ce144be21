package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"entgo.io/ent/dialect/sql"

	"hireloop/ent/db"
	"hireloop/ent/db/application"
	"hireloop/ent/db/hiringteammember"
	"hireloop/ent/db/level"
	"hireloop/ent/db/location"
	"hireloop/ent/db/opening"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/hiring"
	"hireloop/internal/fault"
	"hireloop/relay"
)

// openingWhere turns a filter into conditions. Those on neighbours read only
// what whoever sees the opening may see: its places, levels and team.
func openingWhere(f *model.OpeningFilter) ([]predicate.Opening, error) {
	if f == nil {
		return nil, nil
	}
	var problems fault.List
	var where []predicate.Opening
	if f.Status != nil {
		where = append(where, opening.StatusIn(f.Status...))
	}
	if f.DepartmentIds != nil {
		where = append(where, opening.DepartmentIDIn(f.DepartmentIds...))
	}
	if f.LocationIds != nil {
		where = append(where, opening.HasLocationsWith(location.IDIn(f.LocationIds...)))
	}
	if f.LevelIds != nil {
		where = append(where, opening.Or(
			opening.TargetLevelIDIn(f.LevelIds...),
			opening.HasAllowedLevelsWith(level.IDIn(f.LevelIds...))))
	}
	if f.HiringTeamMemberIds != nil {
		where = append(where, opening.HasHiringTeamWith(hiringteammember.MemberIDIn(f.HiringTeamMemberIds...)))
	}
	if f.IsConfidential != nil {
		where = append(where, opening.IsConfidential(*f.IsConfidential))
	}
	where = append(where, during(&problems, "openedAt", opening.FieldOpenedAt, f.OpenedAt))
	where = append(where, during(&problems, "updatedAt", opening.FieldUpdatedAt, f.UpdatedAt))
	if f.Query != nil {
		shortEnough(&problems, *f.Query)
		where = append(where, relay.Contains(*f.Query, opening.FieldTitle, opening.FieldRequisition))
	}
	return where, problems.Err()
}

func openingSort(o *model.OpeningOrder) relay.Sort {
	if o == nil {
		return relay.Sort{Term: openedAt, Desc: true}
	}
	return relay.Sort{Desc: o.Direction == model.OrderDirectionDesc, Term: map[model.OpeningOrderField]relay.Term{
		model.OpeningOrderFieldOpenedAt:           openedAt,
		model.OpeningOrderFieldTitle:              relay.By("TITLE", opening.FieldTitle, relay.Text),
		model.OpeningOrderFieldDaysOpen:           daysOpenTerm,
		model.OpeningOrderFieldActiveApplications: activeApplications,
		model.OpeningOrderFieldUpdatedAt:          relay.By("UPDATED_AT", opening.FieldUpdatedAt, relay.Time),
	}[o.Field]}
}

var openedAt = relay.Term{Name: "OPENED_AT", Type: relay.Time, Expr: func(s *sql.Selector, _ time.Time) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("COALESCE(").Ident(s.C(opening.FieldOpenedAt)).Comma().Ident(s.C(opening.FieldCreatedAt)).WriteString(")")
	})
}}

// activeApplications counts all of them: whoever sees an opening may know how
// many there are, also without seeing who they are.
var activeApplications = relay.Term{Name: "ACTIVE_APPLICATIONS", Type: relay.Number, Expr: func(s *sql.Selector, _ time.Time) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(SELECT COUNT(*) FROM " + application.Table + " AS counted WHERE counted." + application.FieldOpeningID + " = ").
			Ident(s.C(opening.FieldID)).
			WriteString(" AND counted." + application.FieldStatus + " = 'ACTIVE')")
	})
}}

// daysOpenTerm is daysOpen in SQL: whole days between whole seconds, 0 for a
// draft.
var daysOpenTerm = relay.Term{Name: "DAYS_OPEN", Type: relay.Number, Expr: func(s *sql.Selector, asOf time.Time) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(CASE WHEN ").Ident(s.C(opening.FieldOpenedAt)).WriteString(" IS NULL THEN 0 ELSE (")
		relay.Seconds(b, s, opening.FieldClosedAt, asOf)
		b.WriteString(" - ")
		relay.Seconds(b, s, opening.FieldOpenedAt)
		b.WriteString(") / 86400 END)")
	})
}}

// daysBetween is whole days between whole seconds.
func daysBetween(from, to time.Time) int { return int((to.Unix() - from.Unix()) / 86400) }

func daysOpen(o *db.Opening, now time.Time) *int {
	if o.OpenedAt == nil {
		return nil
	}
	if o.ClosedAt != nil {
		now = *o.ClosedAt
	}
	days := daysBetween(*o.OpenedAt, now)
	return &days
}

func payRange(o *db.Opening) *model.PayRange {
	if o.PayMinimum == nil || o.PayMaximum == nil || o.PayCurrency == nil {
		return nil
	}
	return &model.PayRange{
		Minimum: &model.Money{Amount: int(*o.PayMinimum), Currency: *o.PayCurrency},
		Maximum: &model.Money{Amount: int(*o.PayMaximum), Currency: *o.PayCurrency},
	}
}

// hiringManagers links members to the openings that they manage.
var hiringManagers = relay.Through(hiringteammember.Table, hiringteammember.FieldOpeningID, hiringteammember.FieldMemberID).
	Only(hiringteammember.FieldRole, string(hiringteammember.RoleHIRING_MANAGER))

// openingUpdate tells hiring what a client said, and what it said nothing of.
func openingUpdate(in model.UpdateOpeningInput) hiring.OpeningUpdate {
	return hiring.OpeningUpdate{
		OpeningID: in.OpeningID, ExpectedVersion: in.ExpectedVersion,
		Title: said(in.Title), Requisition: said(in.Requisition), Description: said(in.Description),
		DepartmentID: said(in.DepartmentID), LocationIDs: said(in.LocationIds),
		TargetLevelID: said(in.TargetLevelID), AllowedLevelIDs: said(in.AllowedLevelIds),
		Archetype: said(in.Archetype), WorkplaceType: said(in.WorkplaceType), EmploymentType: said(in.EmploymentType),
		PayRange: said(in.PayRange), IsConfidential: said(in.IsConfidential), IsCritical: said(in.IsCritical),
		HiringTeam: said(in.HiringTeam),
	}
}

// said is an input field as hiring takes it.
func said[T any](field graphql.Omittable[T]) hiring.Change[T] {
	value, set := field.ValueOK()
	return hiring.Change[T]{Set: set, To: value}
}
