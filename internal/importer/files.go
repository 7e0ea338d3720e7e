package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/media"
)

// files are the pictures and files of the old site that we have.
type files struct {
	opener Uploads
	export Source

	mu sync.RWMutex
	of map[int64]int64 // attachment → media
	// late is what is printed of media that texts showed of late. All of it is
	// in the database, and more than memory should hold.
	late map[int64]words

	taking    sync.Mutex           // of what follows, and while one is taken
	ofPath    map[string]namedFile // files that no attachment names and texts of this run do
	leads     []led                // old addresses of those, one each
	knewNamed bool                 // earlier runs took some
}

// words are what texts print of a medium: those of the default edition, and
// those by language where it has several.
type words struct {
	ref  article.MediaRef
	also map[string]media.Text
}

// maxLate bounds late.
const maxLate = 2000

// takeFiles stores the attachments whose files are there. It comes before the
// articles, because texts refer to files that stand later in the export.
func (r *run) takeFiles(ctx context.Context) error {
	r.files = &files{opener: r.opt.Uploads, export: r.export, of: map[int64]int64{}, late: map[int64]words{}, ofPath: map[string]namedFile{}}
	err := eachKnown(ctx, r.DB, r.source, "attachment", func(page []known) error {
		for _, k := range page {
			if id, err := strconv.ParseInt(k.key, 10, 64); err == nil {
				r.files.of[id] = k.ref
			} else if strings.HasPrefix(k.key, pathPrefix) {
				r.files.knewNamed = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.opt.Uploads == nil {
		return nil
	}
	var leads []led
	err = r.export.Each(func(it Item) error {
		if it.Kind != Attachment || it.Upload == nil {
			return nil
		}
		if _, ok := r.files.of[it.ID]; ok {
			r.report.Taken.Media++
		} else if err := r.takeFile(ctx, &it); err != nil {
			return err
		}
		m, ok := r.files.of[it.ID]
		if key := r.fileKey(it.Upload.URL); ok && key != "" {
			leads = append(leads, led{key, m})
		}
		if len(leads) < maxBatch {
			return nil
		}
		full := leads
		leads = nil
		return r.leadFiles(ctx, full)
	})
	if lerr := r.leadFiles(context.WithoutCancel(ctx), leads); err == nil {
		err = lerr
	}
	if err != nil && ctx.Err() == nil && (fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge)) {
		return nil // the export breaks off; the second reading says so after storing what came before
	}
	return err
}

// takeFile stores one attachment. A file that is missing or no use is a line
// of the report, not the end of the import.
func (r *run) takeFile(ctx context.Context, it *Item) error {
	up := it.Upload
	if up.Path == "" {
		r.about(it, LevelLeft, "its file's place below the uploads directory is not known: %s", up.URL)
		return nil
	}
	f, err := r.openUpload(up.Path, r.export.Upload(up.URL))
	if err != nil {
		why := "cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			why = "is missing"
		}
		r.about(it, LevelError, "its file %s: %s", why, up.Path)
		return nil
	}
	defer f.Close()
	m, err := r.Media.Take(ctx, up.Path, f, 0)
	if err != nil {
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return err
		}
		r.about(it, LevelError, "its file is of no use to us: %s: %v", up.Path, err)
		return nil
	}
	m.SourceURL = up.URL
	m.Rights = up.Rights
	m.Texts = r.fileTexts(it)
	return r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		ids, err := r.Media.Put(ctx, tx, r.site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		id := ids[0]
		tx.After(func() {
			r.files.mu.Lock()
			defer r.files.mu.Unlock()
			r.files.of[it.ID] = id
			r.report.Taken.Media++
		})
		return remember(ctx, tx, r.source, "attachment", []known{{key: fmt.Sprint(it.ID), ref: id}})
	})
}

// subsite is the folder of one site of a network below the uploads.
var subsite = regexp.MustCompile(`^sites/\d+/`)

// openUpload opens a file of the old site by its path below the uploads, which
// may be those of a whole network or of one of its sites. One with the number
// of the site in its address is looked for there first: another site may have
// a file of the same name. A Mac writes letters apart that the web writes as
// one ("й"), and folders copied there have such names.
func (r *run) openUpload(path, byURL string) (io.ReadCloser, error) {
	list := []string{path}
	if subsite.MatchString(byURL) && byURL != path {
		list = []string{byURL, path}
	}
	if alone := subsite.ReplaceAllString(path, ""); alone != path {
		list = append(list, alone)
	}
	var first error
	for _, p := range list {
		names := []string{p}
		for _, name := range []string{norm.NFC.String(p), norm.NFD.String(p)} {
			if name != p {
				names = append(names, name)
			}
		}
		for _, name := range names {
			f, err := r.opt.Uploads(name)
			if err == nil || !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
			first = cmp.Or(first, err)
		}
	}
	return nil, first
}

// fileTexts are an attachment's words by language.
func (r *run) fileTexts(it *Item) map[string]media.Text {
	up := it.Upload
	text := media.Text{Title: it.Title, Caption: cmp.Or(up.Caption, it.Standfirst), Alt: up.Alt, Credit: up.Credit}
	out := map[string]media.Text{}
	for _, words := range []map[string]string{up.Captions, up.Alts} {
		for l := range words {
			if ed, ok := r.site.ByLang(primary(l)); ok {
				out[ed.Lang] = media.Text{Title: text.Title, Credit: text.Credit,
					Caption: in(up.Captions, l, text.Caption), Alt: in(up.Alts, l, text.Alt)}
			}
		}
	}
	if len(out) == 0 {
		lang := cmp.Or(primary(up.Lang), r.def.Lang)
		if ed, ok := r.inLang(up.Lang); ok {
			lang = ed.Lang
		}
		out[lang] = text
	}
	return out
}

// in are words in a language; those that are not told apart are in every one.
func in(words map[string]string, lang, all string) string {
	if words == nil {
		return all
	}
	return words[lang]
}

func (f *files) byAttachment(id int64) (int64, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	m, ok := f.of[id]
	return m, ok && id != 0
}

// printed is what an edition prints of media.
func (r *run) printed(ctx context.Context, ids []int64, lang string) ([]article.MediaRef, error) {
	f := r.files
	have := make(map[int64]words, len(ids))
	var missing []int64
	f.mu.RLock()
	for _, id := range ids {
		if w, ok := f.late[id]; ok {
			have[id] = w
		} else {
			missing = append(missing, id)
		}
	}
	f.mu.RUnlock()
	if len(missing) > 0 {
		found, err := r.Media.ByIDs(ctx, missing)
		if err != nil {
			return nil, err
		}
		f.mu.Lock()
		if len(f.late) > maxLate {
			clear(f.late)
		}
		for id, m := range found {
			t := m.Text(r.def.Lang)
			w := words{ref: article.MediaRef{ID: id, SHA256: m.SHA256, Caption: t.Caption, Credit: t.Credit, Alt: t.Alt}}
			if len(m.Texts) > 1 {
				w.also = m.Texts
			}
			f.late[id], have[id] = w, w
		}
		f.mu.Unlock()
	}
	out := make([]article.MediaRef, len(ids))
	for i, id := range ids {
		w := have[id]
		if out[i] = w.ref; w.also != nil {
			if t, ok := w.also[lang]; ok {
				out[i].Caption, out[i].Credit, out[i].Alt = t.Caption, t.Credit, t.Alt
			}
		}
	}
	return out, nil
}

// image finds the picture that an <img> means: by the number that the old
// editor wrote into its class, else by its address.
func (f *files) image(src string, attrs map[string]string) (int64, bool) {
	for _, class := range strings.Fields(attrs["class"]) {
		if n, ok := strings.CutPrefix(class, "wp-image-"); ok {
			if id, err := strconv.ParseInt(n, 10, 64); err == nil {
				if m, ok := f.byAttachment(id); ok {
					return m, true
				}
			}
		}
	}
	if id, ok := f.export.FileByURL(src); ok {
		return f.byAttachment(id)
	}
	return 0, false
}
