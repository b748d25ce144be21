package main

import (
	"net/http"
	"net/netip"
	"time"

	"hireloop/internal/gqlhttp"
)

// gates say who gets in, and how much of the server anybody can have.
type gates struct {
	CostPerMinute  int      `default:"600000" env:"HIRELOOP_COST_PER_MINUTE" help:"Units of cost that everybody may spend a minute (see extensions.cost of answers); 0 for no limit."`
	FailedSignIns  int      `default:"60" env:"HIRELOOP_FAILED_SIGN_INS" help:"Sign-ins that may fail a minute from one address; 0 for no limit."`
	Requests       int      `default:"64" env:"HIRELOOP_REQUESTS" help:"Requests that run at once; as many wait for at most a second, the others are told to come back. 0 for no limit."`
	Reports        int      `default:"8" env:"HIRELOOP_REPORTS" help:"The same for files under /reports/."`
	Origins        []string `name:"origin" env:"HIRELOOP_ORIGINS" placeholder:"https://…" help:"Sites whose pages may use the API from browsers; none when not given."`
	TrustedProxies []string `name:"trusted-proxy" env:"HIRELOOP_TRUSTED_PROXIES" placeholder:"10.0.0.0/8" help:"Networks whose X-Forwarded-For is believed."`
}

const (
	// patience is how long a request waits for its turn.
	patience = time.Second
	// reportCost is what a file costs of CostPerMinute.
	reportCost = 2_000
)

// openGates are gates with their state.
type openGates struct {
	budgets     *gqlhttp.Budgets
	signIns     *gqlhttp.SignIns
	requests    *gqlhttp.Queue
	reports     *gqlhttp.Queue
	crossOrigin *http.CrossOriginProtection
	origins     []string
	proxies     []netip.Prefix
}

func (g gates) open(now func() time.Time) (*openGates, error) {
	for _, setting := range []struct {
		flag  string
		value int
	}{
		{"--cost-per-minute", g.CostPerMinute}, {"--failed-sign-ins", g.FailedSignIns},
		{"--requests", g.Requests}, {"--reports", g.Reports},
	} {
		if setting.value < 0 {
			return nil, usagef("%s %d: must not be negative", setting.flag, setting.value)
		}
	}
	o := &openGates{crossOrigin: http.NewCrossOriginProtection(), origins: g.Origins}
	for _, origin := range g.Origins {
		if err := o.crossOrigin.AddTrustedOrigin(origin); err != nil {
			return nil, usagef("--origin %s: write it as https://example.com, without a path", origin)
		}
	}
	var proxies []netip.Prefix
	for _, text := range g.TrustedProxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, usagef("--trusted-proxy %s: write it as 10.0.0.0/8 or 192.0.2.7/32", text)
		}
		proxies = append(proxies, network)
	}
	o.proxies = proxies
	if g.CostPerMinute > 0 {
		o.budgets = gqlhttp.NewBudgets("cost", g.CostPerMinute, now)
	}
	if g.FailedSignIns > 0 {
		o.signIns = gqlhttp.NewSignIns(gqlhttp.NewBudgets("failed-sign-ins", g.FailedSignIns, now), proxies)
	}
	if g.Requests > 0 {
		o.requests = gqlhttp.NewQueue(g.Requests, g.Requests, patience)
	}
	if g.Reports > 0 {
		o.reports = gqlhttp.NewQueue(g.Reports, g.Reports, patience)
	}
	return o, nil
}
