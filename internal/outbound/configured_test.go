package outbound

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestConfigured(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "another host") }))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/on":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/long":
			io.WriteString(w, strings.Repeat("x", 3*mostBytes))
		default:
			io.WriteString(w, "here")
		}
	}))
	defer server.Close()
	get := func(path string) (int, string) {
		w, err := Configured().Get(server.URL + path)
		if err != nil {
			return 0, err.Error()
		}
		defer w.Body.Close()
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.StatusCode, string(body)
	}
	if code, body := get("/on"); code != 200 || body != "here" {
		t.Errorf("a redirect at the same host: %d %q", code, body)
	}
	if code, body := get("/away"); code != 0 || !strings.Contains(body, "sends elsewhere") {
		t.Errorf("a redirect to another host: %d %q", code, body)
	}
	if _, body := get("/long"); len(body) != mostBytes {
		t.Errorf("%d bytes of an answer were read", len(body))
	}
}
