package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"dateline/internal/coding"
	"dateline/internal/fault"
)

// AssetSet serves files under names that carry the hash of their content, so
// they may be kept for ever: `css/site.css` is at
// `/assets/css/site.0f3a….css`.
type AssetSet struct {
	prefix string
	byName map[string]*asset
	byURL  map[string]*asset
}

type asset struct {
	name      string
	body      []byte
	url       string
	integrity string
	head      map[string][]string
	length    []string
	etag      []string
	opaque    string
	squeeze   bool
	brotli    func() *packed // once, on the first demand
	gzip      func() *packed
}

// packed is an encoded body; nil where it would not be smaller.
type packed struct {
	body             []byte
	encoding, length []string
}

// assetTypes are the files we have. The tables of the system differ between
// machines.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".map": "application/json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif",
	".gif": "image/gif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf",
	".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm",
}

// Assets reads all files of fsys (few and ours: they stay in memory) that have
// a type listed here, to be served below prefix ("/assets/"). Other
// files, like the templates and Go files of a theme, are left out. References
// between files, url(…) and @import in CSS, are rewritten to the names with
// hashes; a reference to a file that is not there is an error.
func Assets(fsys fs.FS, prefix string) (*AssetSet, error) {
	s := &AssetSet{prefix: "/" + strings.Trim(prefix, "/") + "/", byName: map[string]*asset{}, byURL: map[string]*asset{}}
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || assetTypes[path.Ext(name)] == "" {
			return err
		}
		files[name], err = fs.ReadFile(fsys, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading assets: %w", err)
	}
	for name := range files {
		if _, err := s.add(name, files, nil); err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
	}
	return s, nil
}

// add takes a file in, after those it refers to: its hash must cover theirs.
func (s *AssetSet) add(name string, files map[string][]byte, under []string) (*asset, error) {
	if a := s.byName[name]; a != nil {
		return a, nil
	}
	body, ok := files[name]
	if !ok {
		return nil, fmt.Errorf("there is no file %s", name)
	}
	if slices.Contains(under, name) {
		return nil, fmt.Errorf("%s refers to itself", strings.Join(append(under, name), " → "))
	}
	if path.Ext(name) == ".css" {
		var err error
		body, err = rewriteCSS(body, func(ref string) (string, error) {
			a, err := s.add(path.Join(path.Dir(name), ref), files, append(under, name))
			if err != nil {
				return "", err
			}
			return a.url, nil
		})
		if err != nil {
			return nil, err
		}
	}
	a := s.newAsset(name, body)
	s.byName[name], s.byURL[a.url] = a, a
	return a, nil
}

func (s *AssetSet) newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	strong := sha512.Sum384(body)
	ext := path.Ext(name)
	hash := hex.EncodeToString(sum[:8])
	kind := assetTypes[ext]
	a := &asset{
		name: name, body: body,
		url:       s.prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		integrity: "sha384-" + base64.StdEncoding.EncodeToString(strong[:]),
		length:    []string{strconv.Itoa(len(body))},
		opaque:    `"` + hash + `"`,
	}
	a.etag = []string{"W/" + a.opaque} // weak: one for all codings
	a.head = map[string][]string{
		"Content-Type":  {kind},
		"Cache-Control": {"public, max-age=31536000, immutable"},
		"Etag":          a.etag,
	}
	a.squeeze = len(body) > 256 && (strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/") ||
		kind == "image/svg+xml" || kind == "font/ttf")
	if a.squeeze {
		a.head["Vary"] = []string{"Accept-Encoding"}
		a.brotli = sync.OnceValue(func() *packed { return a.pack("br") })
		a.gzip = sync.OnceValue(func() *packed { return a.pack("gzip") })
	}
	return a
}

// pack compresses as far as a first reader may wait: level 9 of both, some
// milliseconds for a script.
func (a *asset) pack(coding string) *packed {
	var b bytes.Buffer
	if coding == "br" {
		w := brotli.NewWriterLevel(&b, 9)
		_, _ = w.Write(a.body) // to memory: cannot fail
		_ = w.Close()
	} else {
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = w.Write(a.body)
		_ = w.Close()
	}
	if b.Len() >= len(a.body) {
		return nil
	}
	return &packed{bytes.Clone(b.Bytes()), []string{coding}, []string{strconv.Itoa(b.Len())}}
}

// URL is the address of a file ("css/site.css"), without a host. A file that
// is not there gets an address that answers 404.
func (s *AssetSet) URL(name string) string {
	if a := s.byName[name]; a != nil {
		return a.url
	}
	return s.prefix + name
}

// Integrity is the value of an integrity attribute (SRI, sha384), empty for a
// file that is not there.
func (s *AssetSet) Integrity(name string) string {
	if a := s.byName[name]; a != nil {
		return a.integrity
	}
	return ""
}

// Body is the content of a file, for what must also be served at a fixed
// address (a service worker). It is not to be changed.
func (s *AssetSet) Body(name string) ([]byte, bool) {
	a := s.byName[name]
	if a == nil {
		return nil, false
	}
	return a.body, true
}

// Names lists the files.
func (s *AssetSet) Names() []string {
	names := make([]string, 0, len(s.byName))
	for name := range s.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ServeHTTP answers for a whole address, prefix included. The route's pattern
// is the prefix.
func (s *AssetSet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.byURL[r.URL.Path]
	if a == nil {
		Fail(w, r, fault.New(fault.NotFound, "no asset %s", r.URL.Path))
		return
	}
	h := w.Header()
	as(h, Asset)
	for name, values := range a.head {
		h[name] = values
	}
	for _, field := range r.Header["If-None-Match"] {
		// The hash cannot stand in a list for another reason than being meant.
		if strings.Contains(field, a.opaque) || strings.TrimSpace(field) == "*" {
			delete(h, "Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body, length := a.body, a.length
	if p := a.packed(r.Header["Accept-Encoding"]); p != nil {
		h["Content-Encoding"] = p.encoding
		body, length = p.body, p.length
	}
	h["Content-Length"] = length
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

var assetCodings = []coding.Coding{coding.Brotli, coding.Gzip}

func (a *asset) packed(accept []string) *packed {
	if !a.squeeze {
		return nil
	}
	switch coding.Choose(accept, assetCodings) {
	case coding.Brotli:
		return a.brotli()
	case coding.Gzip:
		return a.gzip()
	}
	return nil
}

// A reference in CSS: url(x), url("x"), @import "x"; comments are left alone.
var cssRef = regexp.MustCompile(`(?s)/\*.*?\*/|url\(\s*("[^"]*"|'[^']*'|[^)'"]*)\s*\)|@import\s+("[^"]*"|'[^']*')`)

func rewriteCSS(css []byte, resolve func(ref string) (string, error)) ([]byte, error) {
	var firstErr error
	out := cssRef.ReplaceAllFunc(css, func(match []byte) []byte {
		m := cssRef.FindSubmatch(match)
		ref := string(m[1]) + string(m[2])
		ref = strings.TrimSpace(strings.Trim(strings.TrimSpace(ref), `"'`))
		if ref == "" || ref[0] == '#' || ref[0] == '/' || strings.Contains(ref, ":") {
			return match // inside the document, elsewhere on the site, data:, https:
		}
		file, tail := ref, ""
		if i := strings.IndexAny(ref, "?#"); i >= 0 {
			file, tail = ref[:i], ref[i:]
		}
		url, err := resolve(file)
		if err != nil {
			firstErr = err
			return match
		}
		if m[2] != nil {
			return fmt.Appendf(nil, "@import %q", url+tail)
		}
		return fmt.Appendf(nil, "url(%q)", url+tail)
	})
	return out, firstErr
}
