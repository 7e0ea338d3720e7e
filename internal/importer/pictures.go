package importer

import (
	"context"
	"errors"
	"io/fs"

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
	if n, ok := f.ofPath[path]; ok {
		f.lead(path, r.fileKey(raw))
		return n.media, n.media != 0
	}
	id, err := r.recallNamed(ctx, path)
	if err != nil {
		j.err = err
		return 0, false
	}
	if id == 0 && f.opener != nil {
		id, err = r.takeNamed(ctx, path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		j.found = append(j.found, r.foundNote(j, "a file that its text shows or links to is not among the uploads; it stays a link: "+path))
	case err != nil && !fault.Is(err, fault.Unavailable) && ctx.Err() == nil:
		j.found = append(j.found, r.foundNote(j, "a file that its text shows or links to is of no use to us; it stays a link: "+path))
	case err != nil:
		return 0, false
	}
	if len(f.ofPath) < maxNamed {
		f.ofPath[path] = namedFile{media: id}
		f.lead(path, r.fileKey(raw))
	}
	return id, id != 0
}

// recallNamed finds such a file that an earlier run took.
func (r *run) recallNamed(ctx context.Context, path string) (int64, error) {
	if !r.files.knewNamed {
		return 0, nil
	}
	key := pathPrefix + path
	found, err := knownItems(ctx, r.DB, r.source, "attachment", []string{key})
	return found[key].ref, err
}

// namedFile is a file that no attachment names: its medium, 0 if it is of no
// use, and whether its address is in leads.
type namedFile struct {
	media int64
	led   bool
}

// lead notes the old address of such a file, once.
func (f *files) lead(path, key string) {
	if n := f.ofPath[path]; key != "" && n.media != 0 && !n.led {
		f.leads = append(f.leads, led{key, n.media})
		f.ofPath[path] = namedFile{n.media, true}
	}
}

// maxNamed bounds what is remembered of such files.
const maxNamed = 100_000

func (r *run) foundNote(j *job, why string) Note {
	return Note{Level: LevelChanged, Kind: string(j.item.Kind), Item: sourceID(&j.item), File: j.item.File, Line: j.item.Line, Why: why}
}

func (r *run) takeNamed(ctx context.Context, path string) (int64, error) {
	in, err := r.openUpload(path, "")
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
	return id, err
}

// pathPrefix stands before the path of a file that no attachment names, among
// the keys of attachments, which are numbers.
const pathPrefix = "path:"

// namedMedia counts the files that texts showed in this run.
func (f *files) namedMedia() int {
	n := 0
	for _, x := range f.ofPath {
		if x.media != 0 {
			n++
		}
	}
	return n
}
