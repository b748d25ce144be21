package gqlhttp

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// The address of a client is one that nobody could make up.
func TestClientAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for rule, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"the peer":                                      {"192.0.2.7:1234", nil, "192.0.2.7"},
		"a stranger is not believed":                    {"192.0.2.7:1234", []string{"198.51.100.1"}, "192.0.2.7"},
		"a trusted proxy is":                            {"10.1.2.3:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		"over IPv6":                                     {"[::1]:1234", []string{"2001:db8::1"}, "2001:db8::1"},
		"what the client itself wrote is not":           {"10.1.2.3:1234", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		"nor in a header of its own":                    {"10.1.2.3:1234", []string{"203.0.113.9", "198.51.100.1"}, "198.51.100.1"},
		"a chain of trusted proxies":                    {"10.1.2.3:1234", []string{"198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		"nonsense ends the chain":                       {"10.1.2.3:1234", []string{"198.51.100.1, who?"}, "10.1.2.3"},
		"IPv4 within IPv6 is told as IPv4":              {"10.1.2.3:1234", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"a trusted proxy that says nothing is the peer": {"10.1.2.3:1234", nil, "10.1.2.3"},
	} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.RemoteAddr = c.peer
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got, known := Client(r, proxies); !known || got.String() != c.want {
			t.Errorf("%s: got %s, want %s", rule, got, c.want)
		}
	}
}
