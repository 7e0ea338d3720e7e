package media

import (
	"bufio"
	"io"
)

// stripAVIF copies an AVIF.
func stripAVIF(w io.Writer, r *bufio.Reader) (shape, error) {
	_, err := io.Copy(w, r)
	return shape{}, err
}
