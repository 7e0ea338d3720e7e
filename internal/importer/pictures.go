package importer

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/media"
)

// image finds the medium that a text shows: an attachment's, else a file of
// the old site's uploads that no attachment names. It runs in parallel.
func (r *run) image(ctx context.Context, j *job, src string, attrs map[string]string) (int64, bool) {
	src = r.export.Original(src)
	if id, ok := r.files.image(src, attrs); ok {
		return id, true
	}
	path := r.export.Upload(src)
	if path == "" {
		return 0, false
	}
	return r.named(ctx, j, path, src)
}

// named takes a file by its path below the uploads, once; raw is its address.
func (r *run) named(ctx context.Context, j *job, path, raw string) (int64, bool) {
	if j.earlier {
		return 0, false
	}
	f := r.files
	f.taking.Lock()
	defer f.taking.Unlock()
	if id, ok := f.ofPath[path]; ok {
		if id != 0 {
			f.shown[path] = true
			f.lead(path, r.fileKey(raw), id)
		}
		return id, id != 0
	}
	if f.opener == nil {
		return 0, false
	}
	id, err := r.takeNamed(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		j.found = append(j.found, r.foundNote(j, "a file that its text shows or links to is not among the uploads; it stays a link: "+path))
	case err != nil && !fault.Is(err, fault.Unavailable) && ctx.Err() == nil:
		j.found = append(j.found, r.foundNote(j, "a file that its text shows or links to is of no use to us; it stays a link: "+path))
	case err != nil:
		return 0, false
	}
	if len(f.ofPath) < maxNamed {
		f.ofPath[path] = id
		f.shown[path] = id != 0
		if id != 0 {
			f.lead(path, r.fileKey(raw), id)
		}
	}
	return id, id != 0
}

// lead notes the old address of such a file, once.
func (f *files) lead(path, key string, id int64) {
	if key != "" && !f.led[path] {
		f.led[path] = true
		f.leads = append(f.leads, led{key, id})
	}
}

// maxNamed bounds what is remembered of such files.
const maxNamed = 100_000

func (r *run) foundNote(j *job, why string) Note {
	return Note{Level: LevelChanged, Kind: string(j.item.Kind), Item: sourceID(&j.item), File: j.item.File, Line: j.item.Line, Why: why}
}

func (r *run) takeNamed(ctx context.Context, path string) (int64, error) {
	in, err := r.opt.Uploads(path)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	m, err := r.Media.Take(ctx, path, in, 0)
	if err != nil {
		return 0, err
	}
	m.Texts = map[string]media.Text{r.def.Lang: {}}
	var id int64
	err = r.DB.Tx(ctx, db.Import, func(tx *db.Tx) error {
		ids, err := r.Media.Put(ctx, tx, r.site.Publication.ID, []media.Media{m})
		if err != nil {
			return err
		}
		id = ids[0]
		return remember(ctx, tx, r.source, "attachment", []known{{key: pathPrefix + path, ref: id}})
	})
	if err != nil {
		return 0, err
	}
	r.files.mu.Lock()
	r.files.text[id] = article.MediaRef{ID: id, SHA256: m.SHA256}
	r.files.mu.Unlock()
	return id, nil
}

// pathPrefix stands before the path of a file that no attachment names, among
// the keys of attachments, which are numbers.
const pathPrefix = "path:"

// namedMedia counts the files that texts showed in this run.
func (f *files) namedMedia() int {
	n := 0
	for _, shown := range f.shown {
		if shown {
			n++
		}
	}
	return n
}

func (f *files) recallPath(key string, id int64) {
	if path, ok := strings.CutPrefix(key, pathPrefix); ok {
		f.ofPath[path] = id
	}
}
