package encoder

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline/internal/fault"
	"dateline/internal/rendition"
)

func drawing(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fake puts a shell script in the place of cwebp.
func fake(t *testing.T, script string) *Programs {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "cwebp"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	p := Find(t.TempDir())
	p.known = p.known[len(p.known)-1:] // a real avifenc may be there
	if p.known[0].path != filepath.Join(bin, "cwebp") {
		t.Fatalf("found %+v", p.known)
	}
	return p
}

func empty(t *testing.T, p *Programs) {
	t.Helper()
	left, err := os.ReadDir(p.dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestEncode(t *testing.T) {
	t.Setenv("SECRET_OF_OURS", "password")
	p := fake(t, `test -z "$SECRET_OF_OURS" || exit 3
test "$(ls)" = in.png || exit 4
printf 'RIFF....WEBP' > out; cat in.png >> out`)
	in := drawing(t)
	out, err := p.Encode(t.Context(), rendition.WebP, in)
	if err != nil || string(out) != "RIFF....WEBP"+string(in) {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	empty(t, p)
	if _, err := p.Encode(t.Context(), rendition.JPEG, in); !fault.Is(err, fault.Invalid) {
		t.Errorf("a format that nothing makes: %v", err)
	}
}

func TestEncodersFail(t *testing.T) {
	for name, c := range map[string]struct{ script, says string }{
		"refuses":      {`echo "no such colour" >&2; exit 7`, "no such colour"},
		"makes none":   {`echo done`, "made nothing"},
		"makes empty":  {`: > out`, "0 bytes"},
		"makes other":  {`echo '<svg onload=alert(1)>' > out`, "no webp"},
		"hangs":        {`sleep 60`, "not ready"},
		"spins":        {`while :; do :; done`, "not ready"},
		"eats memory":  {`a=aaaaaaaaaaaaaaaa; while :; do a="$a$a"; done`, "memory"},
		"talks a lot":  {`i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done; exit 1`, "line 2999"},
		"kills itself": {`kill -SEGV $$`, "segmentation"},
	} {
		t.Run(name, func(t *testing.T) {
			p := fake(t, c.script)
			p.limit = 3 * time.Second
			if strings.Contains(c.says, "not ready") {
				p.limit = 200 * time.Millisecond
			}
			if c.says == "memory" { // that limit is to be met, not the other
				p.limit = MaxTime
			}
			began := time.Now()
			out, err := p.Encode(t.Context(), rendition.WebP, drawing(t))
			if err == nil || !strings.Contains(err.Error(), c.says) || !fault.Is(err, fault.Internal) || len(err.Error()) > 1000 {
				t.Errorf("%d bytes, %v", len(out), err)
			}
			if d := time.Since(began); d > 2*MaxTime {
				t.Errorf("took %v", d)
			}
			empty(t, p)
		})
	}
}

// What a program has started ends with it.
func TestNothingSurvives(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	p := fake(t, "sleep 600 & echo $! > "+note+"; wait")
	p.limit = 500 * time.Millisecond
	if _, err := p.Encode(t.Context(), rendition.WebP, drawing(t)); err == nil {
		t.Fatal("it made something")
	}
	b, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	// A killed process may stay in the table until it is collected, but not alive.
	state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err == nil && !strings.Contains(string(state), ") Z ") {
		t.Errorf("it lives on: %s", state)
	}
}

func TestStopped(t *testing.T) {
	p := fake(t, `sleep 60`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Encode(ctx, rendition.WebP, drawing(t)); err == nil || fault.KindOf(err) == fault.Invalid {
		t.Error(err)
	}
	empty(t, p)
}

// With the real programs there, what they make of a picture is what we say.
func TestReal(t *testing.T) {
	p := Find(t.TempDir())
	for _, f := range p.Formats() {
		out, err := p.Encode(t.Context(), f, drawing(t))
		if err != nil || len(out) < 20 {
			t.Errorf("%s: %d bytes, %v", f, len(out), err)
		}
	}
	if none := (*Programs)(nil).Formats(); none != nil {
		t.Errorf("no programs make %v", none)
	}
}
