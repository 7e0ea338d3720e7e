package desk

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
	"dateline/internal/web"
)

// TestOnward: after signing in nobody is led out of the desk, whatever a link says.
func TestOnward(t *testing.T) {
	for next, want := range map[string]string{
		"": Root, "/desk/": Root, "/desk/staff?x=1": "/desk/staff?x=1", "/desk/articles/7#p": "/desk/articles/7#p",
		"https://evil.test/desk/": Root, "//evil.test/desk/": Root, "/": Root, "/desk": Root, "/deskevil": Root, "javascript:alert(1)": Root,
		"/desk/\\evil.test": Root, "/desk/\r\nSet-Cookie: x": Root, "/desk/sign-in?next=/desk/sign-in": Root, "/desk/in/TOKEN": Root,
	} {
		if got := onward(next); got != want {
			t.Errorf("%q leads to %q, not to %q", next, got, want)
		}
	}
}

// TestRoutesNeedAPermission: what does not say who may ask for it does not start.
func TestRoutesNeedAPermission(t *testing.T) {
	serve := func(http.ResponseWriter, *Request) error { return nil }
	for _, r := range []Route{
		{Method: "GET", Pattern: "/desk/x", Room: "x", Serve: serve},
		{Method: "GET", Pattern: "/desk/x", Room: "x", Permission: "article.destroy", Serve: serve},
		{Method: "GET", Pattern: "/elsewhere", Room: "x", Permission: user.AtDesk, Serve: serve},
		{Method: "", Pattern: "/desk/x", Room: "x", Permission: user.AtDesk, Serve: serve},
		{Method: "GET", Pattern: "/desk/x", Room: "x", Permission: user.AtDesk},
	} {
		d := New(Options{URL: "https://lamp.example"})
		d.Handle(r)
		if err := d.Mount(&web.Router{}); err == nil {
			t.Errorf("%+v was mounted", r)
		}
	}
	d := New(Options{URL: "https://lamp.example"})
	d.Handle(Route{Method: "GET", Pattern: "/desk/x", Room: "x", Permission: user.AtDesk, Serve: serve})
	if err := d.Mount(&web.Router{}); err != nil {
		t.Error(err)
	}
}

func TestCookies(t *testing.T) {
	for url, want := range map[string]string{
		"https://lamp.example":  "__Host-s=TOKEN; Path=/; Max-Age=1209600; HttpOnly; Secure; SameSite=Strict",
		"http://localhost:8080": "s=TOKEN; Path=/desk/; Max-Age=1209600; HttpOnly; SameSite=Strict",
	} {
		d, w := New(Options{URL: url}), httptest.NewRecorder()
		d.setCookie(w, sessionCookie, "TOKEN", user.SessionFor)
		if got := w.Header().Get("Set-Cookie"); got != want {
			t.Errorf("%s: %s", url, got)
		}
		r := httptest.NewRequest("GET", url+"/desk/", nil)
		r.Header.Set("Cookie", w.Result().Cookies()[0].Name+"=TOKEN")
		if d.cookie(r, sessionCookie) != "TOKEN" {
			t.Errorf("%s: not read again", url)
		}
	}
	// Over TLS a cookie that any page of the domain could have set is none.
	r := httptest.NewRequest("GET", "https://lamp.example/desk/", nil)
	r.Header.Set("Cookie", "s=TOKEN")
	if New(Options{URL: "https://lamp.example"}).cookie(r, sessionCookie) != "" {
		t.Error("a cookie without its prefix was taken")
	}
}

// TestSaid: words come once, and are cut to what a cookie can hold between letters.
func TestSaid(t *testing.T) {
	d := New(Options{URL: "http://localhost"})
	for _, text := range []string{"Сақталды.", strings.Repeat("ә", 900), ""} {
		w := httptest.NewRecorder()
		d.say(w, text)
		r := &Request{Request: httptest.NewRequest("GET", "/desk/", nil), d: d}
		r.Header.Set("Cookie", strings.Split(w.Header().Get("Set-Cookie"), ";")[0])
		again := httptest.NewRecorder()
		got := r.said(again)
		if !strings.HasPrefix(text, got) || text != "" && got == "" || len(got) > mostSaid {
			t.Errorf("%.20q became %d bytes %.20q", text, len(got), got)
		}
		if text != "" && !strings.Contains(again.Header().Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("it will be said again: %q", again.Header())
		}
	}
}

func TestMark(t *testing.T) {
	l := lang.Of("en")
	name, email := Field{Name: "name"}, Field{Name: "email"}
	wrong := lang.Wrong("user.wrong.empty")
	wrong.Field = "name"
	whole := lang.Wrong("user.wrong.refused")
	err := errors.Join(whole, wrong, fault.Field("email", "no words for it"))
	Mark(l, err, &name, &email)
	if name.Error != "Something must stand here." || email.Error != "" {
		t.Errorf("%q, %q", name.Error, email.Error)
	}
	r := &Request{L: l}
	if got := r.wrong(err, true); len(got) != 1 || !strings.HasPrefix(got[0], "This did not let you in.") {
		t.Errorf("%q", got)
	}
}

func TestIconsAreDrawn(t *testing.T) {
	d := New(Options{URL: "http://localhost"})
	for _, e := range d.menu {
		if len(icon(e.Icon)) == 0 {
			t.Errorf("%s has no icon %q", e.Path, e.Icon)
		}
		for _, tag := range user.Languages() {
			if !lang.Of(tag).Has(e.Word) {
				t.Errorf("%s has no words for %q", e.Path, e.Word)
			}
		}
	}
}
