package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 16 << 10
)

// Server makes a server with limits for connections that are slow or idle.
// Pass it a LimitListener: the limit of writing is there. log may be nil.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	if log == nil {
		log = slog.Default()
	}
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      0, // a large file may take long; conn.Write has a deadline per piece
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // strangers can fill it
		ConnState:         noteState,
	}
	if f, ok := h.(*frame); ok {
		srv.ConnContext = f.connContext
	}
	return srv
}

// Serve serves until ctx ends, then refuses new connections and lets the
// requests under way finish for at most grace. It gives nil after an orderly
// end.
func Serve(ctx context.Context, srv *http.Server, l net.Listener, grace time.Duration) error {
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	return Shutdown(srv, grace)
}

// Shutdown stops a server as Serve does at the end of its context.
func Shutdown(srv *http.Server, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("requests were cut off after %v", grace), srv.Close())
	}
	return err
}

// UploadDeadline gives a request with a large body the time that a line of
// 8 KiB/s needs for it, beyond the 30 s that every request has. size is the
// route's limit or the announced length, in bytes.
func UploadDeadline(w http.ResponseWriter, now time.Time, size int64) error {
	const slowest = 8 << 10
	return http.NewResponseController(w).SetReadDeadline(now.Add(readTimeout + time.Duration(size/slowest)*time.Second))
}
