package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/media"
)

// files are the pictures and files of the old site that we have.
type files struct {
	opener Uploads
	export Source

	mu   sync.RWMutex
	of   map[int64]int64 // attachment → media
	text map[int64]article.MediaRef

	taking sync.Mutex       // of what follows, and while one is taken
	ofPath map[string]int64 // file that no attachment names → media; 0: of no use
	shown  map[string]bool  // in this run
	led    map[string]bool  // in this run, those in leads
	leads  []led            // old addresses of those, one each
}

// takeFiles stores the attachments whose files are there. It comes before the
// articles, because texts refer to files that stand later in the export.
func (r *run) takeFiles(ctx context.Context) error {
	r.files = &files{opener: r.opt.Uploads, export: r.export, of: map[int64]int64{}, text: map[int64]article.MediaRef{},
		ofPath: map[string]int64{}, shown: map[string]bool{}, led: map[string]bool{}}
	have, err := allKnown(ctx, r.DB, r.source, "attachment")
	if err != nil {
		return err
	}
	for key, k := range have {
		if id, err := strconv.ParseInt(key, 10, 64); err == nil {
			r.files.of[id] = k.ref
		}
		r.files.recallPath(key, k.ref)
	}
	if err := r.recallFiles(ctx, have); err != nil {
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

// recallFiles reads what an earlier run stored.
func (r *run) recallFiles(ctx context.Context, have map[string]known) error {
	var ids []int64
	for _, k := range have {
		ids = append(ids, k.ref)
	}
	for len(ids) > 0 {
		n := min(len(ids), 500)
		found, err := r.Media.ByIDs(ctx, ids[:n])
		if err != nil {
			return err
		}
		for id, m := range found {
			t := m.Texts[r.def.Lang]
			r.files.text[id] = article.MediaRef{ID: id, SHA256: m.SHA256, Caption: t.Caption, Credit: t.Credit, Alt: t.Alt}
		}
		ids = ids[n:]
	}
	return nil
}

// takeFile stores one attachment. A file that is missing or no use is a line
// of the report, not the end of the import.
func (r *run) takeFile(ctx context.Context, it *Item) error {
	up := it.Upload
	if up.Path == "" {
		r.about(it, LevelLeft, "its file's place below the uploads directory is not known: %s", up.URL)
		return nil
	}
	f, err := r.opt.Uploads(up.Path)
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
	text := media.Text{Title: it.Title, Caption: cmp.Or(up.Caption, it.Standfirst), Alt: up.Alt, Credit: up.Credit}
	m.Texts = map[string]media.Text{r.def.Lang: text}
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
			r.files.text[id] = article.MediaRef{ID: id, SHA256: m.SHA256, Caption: text.Caption, Credit: text.Credit, Alt: text.Alt}
			r.report.Taken.Media++
		})
		return remember(ctx, tx, r.source, "attachment", []known{{key: fmt.Sprint(it.ID), ref: id}})
	})
}

func (f *files) byAttachment(id int64) (int64, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	m, ok := f.of[id]
	return m, ok && id != 0
}

func (f *files) printed(id int64) article.MediaRef {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.text[id]
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
