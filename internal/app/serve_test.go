package app_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"dateline/internal/app"
)

// empty opens a house in which there is no publication yet.
func empty(t *testing.T) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{Data: t.TempDir(), BaseURL: "http://lamp.test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestServe: readers and whoever runs the site are answered each on their own
// listener; when one of the two fails, or the site is stopped, both end.
func TestServe(t *testing.T) {
	a := empty(t)
	status := func(l net.Listener, path string) int {
		r, err := http.Get("http://" + l.Addr().String() + path)
		if err != nil {
			return 0
		}
		r.Body.Close()
		return r.StatusCode
	}
	for name, end := range map[string]func(stop func(), l, own net.Listener) net.Listener{
		"readers'":    func(_ func(), l, _ net.Listener) net.Listener { l.Close(); return l },
		"operator's":  func(_ func(), _, own net.Listener) net.Listener { own.Close(); return own },
		"all stopped": func(stop func(), _, _ net.Listener) net.Listener { stop(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			l, own := listen(t), listen(t)
			ended := make(chan error, 1)
			go func() { ended <- a.Serve(ctx, app.Doors{Readers: l, Operator: own}) }()
			if n, m, not := status(l, "/-/live"), status(own, "/health"), status(l, "/health"); n != 200 || m != 200 || not != 404 {
				t.Errorf("readers get %d, the operator %d, readers of the operator's page %d", n, m, not)
			}
			broken := end(stop, l, own)
			switch err := <-ended; {
			case broken == nil && err != nil:
				t.Errorf("an orderly end is an error: %v", err)
			case broken != nil && (err == nil || !strings.Contains(err.Error(), broken.Addr().String())):
				t.Errorf("%v does not name %s", err, broken.Addr())
			}
			if n, m := status(l, "/-/live"), status(own, "/health"); n != 0 || m != 0 {
				t.Errorf("afterwards readers get %d, the operator %d", n, m)
			}
		})
	}
}

// TestListen: both doors or none, and whichever is taken is named.
func TestListen(t *testing.T) {
	taken := listen(t).Addr().String()
	d, err := app.Listen("127.0.0.1:0", "", "")
	if err != nil || d.Operator != nil {
		t.Fatalf("%v, %v", d, err)
	}
	free := d.Readers.Addr().String()
	d.Close()
	for _, c := range []struct{ readers, operator, desk, says string }{
		{taken, free, "", "nothing can be served on " + taken},
		{free, taken, "", "the health page cannot be served on " + taken},
		{free, "", taken, "the desk cannot be served on " + taken},
	} {
		if _, err := app.Listen(c.readers, c.operator, c.desk); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s and %s: %v", c.readers, c.operator, err)
		}
		if d, err = app.Listen("127.0.0.1:0", free, ""); err != nil {
			t.Errorf("what is free was left open, or not shut: %v", err)
		}
		d.Close()
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
