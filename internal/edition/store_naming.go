package edition

import (
	"context"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"dateline/internal/db"
)

// SettleNaming makes a host the one in whose name the publication gives names,
// from a day on, and gives what holds: what was settled before stays for ever,
// whatever host the site has moved to.
func (s *Store) SettleNaming(ctx context.Context, pub int64, host string, day time.Time) (Naming, error) {
	var out Naming
	err := s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE publication SET naming_host = $2, naming_date = CASE WHEN naming_date = '' THEN $3 ELSE naming_date END"+
			" WHERE id = $1 AND naming_host = ''", pub, host, day.UTC().Format(time.DateOnly))
		if err != nil {
			return err
		}
		if n > 0 { // what other processes keep has names that held for the time being
			tx.Changed("settings", "publication")
		}
		out, err = db.Get(ctx, tx, func(s db.Scanner, n *Naming) error { return s.Scan(&n.Host, &n.Date) },
			"SELECT naming_host, naming_date FROM publication WHERE id = $1", pub)
		return err
	})
	return out, err
}

// NamingHost is the host of a base URL as it can name things for ever, in ASCII
// (RFC 4151 knows no other letters), or "": this machine, an address in numbers
// and what is no name of the public net may be anybody's (RFC 6761, 6762, 8375).
func NamingHost(host string) string {
	host, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return ""
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	switch last {
	case "localhost", "test", "example", "invalid", "local", "internal", "lan", "arpa", "onion":
		return ""
	}
	for _, l := range labels { // of an address in numbers ("[::1]") the letters are wrong
		if l == "" || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return ""
		}
	}
	if len(labels) < 2 || strings.Trim(last, "0123456789") == "" {
		return ""
	}
	return host
}
