package media

import (
	"context"
	"io"
)

// MaxBytes is the size limit of a file where the caller names none.
const MaxBytes = 32 << 20

// MaxPixels is the largest picture, width times height.
const MaxPixels = 100_000_000

// Take reads a file and stores it; see below.
func (s *Store) Take(ctx context.Context, name string, r io.Reader, max int64) (Media, error) {
	return Media{}, nil
}
