package main

import (
	"net/http"
	"net/netip"

	"hireloop/internal/access"
	"hireloop/internal/gqlhttp"
)

// originate tells whoever handles a request from where it comes.
func originate(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := access.Origin{RequestID: gqlhttp.RequestID(r.Context())}
		if client, known := gqlhttp.Client(r, proxies); known {
			from.Address = client.String()
		}
		next.ServeHTTP(w, r.WithContext(access.WithOrigin(r.Context(), from)))
	})
}
