package graph

import (
	"hireloop/ent/db/note"
	"hireloop/relay"
)

// noteSort is newest first.
func noteSort() relay.Sort {
	return relay.Sort{Term: relay.By("CREATED_AT", note.FieldCreatedAt, relay.Time), Desc: true}
}
