//go:build e2e

package mail

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/demo"
	"dateline/internal/mail"
)

// A reader asks for a link, gets it from a real mail server, and is signed in by it; the
// link leads to the configured host, whatever the request called itself.
func TestSignIn(t *testing.T) {
	ctx := context.Background()
	ca, err := os.ReadFile(need(t, "DATELINE_TEST_SMTP_CA"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, app.Config{Data: t.TempDir(), BaseURL: "https://lamp.test", Log: slog.New(slog.DiscardHandler),
		Mail: &mail.SMTP{Server: need(t, "DATELINE_TEST_SMTP"), From: "desk@lamp.test", Roots: ca}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := demo.Fill(ctx, demo.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Users: a.Users}, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	site := a.Handler()
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return w
	}
	box := need(t, "DATELINE_TEST_MAILDIR")
	before := len(arrived(t, box, 0))
	if w := ask("POST", "/-/account/link", url.Values{"email": {"asel@reader.test"}, "edition": {"kk"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("asking for a link: %d", w.Code)
	}
	if err := a.Post.Once(ctx); err != nil {
		t.Fatal(err)
	}
	var letter *netmail.Message
	for _, raw := range arrived(t, box, before+1) {
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if m.Header.Get("X-Original-To") == "asel@reader.test" {
			letter = m
		}
	}
	if letter == nil {
		t.Fatal("no letter has come")
	}
	text := plain(t, letter)
	found := regexp.MustCompile(`https://lamp\.test(/kk/account/in/(\w+))`).FindStringSubmatch(text)
	if found == nil || strings.Contains(text, "evil") {
		t.Fatalf("the letter:\n%s", text)
	}
	if w := ask("GET", found[1], nil); w.Code != 200 || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("looking at the link: %d", w.Code)
	}
	if w := ask("POST", "/-/account/in", url.Values{"token": {found[2]}, "edition": {"kk"}}); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Set-Cookie"), "__Host-reader=") {
		t.Errorf("using it: %d %s", w.Code, w.Header().Get("Set-Cookie"))
	}
	list, err := a.Post.List(ctx, 0, 1)
	if err != nil || len(list) != 1 || list[0].State != mail.Sent || list[0].To != "" {
		t.Errorf("what is kept of the letter: %+v, %v", list, err)
	}
}

// plain is a letter's text.
func plain(t *testing.T, m *netmail.Message) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
