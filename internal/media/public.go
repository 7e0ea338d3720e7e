package media

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/fault"
	"dateline/internal/web"
)

// freshness is how long a copy elsewhere may be used unasked: a picture that
// is withdrawn must vanish, so neither "immutable" nor a year.
const freshness = "public, max-age=300"

// Handler serves GET and HEAD of /media/TOKEN/NAME: while a public article uses
// the medium at now, or it is public always; else 404. Parts (Range) and
// questions by ETag are answered. Errors come back through web.Fail: whoever
// follows a link to a picture that is gone is a person, and reads the site's page.
func (s *Store) Handler(now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "GET or HEAD only", http.StatusMethodNotAllowed)
			return
		}
		if err := s.serve(w, r, now()); err != nil {
			web.Fail(w, r, err)
		}
	})
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request, now time.Time) error {
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/media/"), "/")
	if !ok || token == "" {
		return fault.New(fault.NotFound, "no medium is called %q", r.URL.Path)
	}
	m, err := s.public(r.Context(), token, now)
	if err == nil && m.FileName != name {
		err = fault.New(fault.NotFound, "medium %d is not called %q", m.ID, name)
	}
	if err != nil {
		return err
	}
	f, err := s.blobs.Get(r.Context(), m.Blob)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", m.Mime)
	h.Set("Content-Disposition", disposition(m))
	h.Set("Cache-Control", freshness)
	h.Set("ETag", `"`+m.SHA256[:min(32, len(m.SHA256))]+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// disposition shows what a browser can show and has the rest saved.
func disposition(m Media) string {
	how := "inline"
	if m.Kind == File {
		how = "attachment"
	}
	return how + "; filename*=UTF-8''" + url.PathEscape(m.FileName)
}
