//go:build bench

package bench

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// countArg makes this test binary a program that only counts, on one
// processor, for a twentieth of a second, and then does nothing for as long: it
// neither reads nor writes nor knows of a site.
const countArg = "-only-count"

func count() {
	for {
		for began := time.Now(); time.Since(began) < 50*time.Millisecond; {
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// beside calls stop after d, in which a program of an import's priority only
// counts half the time: what any busy neighbour on the machine costs readers,
// and so what an import can hardly stay below.
func beside(b *testing.B, d time.Duration, stop func()) {
	defer stop()
	cmd := exec.Command("nice", "-n", "10", os.Args[0], countArg)
	if err := cmd.Start(); err != nil {
		b.Error(err)
		return
	}
	time.Sleep(d)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
