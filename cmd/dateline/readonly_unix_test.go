//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/internal/lang"
)

// TestMain lets this program be dateline itself, for tests that need a process
// of another user.
func TestMain(m *testing.M) {
	if os.Getenv("DATELINE_TEST_RUN") != "" {
		os.Unsetenv("DATELINE_TEST_RUN")
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// nobody is somebody whom the rights of files hold, where we are root.
const nobody = 65534

// other is dateline, run by somebody whom the rights of files hold.
func other(t *testing.T, program string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append([]string{"DATELINE_TEST_RUN=1"}, env...)
	cmd.Dir = "/"
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// TestReadOnly: with a database file, and with a data folder, that may not be
// written to, the site is served, and doctor, the log and /-/ready say what is
// wrong and what to do.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // the test's own folder lets nobody else in
		t.Fatal(err)
	}
	program := filepath.Join(dir, "dateline")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, raw, 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.CopyFS(data, os.DirFS(newsroom(t, true))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "secret"), []byte(strings.Repeat("A", 43)+"=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rights := func(folder, file fs.FileMode) {
		t.Helper()
		err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
			if err == nil && os.Getuid() == 0 {
				err = os.Chown(path, nobody, nobody)
			}
			if err != nil {
				return err
			}
			if d.IsDir() {
				return os.Chmod(path, folder)
			}
			return os.Chmod(path, file)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { rights(0o755, 0o644) })
	for _, c := range []struct {
		name         string
		folder, file fs.FileMode
	}{{"the file", 0o755, 0o400}, {"the folder", 0o555, 0o400}} {
		t.Run(c.name, func(t *testing.T) {
			rights(c.folder, c.file)
			for tag, locale := range map[string]string{"en": "C", "ru": "ru_RU.UTF-8", "kk": "kk_KZ.UTF-8"} {
				report, err := other(t, program, []string{"LC_ALL=" + locale}, "doctor", "--data", data, "--base-url", "https://lamp.example").CombinedOutput()
				if why := lang.Of(tag).T("database.no_rights"); err == nil || !strings.Contains(string(report), why) {
					t.Errorf("%s: doctor says (%v):\n%s", tag, err, report)
				}
			}
			served(t, program, data)
		})
	}
}

// served starts the site and asks it.
func served(t *testing.T, program, data string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	var log strings.Builder
	cmd := other(t, program, nil, "serve", "--addr", address, "--data", data)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	get := func(path string) (int, string) {
		r, err := http.Get("http://" + address + path)
		if err != nil {
			return 0, ""
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(b)
	}
	up := false
	for tick := time.Tick(50 * time.Millisecond); !up; {
		select {
		case err := <-ended:
			t.Fatalf("the site is not served (%v): %s", err, &log)
		case <-tick:
			code, _ := get("/-/live")
			up = code == 200
		}
	}
	for _, path := range []string{"/", "/ru/", "/2026/", "/search?q=bridge"} {
		if path == "/2026/" {
			path = fmt.Sprint("/", time.Now().Year(), "/")
		}
		if code, _ := get(path); code != 200 {
			t.Errorf("%s answers %d", path, code)
		}
	}
	if code, text := get("/-/ready?lang=kk"); code != 200 || text != "read-only\n"+lang.Of("kk").T("database.no_rights")+"\n" {
		t.Errorf("ready answers %d %q", code, text)
	}
	if r, err := http.NewRequestWithContext(context.Background(), "POST", "http://"+address+"/-/views/1", nil); err == nil {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		if a, err := http.DefaultClient.Do(r); err != nil || a.StatusCode != 503 {
			t.Errorf("a read is answered %v (%v)", a, err)
		}
	}
	_ = cmd.Process.Signal(os.Interrupt)
	<-ended
	if said := log.String(); !strings.Contains(said, "level=WARN msg=\"readers are served, but nothing can be stored\"") {
		t.Errorf("the log does not say so: %s", said)
	}
}
