package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// LimitListener accepts at most max connections at a time. When all are taken
// the one that has been idle longest is closed for the new one; when none is
// idle, newcomers wait in the queue of the system. Idle is told by the
// http.Server made with Server.
//
// Its connections end when the other side takes less than 3 KiB/s of what we
// write: a page that is not fetched holds memory.
func LimitListener(l net.Listener, max int) net.Listener {
	return &listener{Listener: l, max: max, conns: map[*conn]struct{}{}, freed: make(chan struct{}, 1),
		closed: make(chan struct{})}
}

type listener struct {
	net.Listener
	max    int
	queued atomic.Bool   // somebody waits in Accept
	freed  chan struct{} // holds one: a place may be had
	closed chan struct{}
	once   sync.Once

	mu    sync.Mutex
	conns map[*conn]struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, l: l}
	c.since.Store(time.Now().UnixNano())
	for !l.admit(c) {
		l.queued.Store(true)
		if l.admit(c) { // a place that came free just before
			break
		}
		select {
		case <-l.freed:
		case <-l.closed:
			_ = inner.Close()
			return nil, net.ErrClosed
		}
	}
	l.queued.Store(false)
	return c, nil
}

// wake tells a newcomer who waits to look again.
func (l *listener) wake() {
	if !l.queued.Load() {
		return
	}
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// admit counts a connection in, if need be for an idle one.
func (l *listener) admit(c *conn) bool {
	l.mu.Lock()
	var oldest *conn
	if len(l.conns) >= l.max {
		for other := range l.conns {
			if other.idle.Load() && (oldest == nil || other.since.Load() < oldest.since.Load()) {
				oldest = other
			}
		}
		if oldest == nil {
			l.mu.Unlock()
			return false
		}
		delete(l.conns, oldest)
	}
	l.conns[c] = struct{}{}
	l.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
	return true
}

func (l *listener) remove(c *conn) {
	l.mu.Lock()
	delete(l.conns, c)
	l.mu.Unlock()
	l.wake()
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// conn is a connection whose state is known and whose writes have deadlines.
type conn struct {
	net.Conn
	l     *listener
	idle  atomic.Bool
	since atomic.Int64 // UnixNano of the last change of state
	once  sync.Once
	until atomic.Int64 // UnixNano of the write deadline in force

	framed  atomic.Bool // the answer under way has the frame's headers
	refusal []byte      // headers for those that have not
}

const (
	piece      = 32 << 10         // bytes
	pieceTime  = 20 * time.Second // for a piece, at most
	pieceLeast = 10 * time.Second // and at least: setting a deadline costs, so it is not set for each
)

// Write sends b in pieces, each with a deadline. What net/http answers by itself,
// because it could not read a request, never sees a handler: it is given the
// headers here.
func (c *conn) Write(b []byte) (int, error) {
	if !c.framed.Load() && bytes.HasPrefix(b, []byte("HTTP/1.")) {
		if i := bytes.Index(b, []byte("\r\n")) + 2; i > 1 {
			n, err := c.send(slices.Concat(b[:i], c.refusal, b[i:]))
			return max(min(n, i), n-len(c.refusal)), err
		}
	}
	return c.send(b)
}

func (c *conn) send(b []byte) (int, error) {
	sent := 0
	for {
		now := time.Now()
		if c.until.Load()-now.UnixNano() < int64(pieceLeast) {
			if err := c.SetWriteDeadline(now.Add(pieceTime)); err != nil {
				return sent, err
			}
		}
		n, err := c.Conn.Write(b[sent:min(sent+piece, len(b))])
		sent += n
		if err != nil || sent == len(b) {
			return sent, err
		}
	}
}

// SetWriteDeadline notes what is set from above; the next Write sets its own. That a
// deadline is lifted, as net/http does after each request, changes nothing then, and
// costs two calls of the poller for each request that need not be.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		return nil
	}
	c.until.Store(t.UnixNano())
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline sets both.
func (c *conn) SetDeadline(t time.Time) error {
	c.until.Store(t.UnixNano())
	return c.Conn.SetDeadline(t)
}

// CloseWrite has net/http say at once that a refusal is over, although the rest
// of the request was not read.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) Close() error {
	c.once.Do(func() { c.l.remove(c) })
	return c.Conn.Close()
}

// noteState is the server's hook; a connection counts as idle between
// requests.
func noteState(nc net.Conn, state http.ConnState) {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, ok := nc.(*conn)
	if !ok {
		return
	}
	switch state {
	case http.StateIdle:
		c.framed.Store(false)
		c.since.Store(time.Now().UnixNano())
		c.idle.Store(true)
		c.l.wake()
	case http.StateActive:
		c.idle.Store(false)
	}
}

type connKey struct{}

// connContext has the frame know the connection of a request.
func (f *frame) connContext(ctx context.Context, nc net.Conn) context.Context {
	c, ok := nc.(*conn)
	if !ok {
		return ctx
	}
	c.refusal = f.refusal
	return context.WithValue(ctx, connKey{}, c)
}
