package web

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// serve starts a server on the loopback with at most max connections.
func serve(t *testing.T, h http.Handler, max int) (addr string, srv *http.Server, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	srv = Server(h, quiet)
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, srv, LimitListener(l, max), 5*time.Second) }()
	stop = func() error { cancel(); return <-ended }
	return l.Addr().String(), srv, stop
}

// exchange sends one request over a connection and reads the answer.
func exchange(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	if _, err := io.WriteString(c, "GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	return r
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// What net/http answers by itself carries the headers, too, and what comes out
// of a handler carries them once.
func TestHeadersOfRefusals(t *testing.T) {
	addr, _, stop := serve(t, Handler(testRouter(), Options{BaseURL: "https://news.example", Log: quiet}), 3)
	good := "GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n"
	for ask, want := range map[string]int{
		good:                                   200,
		"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n": 400,
		"GET / HTTP/1.1\r\n\r\n":               400,
		"nonsense\r\n\r\n":                     400,
		"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n\r\n":                           501,
		"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 2*maxHeaderBytes) + "\r\n\r\n": 431,
		"POST /-/inbox HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nContent-Length: 1\r\n\r\nx":  417,
		"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n":                                                 200,
	} {
		for _, first := range []string{"", good} { // on a connection that has had an answer, too
			c := dial(t, addr)
			in := bufio.NewReader(c)
			for _, text := range []string{first, ask} {
				if text == "" {
					continue
				}
				_, _ = io.WriteString(c, text) // the server may have closed it before the end
				_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
				r, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatalf("%.40q: %v", text, err)
				}
				if _, err := io.ReadAll(r.Body); err != nil {
					t.Fatalf("%.40q: %v", text, err)
				}
				if text == ask && r.StatusCode != want {
					t.Errorf("%.40q: %d, want %d", text, r.StatusCode, want)
				}
				for _, name := range []string{fieldPolicy, fieldSTS, fieldResource, "X-Content-Type-Options", "Referrer-Policy"} {
					if n := len(r.Header.Values(name)); n != 1 {
						t.Errorf("%.40q: %s stands %d times", text, name, n)
					}
				}
			}
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestIdleConnectionsMakeRoom(t *testing.T) {
	addr, _, stop := serve(t, Handler(testRouter(), Options{Log: quiet}), 3)
	for range 12 { // none of them is closed by this side
		if r := exchange(t, dial(t, addr)); r.StatusCode != 200 || r.Header.Get("Server") != "" {
			t.Errorf("%d %v", r.StatusCode, r.Header)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestTheOldestIdleConnectionGoes(t *testing.T) {
	l := &listener{max: 3, conns: map[*conn]struct{}{}, freed: make(chan struct{}, 1)}
	add := func(idle bool, since int64) *conn {
		server, _ := net.Pipe()
		c := &conn{Conn: server, l: l}
		c.since.Store(since)
		if !l.admit(c) {
			return nil
		}
		c.idle.Store(idle)
		return c
	}
	busy, older, old := add(false, 1), add(true, 2), add(true, 3)
	for _, gone := range []*conn{older, old} {
		if add(false, 4) == nil {
			t.Fatal("no room was made")
		}
		if _, err := gone.Conn.Read(nil); err != io.ErrClosedPipe {
			t.Errorf("not closed: %v", err)
		}
	}
	if add(false, 5) != nil || len(l.conns) != 3 {
		t.Errorf("a fourth was let in")
	}
	l.queued.Store(true)
	_ = busy.Close()
	if len(l.freed) != 1 || add(false, 6) == nil {
		t.Error("no room after one has gone")
	}
}

func TestShutdownLetsRequestsFinish(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	router := &Router{}
	router.Handle(Route{Pattern: "/", Permission: Public, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-leave
		_, _ = io.WriteString(w, "finished")
	})})
	addr, _, stop := serve(t, Handler(router, Options{Log: quiet}), 10)
	got := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + addr + "/")
		if err != nil {
			got <- err.Error()
			return
		}
		b, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		got <- string(b)
	}()
	<-inside
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	close(leave)
	if text := <-got; text != "finished" {
		t.Errorf("got %q", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestLimitsOfTheServer(t *testing.T) {
	s := Server(http.NotFoundHandler(), nil)
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 30*time.Second || s.IdleTimeout != 60*time.Second ||
		s.WriteTimeout != 0 || s.MaxHeaderBytes != 16<<10 {
		t.Errorf("%+v", s)
	}
}

// Who takes a byte a second is cut off; who takes 8 KiB a second is not.
func TestSlowReaders(t *testing.T) {
	for _, tt := range []struct {
		step  int // bytes a second
		total int
		whole bool
	}{{1, 100_000, false}, {8 << 10, 400_000, true}} {
		synctest.Test(t, func(t *testing.T) {
			server, reader := net.Pipe()
			l := &listener{conns: map[*conn]struct{}{}, freed: make(chan struct{}, 1)}
			c := &conn{Conn: server, l: l}
			var wg sync.WaitGroup
			wg.Go(func() {
				buf := make([]byte, tt.step)
				for {
					time.Sleep(time.Second)
					if _, err := reader.Read(buf); err != nil {
						return
					}
				}
			})
			began := time.Now()
			n, err := c.Write(make([]byte, tt.total))
			if whole := n == tt.total && err == nil; whole != tt.whole {
				t.Errorf("%d bytes/s: %d bytes, %v", tt.step, n, err)
			}
			if took := time.Since(began); !tt.whole && took > time.Minute {
				t.Errorf("%d bytes/s: cut off only after %v", tt.step, took)
			}
			_ = c.Close()
			wg.Wait()
		})
	}
}

// BenchmarkFrame: what the frame adds to a request, without the network.
func BenchmarkFrame(b *testing.B) {
	router := &Router{}
	body := []byte("x")
	router.Handle(Route{Method: "GET", Pattern: "/", Permission: Public, Handler: http.HandlerFunc(
		func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })})
	h := Handler(router, Options{BaseURL: "https://news.example", Log: quiet})
	r, _ := http.NewRequest("GET", "/2022/02/14/bridge", nil)
	w := &sink{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
	}
}

type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}
