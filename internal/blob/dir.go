package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"dateline/internal/fault"
)

// Dir keeps files in a folder: blobs/ab/cdef….
type Dir struct {
	root *os.Root
	now  func() time.Time
}

// staging is where files are written before they have their name.
const staging = "tmp"

// abandoned is the age at which a file in staging belongs to nobody alive.
const abandoned = 24 * time.Hour

// OpenDir opens the store in dir/blobs, which is made where it is not there,
// and removes what killed processes left half written.
func OpenDir(dir string, now func() time.Time) (*Dir, error) {
	if err := os.MkdirAll(dir+"/blobs/"+staging, 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "opening the file store: %w", err)
	}
	root, err := os.OpenRoot(dir + "/blobs")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "opening the file store: %w", err)
	}
	d := &Dir{root: root, now: now}
	if err := d.sweep(); err != nil {
		root.Close()
		return nil, err
	}
	return d, nil
}

// Close closes the folder.
func (d *Dir) Close() error { return d.root.Close() }

func (d *Dir) sweep() error {
	f, err := d.root.Open(staging)
	if err != nil {
		return fault.New(fault.Unavailable, "opening the file store: %w", err)
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return fault.New(fault.Unavailable, "reading the file store: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && d.now().Sub(info.ModTime()) > abandoned {
			// Another process may have been faster; the next start tries again.
			_ = d.root.Remove(path.Join(staging, e.Name()))
		}
	}
	return nil
}

func place(key string) string { return key[:2] + "/" + key[2:] }

// Add implements Store.
func (d *Dir) Add(ctx context.Context, r io.Reader, check func(io.ReadSeeker) error) (string, int64, error) {
	return d.add(ctx, r, func(f io.ReadSeeker, _ string) error {
		if check == nil {
			return nil
		}
		return check(f)
	})
}

// Put implements Store.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader) error {
	if !valid(key) {
		return fault.New(fault.Invalid, "%q is no key of the file store", key)
	}
	_, _, err := d.add(ctx, r, func(_ io.ReadSeeker, sum string) error {
		if sum != key {
			return fault.New(fault.Invalid, "a file was to be %s and is %s", key, sum)
		}
		return nil
	})
	return err
}

func (d *Dir) add(ctx context.Context, r io.Reader, check func(f io.ReadSeeker, sum string) error) (string, int64, error) {
	name := path.Join(staging, strings.ToLower(rand.Text()))
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", 0, fault.New(fault.Unavailable, "storing a file: %w", err)
	}
	kept := false
	defer func() {
		f.Close()
		if !kept {
			_ = d.root.Remove(name) // else sweep finds it
		}
	}()
	sum := sha256.New()
	w := &writer{f: f}
	size, err := io.Copy(io.MultiWriter(w, sum), reader{ctx, r})
	if w.err != nil {
		return "", 0, fault.New(fault.Unavailable, "storing a file: %w", w.err)
	}
	if err != nil {
		return "", 0, err // the source's own, with its own kind
	}
	key := hex.EncodeToString(sum.Sum(nil))
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, fault.New(fault.Unavailable, "storing a file: %w", err)
	}
	if err := check(f, key); err != nil {
		return "", 0, err
	}
	if has, err := d.Has(ctx, key); err != nil || has {
		return key, size, err
	}
	if err := d.settle(f, name, key); err != nil {
		return "", 0, fault.New(fault.Unavailable, "storing a file: %w", err)
	}
	kept = true
	return key, size, nil
}

// settle gives a written file its name. Without the first sync the name could
// outlive a power cut that the content does not; without the last the name
// itself may be lost.
func (d *Dir) settle(f *os.File, name, key string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	err := d.root.Mkdir(key[:2], 0o700)
	made := err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.root.Rename(name, place(key)); err != nil {
		return err
	}
	if err := d.syncDir(key[:2]); err != nil {
		return err
	}
	if made {
		return d.syncDir(".")
	}
	return nil
}

func (d *Dir) syncDir(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Get implements Store.
func (d *Dir) Get(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	if !valid(key) {
		return nil, fault.New(fault.NotFound, "%q is no key of the file store", key)
	}
	f, err := d.root.Open(place(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no file %s: %w", key, err)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "opening file %s: %w", key, err)
	}
	return f, nil
}

// Has implements Store.
func (d *Dir) Has(ctx context.Context, key string) (bool, error) {
	if !valid(key) {
		return false, nil
	}
	_, err := d.root.Stat(place(key))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fault.New(fault.Unavailable, "looking for file %s: %w", key, err)
	}
	return true, nil
}

// Delete implements Store.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if !valid(key) {
		return nil
	}
	if err := d.root.Remove(place(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "deleting file %s: %w", key, err)
	}
	return nil
}

// writer remembers its own error, to tell a full disk from a source that broke.
type writer struct {
	f   *os.File
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

// reader stops when its context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
