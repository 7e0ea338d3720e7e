package web

import (
	"errors"
	"net/http"

	"dateline/internal/fault"
)

// StatusOf is the HTTP status for an error, by its kind. This is the one
// place that knows.
func StatusOf(err error) int {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.status
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok && fault.KindOf(err) == fault.Internal {
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Gone:
		return http.StatusGone
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable, fault.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// statusError is an error whose kind does not tell the status exactly enough.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }
