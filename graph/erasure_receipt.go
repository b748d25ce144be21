package graph

import (
	"hireloop/ent/db/erasurereceipt"
	"hireloop/relay"
)

// erasureReceiptSort is newest first.
func erasureReceiptSort() relay.Sort {
	return relay.Sort{Desc: true, Term: relay.By("ERASED_AT", erasurereceipt.FieldErasedAt, relay.Time)}
}
