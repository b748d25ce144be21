package graph

import (
	"hireloop/hiring"
	"hireloop/internal/gid"
)

func agingFilter(f *hiring.AgingApplicationFilter) hiring.AgingApplicationFilter {
	if f == nil {
		return hiring.AgingApplicationFilter{}
	}
	return *f
}

func agingApplicationID(a *hiring.AgingApplication) gid.ID { return a.Application.ID }
