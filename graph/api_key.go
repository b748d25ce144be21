package graph

import (
	"time"

	"hireloop/ent/db/apikey"
	"hireloop/ent/db/predicate"
	"hireloop/graph/model"
	"hireloop/internal/fault"
	"hireloop/relay"
)

func apiKeyWhere(f *model.APIKeyFilter, now time.Time) ([]predicate.ApiKey, error) {
	if f == nil {
		return nil, nil
	}
	var problems fault.List
	var where []predicate.ApiKey
	if f.MemberIds != nil {
		if len(f.MemberIds) > longestList {
			problems.Add(fault.Invalidf("filterBy.memberIds", "must be at most %d", longestList))
		}
		where = append(where, apikey.MemberIDIn(f.MemberIds...))
	}
	if f.IsUsable != nil {
		usable := apikey.And(apikey.RevokedAtIsNil(), apikey.ExpiresAtGT(now))
		if !*f.IsUsable {
			usable = apikey.Not(usable)
		}
		where = append(where, usable)
	}
	return where, problems.Err()
}

var apiKeysNewestFirst = relay.Sort{Desc: true, Term: relay.By("CREATED_AT", apikey.FieldCreatedAt, relay.Time)}
