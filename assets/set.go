package assets

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Prefix is where a Set's addresses begin.
const Prefix = "/assets/"

// Set knows files by their names ("js/reader.js") and serves them under names
// that contain a hash of the content ("/assets/js/reader.1f3a90bc.js"). It is
// safe for use by many goroutines.
type Set struct {
	mu     sync.RWMutex
	byName map[string]file
	byPath map[string]file
}

type file struct {
	path, kind, integrity, etag string
	content                     []byte
}

// Kinds are fixed here: mime.TypeByExtension asks the system's files, which
// differ from machine to machine.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".webp":  "image/webp",
	".woff2": "font/woff2",
}

// Open gives a Set with the embedded files.
func Open() (*Set, error) {
	s := &Set{byName: map[string]file{}, byPath: map[string]file{}}
	err := fs.WalkDir(Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := Files.ReadFile(name)
		if err != nil {
			return err
		}
		s.Put(name, content)
		return nil
	})
	return s, err
}

// Put adds a file or replaces it. What was there before stays served under its
// old address, for pages that are still kept somewhere.
func (s *Set) Put(name string, content []byte) {
	short := sha256.Sum256(content)
	long := sha512.Sum384(content)
	ext := path.Ext(name)
	hash := hex.EncodeToString(short[:6])
	f := file{
		path:      Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:      kinds[ext],
		integrity: "sha384-" + base64.StdEncoding.EncodeToString(long[:]),
		etag:      `"` + hash + `"`,
		content:   content,
	}
	if f.kind == "" {
		f.kind = "text/plain; charset=utf-8"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName[name], s.byPath[f.path] = f, f
}

// URL is the address of a file by its name, or "" where there is none.
func (s *Set) URL(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byName[name].path
}

// Integrity is the value of the integrity attribute for a file, or "".
func (s *Set) Integrity(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byName[name].integrity
}

// ServeHTTP answers GET and HEAD under Prefix. The address changes with the
// content, so the answer may be kept for a year (RFC 8246: immutable).
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	f, ok := s.byPath[r.URL.Path]
	s.mu.RUnlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", f.etag)
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(f.content)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(f.content) // the reader has gone: nobody is left to tell
	}
}
