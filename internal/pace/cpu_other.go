//go:build !unix

package pace

import "time"

var began = time.Now()

// cpu takes all of the time for work where the process's own is not told.
func cpu() time.Duration { return time.Since(began) }
