package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// sees is a page of the desk.
func (w writer) sees(path string) string {
	w.t.Helper()
	answer := at(w.desk, "GET", path, w.cookie, nil)
	if answer.Code != http.StatusOK {
		w.t.Fatalf("%s: %d", path, answer.Code)
	}
	return answer.Body.String()
}

// TestGlossary: a term is kept, goes to a spreadsheet and comes back; a translation
// that has not got it is told, and is kept from readers only where the newsroom says so.
func TestGlossary(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, tr, au := n.writer(user.Editor), n.writer(user.Translator), n.writer(user.Author)
		code, said := tr.post("/desk/glossary/new", "from", "ru", "to", "en", "term", "Одноклассники", "translation", "Odnoklassniki", "never", "Classmates", "note", "The network")
		if code != http.StatusSeeOther || !strings.Contains(said, "Одноклассники") {
			t.Fatalf("a term: %d %s", code, said)
		}
		if code, body := tr.post("/desk/glossary/new", "from", "ru", "to", "en", "term", "ОДНОКЛАССНИКИ", "translation", "x"); code != 422 || !strings.Contains(body, "already") {
			t.Errorf("the same once more: %d", code)
		}
		if code, _ := au.post("/desk/glossary/new", "from", "ru", "to", "en", "term", "а", "translation", "x"); code != http.StatusForbidden {
			t.Errorf("by an author: %d", code)
		}
		if body := au.sees("/desk/glossary?q=одноклас"); !strings.Contains(body, "Odnoklassniki") || strings.Contains(body, "/desk/glossary/new") {
			t.Error("an author reads the glossary, and does not keep it")
		}
		csv := tr.sees("/desk/glossary/export")
		if !strings.Contains(csv, "Одноклассники,Odnoklassniki") {
			t.Errorf("exported: %q", csv)
		}
		answer := tr.sendsForm("/desk/glossary/import", map[string][]byte{"g.csv": []byte(csv + "ru,,Telegram,,yes,,\r\n")})
		if answer.Code != http.StatusSeeOther {
			t.Errorf("imported: %d %s", answer.Code, answer.Body)
		}
		if answer := tr.sendsForm("/desk/glossary/import", map[string][]byte{"g.csv": []byte("from,to,term,translation\nru,en,разрез,pit\nru,fr,а,б\n")}); answer.Code != 422 || !strings.Contains(answer.Body.String(), "Line 3") {
			t.Errorf("a wrong line: %d %s", answer.Code, answer.Body)
		}
		if body := tr.sees("/desk/glossary?q=разрез"); strings.Contains(body, ">разрез<") {
			t.Error("half of a list was taken")
		}

		id, page := w.began("ru")
		w.write(id, func(m *article.Manuscript) {
			m.Headline, m.Body = "Сеть", "<p id=\"b1abc\">В «Одноклассниках» и в Telegram.</p>\n<p id=\"b2abc\">Его одноклассники.</p>\n"
		})
		en, _ := n.site.ByLang("en")
		to := at(n.desk, "POST", page+"/translate", tr.cookie, url.Values{"edition": {fmt.Sprint(en.ID)}}).Header().Get("Location")
		var other int64
		if _, err := fmt.Sscanf(to, "/desk/articles/%d", &other); err != nil {
			t.Fatal(to)
		}
		now := func(paragraph string) (out string) {
			t.Helper()
			tr.write(other, func(m *article.Manuscript) {
				m.Headline, m.Body = "A network", "<p id=\"b1abc\">"+paragraph+"</p>\n<p id=\"b2abc\">His schoolfellows.</p>\n"
			})
			return tr.sees(to + "/glossary")
		}
		if body := tr.sees(to); !strings.Contains(body, `id="terms"`) || !strings.Contains(body, "The network") || !strings.Contains(body, `"terms":true`) {
			t.Error("the terms of the original do not stand beside what nobody has translated yet")
		}
		for paragraph, want := range map[string]string{
			"On Odnoklassniki and on Telegram.": `{"ok":true,`,
			"On a network and on Telegram.":     `{"ok":false,`,
			"On Classmates and on Telegram.":    `"instead":"Classmates"`,
			"On Odnoklassniki and on a phone.":  `{"ok":false,`,
		} {
			if got := now(paragraph); !strings.Contains(got, want) {
				t.Errorf("%q: %s, want %s", paragraph, got, want)
			}
		}
		if body := w.sees(page); strings.Contains(body, `id="terms"`) || !strings.Contains(body, `"terms":null`) {
			t.Error("an original has terms to keep to")
		}
		must := func(value string) {
			n.change(func(ctx context.Context, tx *db.Tx) error { return n.app.Editions.Set(ctx, tx, "must", "", value) })
		}
		now("On a network and on Telegram.")
		must("glossary")
		if _, said := w.post(to+"/publish", "when", "now", "version", n.version(other)); !strings.Contains(said, "glossary") {
			t.Errorf("published without a term: %q", said)
		}
		must("")
		if _, said := w.post(to+"/publish", "when", "now", "version", n.version(other)); !strings.Contains(said, "Published") {
			t.Errorf("a warning forbids: %q", said)
		}
	})
}
