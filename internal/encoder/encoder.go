package encoder

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"dateline/internal/fault"
	"dateline/internal/rendition"
)

// Limits of one run. An AVIF of 1920 × 1280 pixels takes avifenc about two
// seconds of a core and 150 MB; memory is counted as address space.
const (
	MaxTime   = 20 * time.Second
	maxCPU    = 20      // seconds
	maxMemory = 1 << 20 // KiB
	maxOutput = 32 << 20
)

// Programs are the encoders that were found.
type Programs struct {
	dir   string
	limit time.Duration
	known []program
}

// program is an encoder: it reads in.png and writes out.
type program struct {
	format rendition.Format
	path   string
	args   []string
}

// all are the programs that we know, the best first. Quality is that at which
// our JPEGs stand, seen from where one reads.
var all = []program{
	{rendition.AVIF, "avifenc", []string{"-j", "1", "-s", "7", "-y", "420", "--min", "0", "--max", "63", "-a", "end-usage=q", "-a", "cq-level=26", "in.png", "out"}},
	{rendition.WebP, "cwebp", []string{"-quiet", "-q", "78", "-m", "4", "-metadata", "icc", "in.png", "-o", "out"}},
}

// Find looks for the programs on the PATH. dir is where they get folders to
// work in; it must exist.
func Find(dir string) *Programs {
	p := &Programs{dir: dir, limit: MaxTime}
	for _, x := range all {
		path, err := exec.LookPath(x.path)
		if err != nil {
			continue // it is not there, or only in the present folder
		}
		if x.path, err = filepath.Abs(path); err == nil {
			p.known = append(p.known, x)
		}
	}
	return p
}

// Formats are what can be made, the best first. p may be nil.
func (p *Programs) Formats() []rendition.Format {
	if p == nil {
		return nil
	}
	var out []rendition.Format
	for _, x := range p.known {
		out = append(out, x.format)
	}
	return out
}

// Encode codes a PNG. Faults: Invalid for a format that nothing makes,
// Internal for an encoder that failed or took too long.
func (p *Programs) Encode(ctx context.Context, f rendition.Format, png []byte) ([]byte, error) {
	for _, x := range p.known {
		if x.format == f {
			return p.run(ctx, x, png)
		}
	}
	return nil, fault.New(fault.Invalid, "nothing here makes %s", f)
}

func (p *Programs) run(ctx context.Context, x program, png []byte) ([]byte, error) {
	dir, err := os.MkdirTemp(p.dir, "encode-")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "a folder for %s: %w", x.path, err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "in.png"), png, 0o600); err != nil {
		return nil, fault.New(fault.Unavailable, "a file for %s: %w", x.path, err)
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	cmd := limited(ctx, x)
	cmd.Dir, cmd.Env = dir, []string{"TMPDIR=" + dir, "LC_ALL=C"}
	said := &tail{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			if errors.Is(context.Cause(ctx), context.Canceled) {
				return nil, ctx.Err()
			}
			return nil, fault.New(fault.Internal, "%s was not ready after %v", x.path, p.limit)
		}
		return nil, fault.New(fault.Internal, "%s: %w: %s", x.path, err, bytes.TrimSpace(said.b))
	}
	f, err := os.Open(filepath.Join(dir, "out"))
	if err != nil {
		return nil, fault.New(fault.Internal, "%s made nothing: %w: %s", x.path, err, bytes.TrimSpace(said.b))
	}
	defer f.Close()
	out, err := io.ReadAll(io.LimitReader(f, maxOutput+1))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "what %s made: %w", x.path, err)
	}
	if len(out) == 0 || len(out) > maxOutput || !is(x.format, out) {
		return nil, fault.New(fault.Internal, "%s made %d bytes that are no %s", x.path, len(out), x.format)
	}
	return out, nil
}

// limited has the shell set the limits and become the program: they cannot be
// set from here between the two halves of starting it. The arguments are ours
// and reach the script as such. A system whose shell knows no limit of memory
// sets none.
func limited(ctx context.Context, x program) *exec.Cmd {
	const script = `ulimit -c 0 2>/dev/null; ulimit -t "$1" 2>/dev/null; ulimit -v "$2" 2>/dev/null; shift 2; exec nice -n 10 "$@"`
	args := append([]string{"-c", script, "limited", strconv.Itoa(maxCPU), strconv.Itoa(maxMemory), x.path}, x.args...)
	cmd := exec.CommandContext(ctx, "/bin/sh", args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that nothing it started survives it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}

// is reports whether bytes begin as a format does.
func is(f rendition.Format, b []byte) bool {
	switch f {
	case rendition.AVIF:
		return len(b) > 12 && string(b[4:8]) == "ftyp" && bytes.Contains(b[8:min(len(b), 64)], []byte("avif"))
	case rendition.WebP:
		return len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP"
	}
	return false
}

// tail keeps the end of what a program says.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) > 400 {
		t.b = append(t.b[:0:0], t.b[len(t.b)-400:]...)
	}
	return len(p), nil
}
