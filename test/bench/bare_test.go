//go:build bench

package bench

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"dateline/test/fixtures"
)

// bareArg makes this test binary a bare server: a process of its own, so that
// its processor time can be told from the client's.
const bareArg = "-serve-bare"

// answer is what the bare server writes, always the same.
type answer struct {
	Header http.Header
	Body   []byte
}

// bare answers GET with what the file holds and POST with 204: the least that a
// Go program can do for the same bytes.
func bare(addr, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		log.Fatal(err)
	}
	length := strconv.Itoa(len(a.Body))
	log.Fatal(http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, values := range a.Header {
			h[name] = values
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.Set("Content-Length", length)
		w.Write(a.Body)
	})))
}

// startBare serves what base+path answers now, header for header.
func startBare(b *testing.B, base, path string) *fixtures.Server {
	r, err := http.NewRequest("GET", base+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	c := client(1)
	defer c.CloseIdleConnections()
	w, err := c.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != http.StatusOK || w.Header.Get("Content-Encoding") != "gzip" {
		b.Fatalf("%s: %s %v %v", path, w.Status, w.Header, err)
	}
	a := answer{w.Header.Clone(), body}
	a.Header.Del("Date") // net/http writes its own
	a.Header.Del("Content-Length")
	raw, err := json.Marshal(a)
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "answer.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	addr := "127.0.0.1:" + strconv.Itoa(fixtures.Port(b))
	b.Logf("the page: %d bytes as gzip, %d headers", len(body), len(a.Header))
	return fixtures.Start(b, exec.Command(self, bareArg, addr, file), "http://"+addr, path)
}
