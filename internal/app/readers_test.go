package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/keytest"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/user"
)

// readerOf is a reader with a browser.
type readerOf struct {
	*newsroom
	app    *app.App
	site   http.Handler
	cookie string
}

// accounts opens the newsroom as readers reach it over TLS.
func accounts(t *testing.T, d *db.DB) *readerOf {
	n := openNewsroom(t, d)
	conf := n.conf
	conf.BaseURL = "https://lamp.example"
	a := n.openWith(conf)
	if err := a.Desk(false); err != nil {
		t.Fatal(err)
	}
	return &readerOf{newsroom: n, app: a, site: a.Handler()}
}

func (r *readerOf) get(path string) *httptest.ResponseRecorder {
	return at(r.site, "GET", path, r.cookie, nil)
}

func (r *readerOf) post(path string, fields ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	w := at(r.site, "POST", path, r.cookie, form)
	r.taken(w)
	return w
}

// taken keeps the cookie that an answer sets.
func (r *readerOf) taken(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		r.cookie = c.Name + "=" + c.Value
		if c.MaxAge < 0 {
			r.cookie = ""
		}
	}
}

func (r *readerOf) script(path string, body any) (int, map[string]json.RawMessage) {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	q := httptest.NewRequest("POST", path, strings.NewReader(string(raw)))
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.Header.Set("Cookie", r.cookie)
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, q)
	r.taken(w)
	var out map[string]json.RawMessage
	_ = json.Unmarshal(w.Body.Bytes(), &out) // nil where the answer is a page
	return w.Code, out
}

// letter is the newest one in the outbox.
func (r *readerOf) letter() (to, subject, link string, text string) {
	r.t.Helper()
	list, err := r.app.Post.List(context.Background(), 0, 1)
	if err != nil || len(list) != 1 {
		r.t.Fatal("no letter", err)
	}
	for _, p := range list[0].Parts {
		if p.Path != "" {
			link = p.Path
		}
		text += p.Text + "\n"
	}
	return list[0].To, list[0].Subject, link, text
}

// enters signs in by a link.
func (r *readerOf) enters(email string) {
	r.t.Helper()
	r.cookie = ""
	r.post("/-/account/link", "email", email, "edition", "en")
	_, _, link, _ := r.letter()
	if w := r.post("/-/account/in", "token", link[strings.LastIndex(link, "/")+1:], "edition", "en"); w.Code != 303 || r.cookie == "" {
		r.t.Fatalf("signing in: %d %s", w.Code, w.Body)
	}
	r.clock.add(20 * time.Minute) // limits are free again
}

// says asks a page for words, however they were set.
func says(w *httptest.ResponseRecorder, words string) bool {
	plain := strings.NewReplacer("\u00a0", " ", "\u00ad", "", "\u202f", " ")
	return strings.Contains(plain.Replace(w.Body.String()), plain.Replace(words))
}

func TestReaderSignsIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		w := r.get("/ru/account")
		if w.Code != 200 || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Cache-Control") != "no-store" || !says(w, lang.Of("ru").T("account.sign_in_lead")) {
			t.Errorf("the page to sign in: %d %v", w.Code, w.Header())
		}
		for _, wrong := range []string{"", "asel", "asel@lamp.example\r\nBcc: x@y.example", "<asel@lamp.example>"} {
			if w := r.post("/-/account/link", "email", wrong, "edition", "kk"); w.Code != 422 || !says(w, lang.Of("kk").T("mail.wrong.address")) {
				t.Errorf("%q: %d", wrong, w.Code)
			}
		}
		// Whoever asks for a link, from whatever host, hears the same.
		first := at(r.site, "POST", "/-/account/link", "", url.Values{"email": {"Asel@lamp.example"}, "edition": {"ru"}}, "X-Forwarded-Host", "evil.example")
		to, subject, link, text := r.letter()
		if to != "Asel@lamp.example" || !strings.Contains(subject, "Вход") || !strings.HasPrefix(link, "/ru/account/in/") || strings.Contains(text, "evil") {
			t.Errorf("the letter: %s, %s, %s\n%s", to, subject, link, text)
		}
		token := link[strings.LastIndex(link, "/")+1:]
		// Programs that read letters look at links before people do.
		for range 3 {
			if w := r.get(link); w.Code != 200 || !strings.Contains(w.Body.String(), `value="`+token+`"`) || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Referrer-Policy") != "same-origin" {
				t.Errorf("looking at the link: %d %v", w.Code, w.Header())
			}
		}
		if n := r.count("reader"); n != 0 {
			t.Errorf("%d accounts before anybody has used a link", n)
		}
		if w := at(r.site, "POST", "/-/account/in", "", url.Values{"token": {token}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); w.Code != 403 {
			t.Errorf("another site signs somebody in: %d", w.Code)
		}
		in := r.post("/-/account/in", "token", token, "edition", "ru")
		if in.Code != 303 || in.Header().Get("Location") != "/ru/account" {
			t.Fatalf("using the link: %d %s", in.Code, in.Body)
		}
		set := in.Header().Get("Set-Cookie")
		for _, part := range []string{"__Host-reader=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(set, part) {
				t.Errorf("the cookie lacks %s: %s", part, set)
			}
		}
		if w := r.get("/ru/account"); w.Code != 200 || !strings.Contains(w.Body.String(), "Asel@lamp.example") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("the account: %d %s", w.Code, w.Header().Get("Cache-Control"))
		}
		mine := r.cookie
		r.cookie = ""
		if w := r.post("/-/account/in", "token", token, "edition", "ru"); w.Code != 404 || !says(w, lang.Of("ru").T("account.wrong.link")) || r.cookie != "" {
			t.Errorf("the link works twice: %d", w.Code)
		}
		// There is an account now, and the answer is the same.
		again := at(r.site, "POST", "/-/account/link", "", url.Values{"email": {"aSEL@lamp.example"}, "edition": {"ru"}})
		if first.Code != again.Code || first.Header().Get("Location") != again.Header().Get("Location") || first.Body.String() != again.Body.String() {
			t.Errorf("an address that is known is answered otherwise: %d %s, %d %s", first.Code, first.Header().Get("Location"), again.Code, again.Header().Get("Location"))
		}
		_, _, link, _ = r.letter()
		r.clock.add(15*time.Minute + time.Second)
		if w := r.get(link); w.Code != 404 {
			t.Errorf("a link of a quarter of an hour ago: %d", w.Code)
		}
		if w := r.post("/-/account/in", "token", link[strings.LastIndex(link, "/")+1:], "edition", "ru"); w.Code != 404 || r.cookie != "" {
			t.Errorf("a link of a quarter of an hour ago works: %d", w.Code)
		}
		r.enters("asel@LAMP.example")
		if n := r.count("reader"); n != 1 {
			t.Errorf("one address has %d accounts", n)
		}
		for table, forbidden := range map[string]string{"reader_link": token, "reader_session": strings.TrimPrefix(mine, "__Host-reader=")} {
			if strings.Contains(r.dump(table), forbidden) {
				t.Errorf("%s keeps a token as it is", table)
			}
		}
		// The pages that everybody has are the same for whoever is signed in.
		for _, path := range []string{"/", "/ru/", "/privacy", "/kk/archive"} {
			with, without := at(r.site, "GET", path, r.cookie, nil), at(r.site, "GET", path, "", nil)
			if with.Body.String() != without.Body.String() || with.Header().Get("Etag") != without.Header().Get("Etag") || with.Header().Get("Set-Cookie") != "" || strings.Contains(with.Header().Get("Vary"), "Cookie") {
				t.Errorf("%s is another page for somebody who is signed in", path)
			}
		}
		if w := r.get("/account"); strings.Contains(w.Body.String(), `aria-invalid`) || w.Code != 200 {
			t.Errorf("the account in English: %d", w.Code)
		}
	})
}

func (r *readerOf) count(table string) (n int) {
	r.t.Helper()
	if err := r.app.DB.QueryRow(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// dump is everything that a table holds, as text.
func (r *readerOf) dump(table string) string {
	r.t.Helper()
	rows, err := r.app.DB.Query(context.Background(), "SELECT * FROM "+table)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		r.t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			r.t.Fatal(err)
		}
		for _, v := range values {
			if raw, ok := (*v.(*any)).([]byte); ok {
				b.Write(raw)
			} else {
				fmt.Fprint(&b, *v.(*any))
			}
			b.WriteByte(0)
		}
	}
	return b.String()
}

// Nobody fills an address with letters, and nobody tries without end.
func TestReaderLimits(t *testing.T) {
	t.Parallel()
	r := accounts(t, dbtest.New(t))
	for range 6 {
		if w := r.post("/-/account/link", "email", "asel@lamp.example", "edition", "en"); w.Code != 303 {
			t.Fatalf("asking: %d", w.Code)
		}
	}
	if n := r.count("letter"); n != 3 {
		t.Errorf("%d letters went to one address", n)
	}
	codes := map[int]int{}
	for i := range 60 {
		codes[r.post("/-/account/link", "email", fmt.Sprintf("n%d@lamp.example", i), "edition", "en").Code]++
	}
	if codes[303] > 25 || codes[429] < 30 {
		t.Errorf("one network asks without end: %v", codes)
	}
	r.clock.add(time.Hour)
	for range 60 {
		codes[r.post("/-/account/in", "token", "NOSUCHTOKEN", "edition", "en").Code+1000]++
	}
	if codes[1404] > 25 || codes[1429] < 30 {
		t.Errorf("one network tries links without end: %v", codes)
	}
}

func TestReaderAccount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		r.enters("asel@lamp.example")
		first := r.cookie
		r.enters("asel@lamp.example")
		second := r.cookie

		if w := r.post("/-/account/profile", "edition", "en", "name", " Асель  Н. ", "replies", "1"); w.Code != 303 {
			t.Fatalf("saving: %d", w.Code)
		}
		page := r.get("/account").Body.String()
		if !strings.Contains(page, `value="Асель Н."`) || strings.Count(page, " checked") != 1 {
			t.Error("the profile is not as it was saved")
		}
		for _, wrong := range []string{strings.Repeat("я", 41), "write to x@y.example", "<b>", "\u202e", "!!!"} {
			if w := r.post("/-/account/profile", "edition", "kk", "name", wrong); w.Code != 422 || !strings.Contains(w.Body.String(), `aria-invalid="true"`) {
				t.Errorf("the name %q: %d", wrong, w.Code)
			}
		}
		if who, err := r.app.Readers.Of(withCookie(second)); err != nil || who.Name != "Асель Н." || who.Email != "asel@lamp.example" || !who.Replies || who.Reports {
			t.Errorf("%+v, %v", who, err)
		}

		// Another's session is not theirs to end; one of their own is dead at once.
		r.enters("other@lamp.example")
		other := r.cookie
		var ids []int64
		for _, id := range strings.Fields(r.list("SELECT s.id FROM reader_session s JOIN reader r ON r.id = s.reader_id WHERE r.email = 'asel@lamp.example' ORDER BY s.id")) {
			var n int64
			fmt.Sscan(id, &n)
			ids = append(ids, n)
		}
		if w := r.post(fmt.Sprintf("/-/account/sessions/%d/end", ids[0]), "edition", "en"); w.Code != 404 {
			t.Errorf("somebody ends another's session: %d", w.Code)
		}
		r.cookie = second
		if w := r.post(fmt.Sprintf("/-/account/sessions/%d/end", ids[0]), "edition", "en"); w.Code != 303 {
			t.Errorf("ending a session: %d", w.Code)
		}
		if _, err := r.app.Readers.Of(withCookie(first)); err == nil {
			t.Error("an ended session lives")
		}
		r.cookie = first
		if w := r.get("/account"); w.Code != 200 || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("the cookie of a session that is over stays: %s", w.Header().Get("Set-Cookie"))
		}
		if _, err := r.app.Readers.Of(withCookie(second + "x")); err == nil {
			t.Error("a made-up session lives")
		}
		r.cookie = second
		if w := r.post("/-/account/out", "edition", "ru"); w.Code != 303 || r.cookie != "" {
			t.Errorf("signing out: %d, %q", w.Code, r.cookie)
		}
		if _, err := r.app.Readers.Of(withCookie(second)); err == nil {
			t.Error("whoever has signed out is signed in")
		}
		if _, err := r.app.Readers.Of(withCookie(other)); err != nil {
			t.Error("another was signed out, too", err)
		}
	})
}

func withCookie(cookie string) *http.Request {
	r := httptest.NewRequest("GET", "/account", nil)
	r.Header.Set("Cookie", cookie)
	return r
}

func (r *readerOf) list(query string) string {
	r.t.Helper()
	list, err := db.List(context.Background(), r.app.DB, db.One[string], query)
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestReaderPasskey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		phone := keytest.New(t, "https://lamp.example", "lamp.example")
		if code, _ := r.script("/-/account/passkeys/options", map[string]string{"edition": "en"}); code != 404 {
			t.Errorf("a stranger adds a passkey: %d", code)
		}
		r.enters("asel@lamp.example")
		code, asked := r.script("/-/account/passkeys/options", map[string]string{"edition": "en"})
		if code != 200 {
			t.Fatalf("the options: %d", code)
		}
		add := map[string]any{"edition": "en", "kept": asked["kept"], "answer": json.RawMessage(phone.Create(t, asked["options"]))}
		if code, said := r.script("/-/account/passkeys", add); code != 200 || string(said["next"]) != `"/account/added"` {
			t.Fatalf("adding: %d %s", code, said)
		}
		if code, _ := r.script("/-/account/passkeys", add); code == 200 {
			t.Error("the same challenge is believed twice")
		}
		r.cookie = ""
		code, asked = r.script("/-/account/passkey/options", map[string]string{"edition": "kk"})
		if code != 200 || r.cookie != "" {
			t.Fatalf("the options: %d, a cookie before anybody has signed in: %q", code, r.cookie)
		}
		answer := map[string]any{"edition": "kk", "kept": asked["kept"], "answer": json.RawMessage(phone.Get(t, asked["options"]))}
		if code, said := r.script("/-/account/passkey", answer); code != 200 || string(said["next"]) != `"/kk/account"` || r.cookie == "" {
			t.Fatalf("signing in: %d %s", code, said)
		}
		if who, err := r.app.Readers.Of(withCookie(r.cookie)); err != nil || who.Email != "asel@lamp.example" {
			t.Errorf("%+v, %v", who, err)
		}
		r.cookie = ""
		if code, said := r.script("/-/account/passkey", answer); code != 403 || r.cookie != "" || !strings.Contains(string(said["message"]), lang.Of("kk").T("account.wrong.passkey")) {
			t.Errorf("an answer is believed twice: %d %s", code, said)
		}
		_, asked = r.script("/-/account/passkey/options", map[string]string{})
		stranger := keytest.New(t, "https://lamp.example", "lamp.example")
		stranger.Handle = []byte(strings.Repeat("x", 32))
		if code, _ := r.script("/-/account/passkey", map[string]any{"kept": asked["kept"], "answer": json.RawMessage(stranger.Get(t, asked["options"]))}); code != 403 {
			t.Errorf("a passkey of nobody: %d", code)
		}
	})
}

// Whoever has a letter ends letters of its kind with one click, signed in or not; looking
// at the link ends nothing.
func TestOneClick(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		r.enters("asel@lamp.example")
		who, err := r.app.Readers.Of(withCookie(r.cookie))
		if err != nil || !who.Replies || !who.Reports {
			t.Fatal(who, err)
		}
		path, err := r.app.Readers.Off(who, "replies")
		if err != nil {
			t.Fatal(err)
		}
		if w := at(r.site, "GET", path, "", nil); w.Code != 200 || !says(w, lang.Of("en").T("account.off_replies")) {
			t.Errorf("looking: %d", w.Code)
		}
		if who, _ = r.app.Readers.Of(withCookie(r.cookie)); !who.Replies {
			t.Error("looking at the link ended the letters")
		}
		q := httptest.NewRequest("POST", path, strings.NewReader("List-Unsubscribe=One-Click"))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		r.site.ServeHTTP(w, q)
		if who, _ = r.app.Readers.Of(withCookie(r.cookie)); w.Code != 200 || who.Replies || !who.Reports {
			t.Errorf("one click: %d %+v", w.Code, who)
		}
		if w := at(r.site, "POST", path[:len(path)-3]+"abc", "", url.Values{}); w.Code != 404 {
			t.Errorf("a made-up link: %d", w.Code)
		}
	})
}

// Administrators see what nobody gets, and that nobody gets it.
func TestOutbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := accounts(t, d)
		err := r.app.DB.Tx(context.Background(), db.Desk, func(tx *db.Tx) error {
			return r.app.Post.Send(context.Background(), tx, mail.Letter{Kind: "report.settled", To: "asel@lamp.example", Lang: "ru", Subject: `<script>alert("x")</script>`,
				Parts: []mail.Part{{Text: "<img src=x onerror=alert(1)>", Quote: true}, {Text: "Открыть", Path: "/ru/2026/11/12/a?b=\"><script>"}}})
		})
		if err != nil {
			t.Fatal(err)
		}
		admin, editor := r.enter(r.staff[user.Admin]), r.enter(r.staff[user.Editor])
		if w := at(r.desk, "GET", "/desk/outbox", editor, nil); w.Code != 403 {
			t.Errorf("an editor reads letters: %d", w.Code)
		}
		w := at(r.desk, "GET", "/desk/outbox", admin, nil)
		if w.Code != 200 || !says(w, "No mail server is set up, so nothing is sent.") || !strings.Contains(w.Body.String(), "asel@lamp.example") {
			t.Errorf("the outbox: %d\n%s", w.Code, w.Body)
		}
		for _, bad := range []string{"<script>alert", "<img src=x", `b="><script>`} {
			if strings.Contains(w.Body.String(), bad) {
				t.Errorf("the outbox has %s", bad)
			}
		}
		id := r.list("SELECT CAST(id AS TEXT) FROM letter")
		if w := at(r.desk, "POST", "/desk/outbox/"+id+"/drop", admin, url.Values{}); w.Code != 303 || r.count("letter") != 0 {
			t.Errorf("throwing a letter away: %d", w.Code)
		}
		if log := r.dump("audit"); strings.Contains(log, "asel@lamp") || !strings.Contains(log, "letter.drop") {
			t.Error("the log has the address, or not the deed")
		}
	})
}
