package graph

import (
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"hireloop/ent/db/member"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/relay"
)

func memberWhere(f *model.MemberFilter) []predicate.Member {
	if f == nil {
		return nil
	}
	var where []predicate.Member
	if f.Roles != nil {
		where = append(where, func(s *sql.Selector) {
			any := make([]*sql.Predicate, len(f.Roles))
			for i, role := range f.Roles {
				any[i] = sqljson.ValueContains(s.C(member.FieldRoles), string(role))
			}
			s.Where(sql.Or(any...))
		})
	}
	if f.Query != nil {
		where = append(where, member.Or(member.NameContainsFold(*f.Query), member.EmailContainsFold(*f.Query)))
	}
	return where
}

var membersByName = relay.Sort{Term: relay.By("NAME", member.FieldName, relay.Text)}
