package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dateline/internal/fault"
)

var _ Store = (*Dir)(nil)

func open(t *testing.T, dir string) *Dir {
	t.Helper()
	d, err := OpenDir(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// files lists what stands in the folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			list = append(list, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func TestAddAndGet(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	d := open(t, dir)
	for range 2 { // the second time it is there already
		key, size, err := d.Add(ctx, iotest.OneByteReader(strings.NewReader("lamp")), func(r io.ReadSeeker) error {
			if b, err := io.ReadAll(r); err != nil || string(b) != "lamp" {
				t.Errorf("checking %q, %v", b, err)
			}
			return nil
		})
		if err != nil || key != sum("lamp") || size != 4 {
			t.Fatalf("%s %d %v", key, size, err)
		}
	}
	key := sum("lamp")
	if got := files(t, dir); len(got) != 1 || got[0] != "blobs/"+key[:2]+"/"+key[2:] {
		t.Errorf("files: %v", got)
	}
	f, err := d.Get(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "lamp" {
		t.Errorf("%q %v", b, err)
	}
	if err := d.Delete(ctx, key); err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(ctx, key); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
	if has, err := d.Has(ctx, key); has || err != nil {
		t.Errorf("has it still: %v %v", has, err)
	}
	if _, err := d.Get(ctx, key); !fault.Is(err, fault.NotFound) {
		t.Errorf("got what is gone: %v", err)
	}
}

func TestNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	broken := errors.New("broken")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, f := range map[string]func() error{
		"source": func() error {
			_, _, err := d.Add(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), nil)
			return err
		},
		"check": func() error {
			_, _, err := d.Add(t.Context(), strings.NewReader("whole"), func(io.ReadSeeker) error { return broken })
			return err
		},
		"gone":      func() error { _, _, err := d.Add(gone, strings.NewReader("whole"), nil); return err },
		"wrong key": func() error { return d.Put(t.Context(), sum("other"), strings.NewReader("whole")) },
	} {
		if err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := files(t, dir); len(got) != 0 {
			t.Errorf("%s left %v", name, got)
		}
	}
	if err := d.Put(t.Context(), sum("whole"), strings.NewReader("whole")); err != nil {
		t.Error(err)
	}
}

// A process that is killed leaves its half-written file; the next start, a day
// later, removes it, and one that another process still writes stays.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		p := filepath.Join(dir, "blobs", staging, name)
		if err := os.WriteFile(p, bytes.Repeat([]byte("x"), 10), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(p, at, at); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	if got := files(t, dir); len(got) != 1 || got[0] != "blobs/tmp/young" {
		t.Errorf("left: %v", got)
	}
}

func TestKeys(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, dir)
	for _, key := range []string{"", "../secret", "..", strings.Repeat("../", 20) + "etc", strings.ToUpper(sum("x")), sum("x") + "0", strings.Repeat("/", 64)} {
		if _, err := d.Get(ctx, key); !fault.Is(err, fault.NotFound) {
			t.Errorf("get %q: %v", key, err)
		}
		if err := d.Put(ctx, key, strings.NewReader("x")); !fault.Is(err, fault.Invalid) {
			t.Errorf("put %q: %v", key, err)
		}
		if has, err := d.Has(ctx, key); has || err != nil {
			t.Errorf("has %q: %v %v", key, has, err)
		}
		if err := d.Delete(ctx, key); err != nil {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "secret")); err != nil {
		t.Error(err)
	}
}
