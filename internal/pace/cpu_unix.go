//go:build unix

package pace

import (
	"syscall"
	"time"
)

// cpu is what the process has worked so far, on all processors together:
// getrusage(2).
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
