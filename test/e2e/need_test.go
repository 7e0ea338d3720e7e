//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A test that cannot run fails: nothing here is optional.

func chromium(t testing.TB) string {
	t.Helper()
	if p := os.Getenv("DATELINE_TEST_CHROMIUM"); p != "" {
		return p
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Fatal("no Chromium here: run `make test`, or set DATELINE_TEST_CHROMIUM")
	return ""
}

// npm returns a file of a package that tools/testenv/install.sh has installed.
func npm(t testing.TB, name string) string {
	t.Helper()
	p, err := filepath.Abs(filepath.Join("node_modules", name))
	if err == nil {
		_, err = os.Stat(p)
	}
	if err != nil {
		t.Fatalf("%v: run tools/testenv/install.sh", err)
	}
	return p
}
