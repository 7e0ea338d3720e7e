package outbound

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// mostBytes of an answer are read: documents of an identity provider are a few
// kilobytes long.
const mostBytes = 1 << 20

// Configured is a client for addresses that the operator configured. It waits ten
// seconds at most, reads a megabyte at most, and follows no redirect to another
// host: who answers for a configured host is a matter of configuration.
func Configured() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: bounded{&http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		}},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 || r.URL.Host != via[0].URL.Host || r.URL.Scheme != via[0].URL.Scheme {
				return fmt.Errorf("%s sends elsewhere, to %s", via[0].URL.Host, r.URL.Redacted())
			}
			return nil
		},
	}
}

// bounded cuts answers off.
type bounded struct{ inner http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	w, err := b.inner.RoundTrip(r)
	if err == nil {
		w.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(w.Body, mostBytes), w.Body}
	}
	return w, err
}
