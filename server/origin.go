package main

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
)

// proxies are those that the server believes when they say for whom they ask.
type proxies struct {
	Trusted []netip.Prefix `name:"trusted-proxy" env:"HIRELOOP_TRUSTED_PROXIES" help:"Networks of proxies whose X-Forwarded-For is believed, e.g. 10.0.0.0/8; repeat or separate by commas for several."`
}

// originate tells whoever handles a request from where it comes.
func (p proxies) originate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := access.WithOrigin(r.Context(), access.Origin{
			Address: p.client(r), RequestID: gqlhttp.RequestID(r.Context()),
		})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// client is the address of the client: the peer's, or the last one that a chain of
// trusted proxies had from one that is not. What stands before that anybody can
// have written.
func (p proxies) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(forwarded) {
		at, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil || !p.trusts(host) {
			break
		}
		host = at.Unmap().String()
	}
	return host
}

func (p proxies) trusts(address string) bool {
	at, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(p.Trusted, func(n netip.Prefix) bool { return n.Contains(at.Unmap()) })
}
