package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline/internal/fault"
)

func TestReadJSON(t *testing.T) {
	type inner struct{ Count int }
	type form struct {
		Name string `json:"name"`
		In   inner  `json:"in"`
	}
	for _, tt := range []struct {
		typ, body string
		status    int
		field     string
	}{
		{"application/json", `{"name":"a","in":{"Count":1}}`, 200, ""},
		{"application/json; charset=utf-8", `{"name":"a"}`, 200, ""},
		{"text/plain", `{}`, 415, ""},
		{"", `{}`, 415, ""},
		{"application/json", ``, 400, ""},
		{"application/json", `{"name":`, 400, ""},
		{"application/json", `{} {}`, 400, ""},
		{"application/json", `{"nam":"a"}`, 400, "nam"},
		{"application/json", `{"name":7}`, 400, "name"},
		{"application/json", `{"in":{"Count":"x"}}`, 400, "in.Count"},
		{"application/json", `{"name":"` + strings.Repeat("a", 100) + `"}`, 413, ""},
		{"application/json", `{}` + strings.Repeat(" ", 100), 413, ""},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/", strings.NewReader(tt.body))
		r.Body = http.MaxBytesReader(w, r.Body, 80)
		r.Header.Set("Content-Type", tt.typ)
		err := ReadJSON(r, &form{})
		status := 200
		if err != nil {
			status = StatusOf(err)
		}
		field := ""
		if f, ok := errors.AsType[*fault.Error](err); ok {
			field = f.Field
		}
		if status != tt.status || field != tt.field {
			t.Errorf("%s %.30s: %d, field %q: %v", tt.typ, tt.body, status, field, err)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	w := httptest.NewRecorder()
	WriteJSON(w, httptest.NewRequest("GET", "/", nil), 201, map[string]int{"views": 7})
	if w.Code != 201 || w.Body.String() != "{\"views\":7}\n" || w.Header().Get("Content-Length") != "12" ||
		w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	w = httptest.NewRecorder()
	WriteJSON(w, httptest.NewRequest("GET", "/", nil), 200, func() {})
	if w.Code != 500 {
		t.Errorf("what is no JSON: %d", w.Code)
	}
}
