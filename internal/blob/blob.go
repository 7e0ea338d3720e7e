package blob

import (
	"context"
	"io"
)

// Store keeps files.
type Store interface {
	// Add stores what r gives under its SHA-256 and tells the key and the size
	// in bytes. Before anything can be seen, check (may be nil) reads what
	// came; its error stops Add and leaves nothing behind.
	Add(ctx context.Context, r io.Reader, check func(io.ReadSeeker) error) (key string, size int64, err error)
	// Put stores what r gives under a key; fault Invalid when its SHA-256 is another.
	Put(ctx context.Context, key string, r io.Reader) error
	// Get opens a file; fault NotFound when there is none.
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	// Has reports whether there is a file.
	Has(ctx context.Context, key string) (bool, error)
	// Delete removes a file; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// valid reports whether key is the hexadecimal form of a SHA-256.
func valid(key string) bool {
	if len(key) != 64 {
		return false
	}
	for i := range len(key) {
		if c := key[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
