package web

import (
	"cmp"
	"io"
	"net/http"
	"sync/atomic"
)

// response knows what was written: until something is, an error can still become
// a page.
type response struct {
	http.ResponseWriter
	frame  *frame
	status int // 0 until something is written
}

func (w *response) wrote() bool { return w.status != 0 }

// begin notes a body, which is a 200 where no other status was written.
func (w *response) begin() { w.status = cmp.Or(w.status, http.StatusOK) }

// Answers counts answers by the first digit of their status. Those that were cut
// off are not among them.
type Answers struct{ classes [6]atomic.Uint64 }

// Class is how many answers had a status of class hundred and some.
func (a *Answers) Class(class int) uint64 { return a.classes[class].Load() }

func (a *Answers) count(status int) {
	if a != nil && status < 600 {
		a.classes[status/100].Add(1)
	}
}

func (w *response) WriteHeader(status int) {
	if status >= 200 && !w.wrote() {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(b)
}

// ReadFrom keeps the faster ways of copying that lie below.
func (w *response) ReadFrom(src io.Reader) (int64, error) {
	w.begin()
	return io.Copy(w.ResponseWriter, src)
}

// Flush sends what is buffered.
func (w *response) Flush() {
	w.begin()
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
