package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"dateline/internal/fault"
)

// WriteJSON answers with a value. Nobody keeps it unless the caller has set a
// Cache-Control. A value that cannot be written as JSON is a mistake of the
// program and becomes a 500.
func WriteJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		Fail(w, r, fmt.Errorf("writing JSON: %w", err))
		return
	}
	h := w.Header()
	as(h, Data)
	h["Content-Type"] = typeJSON
	if h.Get("Cache-Control") == "" {
		h["Cache-Control"] = noStore
	}
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(body, '\n'))
	}
}

var typeJSON = []string{"application/json"}

// ReadJSON reads a request's body, exactly one value, into dst. Fields that
// dst does not know are errors: a misspelt field must not be lost in silence.
// Errors are fault.Invalid with the field where one is known, fault.TooLarge
// beyond the route's limit, and status 415 for another content type.
func ReadJSON(r *http.Request, dst any) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return &statusError{http.StatusUnsupportedMediaType,
			fault.New(fault.Invalid, "content type %.40q instead of application/json", r.Header.Get("Content-Type"))}
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(dst); err != nil {
		return jsonFault(err)
	}
	if _, err := d.Token(); err != io.EOF {
		if tooLarge(err) {
			return jsonFault(err)
		}
		return fault.New(fault.Invalid, "more than one JSON value")
	}
	return nil
}

func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

func jsonFault(err error) error {
	if tooLarge(err) {
		return fault.New(fault.TooLarge, "reading JSON: %w", err)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fault.Field(wrong.Field, "%s instead of %s", wrong.Value, wrong.Type)
	}
	// encoding/json has no type for this error, only its text.
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if plain, err := strconv.Unquote(name); err == nil {
			name = plain
		}
		return fault.Field(name, "there is no such field")
	}
	return fault.New(fault.Invalid, "reading JSON: %w", err)
}
