package outbound

import (
	"context"
	"net"
	"time"
)

// Dial connects to an address that the operator configured, for what is not HTTP.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	return d.DialContext(ctx, network, address)
}
