package hiring

import "hireloop/relay"

// AgingApplicationConnection is a page of ageing applications.
type AgingApplicationConnection = relay.Connection[*AgingApplication]

// AgingApplicationEdge is one row of a page.
type AgingApplicationEdge = relay.Edge[*AgingApplication]
