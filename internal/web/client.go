package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddr is the address the request came from: the peer's, or, when the
// peer is one of Options.Proxies, the one the proxies say. The zero Addr when
// there is none (a unix socket).
func ClientAddr(r *http.Request) netip.Addr { return parseAddr(r.RemoteAddr) }

// believe replaces the peer's address by the client's when the peer is a
// proxy of ours. Readers of RemoteAddr need not know.
func believe(r *http.Request, proxies []netip.Prefix) {
	peer := parseAddr(r.RemoteAddr)
	if !within(proxies, peer) {
		return
	}
	if client := forwarded(r.Header["X-Forwarded-For"], proxies); client.IsValid() {
		r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
	}
}

// forwarded reads X-Forwarded-For from the right, the side that our proxies
// write: the first address that is none of them is the client. What stands
// further left the client may have invented. Something that is no address ends
// the reading: the proxy before it is as far as we know.
func forwarded(fields []string, proxies []netip.Prefix) netip.Addr {
	var known netip.Addr
	for i := len(fields) - 1; i >= 0; i-- {
		rest := fields[i]
		for rest != "" {
			item := rest
			if j := strings.LastIndexByte(rest, ','); j >= 0 {
				rest, item = rest[:j], rest[j+1:]
			} else {
				rest = ""
			}
			a := parseAddr(strings.Trim(item, " \t"))
			if !a.IsValid() {
				return known
			}
			if known = a; !within(proxies, a) {
				return a
			}
		}
	}
	return known
}

// parseAddr reads an address with or without a port; zones are refused, IPv4
// in IPv6 becomes IPv4.
func parseAddr(s string) netip.Addr {
	if len(s) > 64 {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		if p, err := netip.ParseAddrPort(s); err == nil {
			a = p.Addr()
		} else if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
			a, _ = netip.ParseAddr(s[1 : len(s)-1])
		}
	}
	if a.Zone() != "" {
		return netip.Addr{}
	}
	return a.Unmap()
}

func within(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
