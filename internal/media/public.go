package media

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"dateline/internal/coding"
	"dateline/internal/fault"
	"dateline/internal/rendition"
	"dateline/internal/web"
)

// freshness is how long a copy elsewhere may be used unasked: a picture that
// is withdrawn must vanish, so neither "immutable" nor a year.
const freshness = "public, max-age=300"

// soon is said of an original that stands in for what is being drawn.
const soon = "no-cache"

// Handler serves GET and HEAD of /media/TOKEN/NAME: while a public article uses
// the medium at now, or it is public always; else 404. Parts (Range) and
// questions by ETag are answered. Errors come back through web.Fail: whoever
// follows a link to a picture that is gone is a person, and reads the site's page.
//
// Its renditions answer at /media/TOKEN/SIZE/NAME (package rendition), for as
// long as the medium does: those that pages name and no others. One that is
// not there yet is drawn; until it is, and where it cannot be, the original
// is sent. draw may be nil: then there are none.
func (s *Store) Handler(now func() time.Time, draw *Drawer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "GET or HEAD only", http.StatusMethodNotAllowed)
			return
		}
		if err := s.serve(w, r, now(), draw); err != nil {
			web.Fail(w, r, err)
		}
	})
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request, now time.Time, draw *Drawer) error {
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/media/"), "/")
	if !ok || token == "" {
		return fault.New(fault.NotFound, "no medium is called %q", r.URL.Path)
	}
	m, err := s.public(r.Context(), token, now)
	if err != nil {
		return err
	}
	if m, err = s.meant(r.Context(), m, name, draw, now); err != nil {
		return err
	}
	return s.file(w, r, m, name, draw, "")
}

// meant is a medium as the use of it has it whose rendition a name is: one that is not
// the picture's own may be that of an article with a focal point of its own. also are
// such points that readers do not see yet.
func (s *Store) meant(ctx context.Context, m Media, name string, draw *Drawer, now time.Time, also ...rendition.Focal) (Media, error) {
	if _, _, _, current, ok := draw.Sizes(m).Find(name); current || !ok {
		return m, nil
	}
	list, err := s.focals(ctx, m.ID, now)
	if err != nil {
		return m, err
	}
	for _, f := range append(list, also...) {
		if _, _, _, current, _ := draw.Sizes(m.At(f)).Find(name); current {
			return m.At(f), nil
		}
	}
	return m, nil
}

// Preview sends a medium, or one of its renditions, to somebody who may see it before
// readers do. name is what stands behind its token in its address, f the focal point of
// the use that is looked at.
func (s *Store) Preview(w http.ResponseWriter, r *http.Request, m Media, name string, draw *Drawer, f rendition.Focal) error {
	m, err := s.meant(r.Context(), m, name, draw, s.d.Now(), f)
	if err != nil {
		return err
	}
	return s.file(w, r, m, name, draw, unkept)
}

// unkept is said of what is over when somebody says so.
const unkept = "private, no-store"

// file sends one of a medium's files. always is how long it may be kept; "": as long
// as readers' may.
func (s *Store) file(w http.ResponseWriter, r *http.Request, m Media, name string, draw *Drawer, always string) error {
	if name == m.FileName {
		return s.send(w, r, m, cmp.Or(always, freshness))
	}
	set := draw.Sizes(m)
	shape, width, format, current, ok := set.Find(name)
	if !ok {
		return fault.New(fault.NotFound, "medium %d is not called %q", m.ID, name)
	}
	if !current { // a page or a feed that somebody kept
		if always != "" {
			return fault.New(fault.NotFound, "medium %d is not called %q any more", m.ID, name)
		}
		w.Header().Set("Cache-Control", freshness)
		http.Redirect(w, r, set.URL(shape, width, format), http.StatusFound)
		return nil
	}
	x, fresh, err := draw.best(r.Context(), m, shape, width, format)
	if err == nil {
		small := m
		small.Blob, small.SHA256, small.Mime, small.FileName = x.Blob, x.Blob, x.Mime, path.Base(name)
		if err = s.send(w, r, small, cmp.Or(always, fresh)); err == nil || !fault.Is(err, fault.NotFound) {
			return err
		}
		// Somebody emptied the file store: it is drawn again when next asked for.
		if err := s.forget(r.Context(), m.Blob, x); err != nil {
			return err
		}
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return s.send(w, r, m, cmp.Or(always, freshness))
	}
	return s.send(w, r, m, cmp.Or(always, soon))
}

// Desk sends a medium to somebody who may see it before readers do: a rendition of
// about the width, else the original.
func (s *Store) Desk(w http.ResponseWriter, r *http.Request, m Media, draw *Drawer, width int) error {
	if set := draw.Sizes(m); set.Some() {
		if fits := set.Widths(rendition.Whole, width, 2*width); len(fits) > 0 {
			if x, _, err := draw.best(r.Context(), m, rendition.Whole, fits[0], set.Default); err == nil {
				m.Blob, m.SHA256, m.Mime = x.Blob, x.Blob, x.Mime
			}
		}
	}
	return s.send(w, r, m, ours)
}

// ours is said of what only the desk may see yet.
const ours = "private, no-cache"

// send writes a medium's file.
func (s *Store) send(w http.ResponseWriter, r *http.Request, m Media, fresh string) error {
	f, err := s.blobs.Get(r.Context(), m.Blob)
	if err != nil {
		return err
	}
	defer f.Close()
	if m.Mime == "image/svg+xml" {
		web.As(w, web.Drawing)
	}
	h := w.Header()
	h.Set("Content-Type", m.Mime)
	h.Set("Content-Disposition", disposition(m))
	h.Set("Cache-Control", fresh)
	tag := m.SHA256[:min(32, len(m.SHA256))]
	var body io.ReadSeeker = f
	if m.Mime == "image/svg+xml" { // the one kind of picture that is a text
		h.Set("Vary", "Accept-Encoding")
		if m.Bytes <= maxPacked && r.Header.Get("Range") == "" && coding.Choose(r.Header["Accept-Encoding"], []coding.Coding{coding.Gzip}) == coding.Gzip {
			packed, err := pack(f)
			if err != nil {
				return err
			}
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(packed)))
			tag, body = tag+"-gzip", bytes.NewReader(packed)
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, body)
	return nil
}

// maxPacked is the longest drawing that is compressed while its reader waits.
const maxPacked = 1 << 20

func pack(f io.Reader) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, f); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// disposition shows what a browser can show and has the rest saved.
func disposition(m Media) string {
	how := "inline"
	if m.Kind == File {
		how = "attachment"
	}
	return how + "; filename*=UTF-8''" + url.PathEscape(m.FileName)
}
