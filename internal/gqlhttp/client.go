package gqlhttp

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Client is the address from which r comes: the peer's, or the last one that a
// chain of these proxies had from one that is none of them. What stands before that
// anybody can have written.
func Client(r *http.Request, proxies []netip.Prefix) (from netip.Addr, known bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	from = peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		trusted := slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(from) })
		if !trusted || err != nil {
			break
		}
		from = before.Unmap()
	}
	return from, true
}
