package library

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
)

// patience is how long somebody who sends a picture in waits for it to be looked at;
// after that a job does it.
const patience = 20 * time.Second

// slowLine is how long a file may take to arrive.
const slowLine = 10 * time.Minute

// taken is what became of a file.
type taken struct {
	media.Shown
	Known bool          `json:"known"`          // it is here already, the very same
	Said  bool          `json:"said"`           // its file says something that nobody has looked at
	Like  []media.Shown `json:"like,omitempty"` // what it looks like; with ID 0 it was not kept
}

// take takes files: one from a script, which gets JSON, or those of a form.
func (l *Library) take(w http.ResponseWriter, r *desk.Request) error {
	// By the clock of the machine, as connections have it; what cannot be extended is not.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(slowLine))
	site, err := l.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	if form, err := r.MultipartReader(); err == nil {
		return l.takeForm(w, r, site, form)
	}
	q := r.URL.Query()
	out, err := l.takeOne(r, site, strings.TrimSpace(q.Get("name")), r.Body, q.Get("anyway") != "", editionOf(site, q.Get("lang")).Lang)
	if err != nil {
		return err
	}
	return r.JSON(w, out)
}

// takeForm takes the files of a form, as they come.
func (l *Library) takeForm(w http.ResponseWriter, r *desk.Request, site edition.Site, form *multipart.Reader) error {
	var last int64
	n := 0
	var refused []string
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fault.New(fault.Invalid, "a form that breaks off: %w", err)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		out, err := l.takeOne(r, site, part.FileName(), part, true, r.L.Tag())
		if err != nil {
			text, ok := r.L.Say(err)
			if !ok {
				return err
			}
			refused = append(refused, part.FileName()+": "+text)
			continue
		}
		last, n = out.ID, n+1
	}
	switch {
	case len(refused) > 0 || n == 0:
		if n == 0 && len(refused) == 0 {
			refused = []string{r.T("pictures.wrong.none")}
		}
		data, err := l.listed(r)
		if err != nil {
			return err
		}
		data.Wrong = refused
		return r.Again(w, l.listPage(r, data), lang.Wrong("pictures.refused", "n", len(refused)))
	case n == 1:
		return r.Go(w, media.PageAt(last), "pictures.taken", "n", n)
	}
	return r.Go(w, media.DeskPath, "pictures.taken", "n", n)
}

// takeOne takes a file, unless it is here already. anyway has it kept although it
// looks like another.
func (l *Library) takeOne(r *desk.Request, site edition.Site, name string, in io.Reader, anyway bool, tag string) (taken, error) {
	ctx := r.Context()
	if name == "" || len(name) > 300 {
		return taken{}, wrong("file_name")
	}
	shown := func(m media.Media) media.Shown { return m.Shown(l.Now().In(r.Zone), tag, site.Langs()...) }
	var look media.Look
	seen := false
	m, said, err := l.Media.TakeChecked(ctx, name, in, maxUpload, func(m media.Media, f io.ReadSeeker) error {
		if m.Kind != media.Image {
			return nil
		}
		waiting, stop := context.WithTimeout(ctx, patience)
		defer stop()
		var err error
		if look, err = l.Drawer.Look(waiting, f, m.Mime); errors.Is(err, context.DeadlineExceeded) {
			return nil // the job will
		}
		seen = err == nil
		return err
	})
	if err != nil {
		return taken{}, l.refusal(name, err)
	}
	m.Colour = look.Colour
	if !anyway && look.Known {
		had, err := l.Media.BySHA256(ctx, l.DB, site.Publication.ID, m.SHA256)
		if err != nil {
			return taken{}, err
		}
		if len(had) == 0 {
			like, err := l.Media.Like(ctx, site.Publication.ID, look.Hash, 0, 4)
			if err != nil {
				return taken{}, err
			}
			if len(like) > 0 {
				out := taken{Shown: media.Shown{Name: m.FileName, Width: m.Width, Height: m.Height}}
				for _, x := range like {
					out.Like = append(out.Like, shown(x))
				}
				return out, l.Media.Drop(ctx, m)
			}
		}
	}
	known := false
	err = l.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		had, err := l.Media.BySHA256(ctx, tx, site.Publication.ID, m.SHA256)
		if err != nil {
			return err
		}
		if known = len(had) > 0; known {
			m = had[0]
			return nil
		}
		ids, err := l.Media.Put(ctx, tx, site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		m.ID, m.Said = ids[0], said
		if err := l.Media.SetSaid(ctx, tx, m.ID, said); err != nil {
			return err
		}
		if seen {
			if err := l.Media.SetLook(ctx, tx, m.ID, look); err != nil {
				return err
			}
		}
		return note(r, tx, "add", m.ID, map[string]any{"name": m.FileName})
	})
	return taken{Shown: shown(m), Known: known, Said: !m.Said.Empty()}, err
}

// refusal says why a file is not taken, in words.
func (l *Library) refusal(name string, err error) error {
	if !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Invalid) {
		return err
	}
	l.Log.Info("a file was refused", "name", name, "error", err)
	var big *http.MaxBytesError
	if f, ok := errors.AsType[*fault.Error](err); ok && strings.HasPrefix(f.Word, "pictures.wrong.") {
		return f
	}
	if fault.Is(err, fault.TooLarge) || errors.As(err, &big) {
		e := wrong("large", "n", maxUpload>>20)
		e.Kind = fault.TooLarge
		return e
	}
	return wrong("broken", "name", name)
}

func wrong(why string, args ...any) *fault.Error {
	e := lang.Wrong("pictures.wrong."+why, args...)
	e.Field = "file"
	return e
}
