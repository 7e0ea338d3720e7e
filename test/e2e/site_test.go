//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// The demo is started once for all tests of the package.
var demo struct {
	once sync.Once
	url  string
	err  error
	stop func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowsers()
	if demo.stop != nil {
		demo.stop()
	}
	if still.stop != nil {
		still.stop()
	}
	os.Exit(code)
}

// site returns the address of the running demo, without a slash at the end.
func site(t testing.TB) string {
	t.Helper()
	demo.once.Do(func() {
		if demo.url = strings.TrimSuffix(os.Getenv("DATELINE_SITE"), "/"); demo.url == "" {
			demo.url, demo.stop, demo.err = startDemo()
		}
	})
	if demo.err != nil {
		t.Fatalf("the demo: %v", demo.err)
	}
	return demo.url
}

var printed = regexp.MustCompile(`https?://[^\s"'<>]+`)

func startDemo() (address string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "dateline-e2e")
	if err != nil {
		return "", nil, err
	}
	var end []func()
	stop = func() {
		for i := len(end) - 1; i >= 0; i-- {
			end[i]()
		}
	}
	end = append(end, func() { os.RemoveAll(dir) })
	fail := func(err error) (string, func(), error) { stop(); return "", nil, err }

	binary := filepath.Join(dir, "dateline")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/dateline")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fail(fmt.Errorf("go build: %w\n%s", err, out))
	}
	port, err := freePort()
	if err != nil {
		return fail(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	end = append(end, cancel)
	cmd := exec.CommandContext(ctx, binary, "demo", "--addr", fmt.Sprintf("localhost:%d", port), "--data", filepath.Join(dir, "data"))
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "DATELINE_") { // the demo's own settings, nobody else's
			cmd.Env = append(cmd.Env, e)
		}
	}
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fail(err)
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return fail(err)
	}
	end = append(end, func() { cancel(); _ = cmd.Wait() }) // first of all

	found := make(chan string, 1)
	go func() {
		defer close(found)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if u := printed.FindString(lines.Text()); u != "" {
				found <- strings.TrimRight(u, "/.,")
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case address = <-found:
	case <-time.After(time.Minute):
	}
	if address == "" {
		stop()
		return "", nil, fmt.Errorf("printed no address; on stderr: %s", said.String())
	}
	if err := ready(address); err != nil {
		return fail(err)
	}
	fmt.Printf("the first page of the demo came after %v\n", time.Since(started).Round(time.Millisecond))
	return address, stop, nil
}

// ready waits until the front page answers.
func ready(address string) error {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	late := time.After(time.Minute)
	for {
		if r, err := http.Get(address + "/"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-every.C:
		case <-late:
			return fmt.Errorf("%s/ does not answer 200", address)
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
