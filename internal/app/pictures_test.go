package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/user"
)

// hills is a photograph of hills, each seed its own, with what its file says.
func hills(t testing.TB, seed float64, w, h, quality int, caption string) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			c := uint8(255 * min(max(0.5+0.2*math.Sin(7*u*seed+3)+0.2*math.Cos(9*v*seed-u*5)+0.1*math.Sin(23*u*v*seed), 0), 1))
			img.SetRGBA(x, y, color.RGBA{c, c, c / 2, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	if caption == "" {
		return b.Bytes()
	}
	xmp := "http://ns.adobe.com/xap/1.0/\x00" + `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:description>` + caption + `</dc:description><dc:creator>Dana Kim</dc:creator><dc:rights>© Dana Kim</dc:rights></rdf:Description></rdf:RDF>`
	n := len(xmp) + 2
	return append([]byte("\xff\xd8\xff\xe1"+string([]byte{byte(n >> 8), byte(n)})+xmp), b.Bytes()[2:]...)
}

type sentPicture struct {
	media.Shown
	Known, Said bool
	Like        []media.Shown
	Message     string
}

// sends sends a file as a script does.
func (w writer) sends(name string, file []byte, more string) (int, sentPicture) {
	w.t.Helper()
	r := httptest.NewRequest("POST", "/desk/media?name="+url.QueryEscape(name)+more, bytes.NewReader(file))
	r.Host = "lamp.test"
	for k, v := range map[string]string{"Cookie": w.cookie, "Accept": "application/json", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"} {
		r.Header.Set(k, v)
	}
	answer := httptest.NewRecorder()
	w.desk.ServeHTTP(answer, r)
	var out sentPicture
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		w.t.Fatalf("%s: %d %s", name, answer.Code, answer.Body)
	}
	return answer.Code, out
}

// sendsForm sends files as a form at an address does.
func (w writer) sendsForm(path string, files map[string][]byte) *httptest.ResponseRecorder {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, file := range files {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = part.Write(file)
	}
	if len(files) == 0 { // as a browser sends an empty field
		if _, err := form.CreateFormFile("file", ""); err != nil {
			w.t.Fatal(err)
		}
	}
	form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Host = "lamp.test"
	for k, v := range map[string]string{"Cookie": w.cookie, "Content-Type": form.FormDataContentType(), "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"} {
		r.Header.Set(k, v)
	}
	answer := httptest.NewRecorder()
	w.desk.ServeHTTP(answer, r)
	return answer
}

func TestPictures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		ctx := context.Background()

		// Sent by a script: kept, with what its file says, and without it in the file.
		code, ferry := w.sends("Паром.jpg", hills(t, 1, 600, 400, 90, "The ferry at dawn"), "&lang=en")
		if code != 200 || ferry.ID == 0 || ferry.Known || !ferry.Said || ferry.Caption != "The ferry at dawn" || ferry.Credit != "Dana Kim" || ferry.Name != "parom.jpg" {
			t.Fatalf("%d %+v", code, ferry)
		}
		file := at(n.desk, "GET", ferry.URL, w.cookie, nil)
		if file.Code != 200 || bytes.Contains(file.Body.Bytes(), []byte("Dana Kim")) {
			t.Errorf("the file: %d", file.Code)
		}
		page := at(n.desk, "GET", ferry.Page, w.cookie, nil).Body.String()
		for _, part := range []string{"The ferry at dawn", `value="Dana Kim"`, `value="© Dana Kim"`, `id="said"`, `name="alt_kk"`, `viewBox="100 0 400 400"`} {
			if !strings.Contains(page, part) {
				t.Errorf("its page has no %q", part)
			}
		}
		if code, again := w.sends("other.jpg", hills(t, 1, 600, 400, 90, "The ferry at dawn"), ""); code != 200 || !again.Known || again.ID != ferry.ID {
			t.Errorf("the same once more: %d %+v", code, again)
		}
		// The very same pixels with other words are the same file to us.
		if _, again := w.sends("other.jpg", hills(t, 1, 600, 400, 90, ""), ""); !again.Known {
			t.Errorf("without words: %+v", again)
		}
		code, small := w.sends("small.jpg", hills(t, 1, 300, 200, 60, ""), "")
		if code != 200 || small.ID != 0 || len(small.Like) != 1 || small.Like[0].ID != ferry.ID {
			t.Errorf("one that looks like it: %d %+v", code, small)
		}
		if got, err := n.app.Media.Like(ctx, n.site.Publication.ID, 0, 0, 9); err != nil || len(got) != 0 {
			t.Errorf("%v %v", got, err)
		}
		if _, small = w.sends("small.jpg", hills(t, 1, 300, 200, 60, ""), "&anyway=1"); small.ID == 0 || small.ID == ferry.ID {
			t.Errorf("kept all the same: %+v", small)
		}
		if page := at(n.desk, "GET", small.Page, w.cookie, nil).Body.String(); !strings.Contains(page, `id="s-like"`) || !strings.Contains(page, ferry.Page+`"`) {
			t.Error("its page does not say what it looks like")
		}

		// Refused, in the language of whoever sends it.
		if err := n.app.Users.SetSelf(ctx, w.who.ID, w.who.Name, "ru"); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			file []byte
			code int
			says string
		}{
			"polyglot.jpg": {append(hills(t, 2, 60, 40, 80, ""), "PK\x03\x04..."...), 422, "спрятан другой файл"},
			"script.svg":   {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 422, "скрипт"},
			"cut.jpg":      {hills(t, 2, 600, 400, 90, "")[:3000], 422, "повреждён"},
			"a.heic":       {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), 422, "HEIC"},
			"bomb.png": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00....\x00\x00\x00\x01IDATx....\x00\x00\x00\x00IEND...."),
				413, "60 000 × 60 000"},
		} {
			code, got := w.sends(name, c.file, "")
			if code/100 != 4 || !strings.Contains(strings.ReplaceAll(got.Message, "\u00a0", " "), c.says) {
				t.Errorf("%s: %d %q", name, code, got.Message)
			}
		}
		if err := n.app.Users.SetSelf(ctx, w.who.ID, w.who.Name, "en"); err != nil {
			t.Fatal(err)
		}

		// By a form, several at once: what is good is kept, what is not is named.
		if a := w.sendsForm("/desk/media", map[string][]byte{"one.jpg": hills(t, 3, 90, 60, 80, "")}); a.Code != 303 || !strings.HasPrefix(a.Header().Get("Location"), "/desk/media/") {
			t.Errorf("one by a form: %d %s", a.Code, a.Header().Get("Location"))
		}
		if a := w.sendsForm("/desk/media", map[string][]byte{"two.jpg": hills(t, 4, 90, 60, 80, ""), "bad.exe": []byte("MZ...")}); a.Code != 422 || !strings.Contains(a.Body.String(), "bad.exe: This is a program") {
			t.Errorf("two by a form: %d %s", a.Code, a.Body)
		}
		if list := at(n.desk, "GET", "/desk/media", w.cookie, nil).Body.String(); !strings.Contains(list, "two.jpg") {
			t.Error("what was good is not there")
		}
		if a := w.sendsForm("/desk/media", nil); a.Code != 422 || !strings.Contains(a.Body.String(), "No file was chosen") {
			t.Errorf("nothing by a form: %d", a.Code)
		}

		// Described.
		day := n.clock.now().Add(48 * time.Hour).Format(time.DateOnly)
		form := []string{"alt_en", "A white ferry", "caption_en", "The ferry", "credit_en", "Dana Kim", "alt_ru", "Белый паром", "rights", "© Kim", "licence", "CC BY 4.0",
			"expires", day, "focal_x", "20", "focal_y", "75,5"}
		if code, said := w.post(ferry.Page, form...); code != 303 || said != "Saved." {
			t.Errorf("describing: %d %s", code, said)
		}
		got, err := n.app.Media.ByIDs(ctx, []int64{ferry.ID})
		m := got[ferry.ID]
		if err != nil || m.FocalX != 200 || m.FocalY != 755 || m.Texts["ru"].Alt != "Белый паром" || m.Licence != "CC BY 4.0" || m.Ended(n.clock.now().Add(47*time.Hour)) || !m.Ended(n.clock.now().Add(96*time.Hour)) {
			t.Errorf("%+v %v", m, err)
		}
		if deeds, err := audit.Of(ctx, n.app.DB, "media", ferry.ID, 5); err != nil || len(deeds) != 2 || deeds[0].Action != "media.describe" {
			t.Errorf("the log: %+v %v", deeds, err)
		}
		if page := at(n.desk, "GET", ferry.Page, w.cookie, nil).Body.String(); strings.Contains(page, `id="said"`) || !strings.Contains(page, `value="`+day+`"`) || !strings.Contains(page, `value="75.5"`) {
			t.Error("what was described is not on the page")
		}
		for field, value := range map[string]string{"focal_x": "101", "focal_y": "left", "expires": "tomorrow", "licence": strings.Repeat("x", 501), "alt_kk": "a\x00b"} {
			bad := url.Values{}
			for i := 0; i+1 < len(form); i += 2 {
				bad.Set(form[i], form[i+1])
			}
			bad.Set(field, value)
			if a := at(n.desk, "POST", ferry.Page, w.cookie, bad); a.Code != 422 || !strings.Contains(a.Body.String(), `aria-invalid="true"`) {
				t.Errorf("%s = %.20q: %d", field, value, a.Code)
			}
		}

		// Found, and offered beside a text while its rights last.
		offered := func(q string) string {
			return at(n.desk, "GET", "/desk/media/find?lang=ru&q="+url.QueryEscape(q), w.cookie, nil).Body.String()
		}
		if got := offered("паром"); !strings.Contains(got, fmt.Sprintf(`"id":%d,`, ferry.ID)) || !strings.Contains(got, `"alt":"Белый паром"`) {
			t.Errorf("offered: %s", got)
		}
		for show, there := range map[string]bool{"": true, "ending": true, "ended": false, "unused": true, "noalt": false, "files": false} {
			if list := at(n.desk, "GET", "/desk/media?show="+show, w.cookie, nil); list.Code != 200 || strings.Contains(list.Body.String(), ferry.Page+`"`) != there {
				t.Errorf("in the list %q: %d, want %v", show, list.Code, there)
			}
		}

		// In an article: what forbids publishing, where it is used, who may see that.
		if err := n.app.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			return n.app.Editions.Set(ctx, tx, "must", "", "licence\nrights\nalt")
		}); err != nil {
			t.Fatal(err)
		}
		id, path := w.began("en")
		text := article.Manuscript{Headline: "The ferry", Body: fmt.Sprintf("<p id=\"b1\">It is back.</p>\n<figure id=\"b2\"><img src=\"ref:media/%d\"></figure>\n", ferry.ID),
			Lead: article.Use{ID: small.ID, Alt: "A ferry", Credit: "Kim"}}
		var saved savedText
		if code := w.send(path+"/save", map[string]any{"version": n.copy(id).Version, "text": text}, &saved); code != 200 {
			t.Fatalf("saving: %d", code)
		}
		if page := at(n.desk, "GET", ferry.Page, w.cookie, nil).Body.String(); !strings.Contains(page, path+`"`) {
			t.Error("the draft that uses it is not on its page")
		}
		other := n.writer(user.Author)
		if page := at(n.desk, "GET", ferry.Page, other.cookie, nil).Body.String(); strings.Contains(page, path+`"`) || !strings.Contains(page, "1 article of somebody else") {
			t.Error("an author sees somebody else's draft, or not that there is one")
		}
		publish := func() string {
			t.Helper()
			_, said := w.post(path+"/publish", "when", "now", "version", fmt.Sprint(n.copy(id).Version))
			return said
		}
		if said := publish(); !strings.Contains(said, "licence") || strings.Contains(said, "right to show") || strings.Contains(said, "alternative") {
			t.Errorf("without a licence: %q", said)
		}
		if code, _ := w.post(small.Page, "licence", "Own picture", "alt_en", "x", "expires", n.clock.now().AddDate(0, 0, -2).Format(time.DateOnly)); code != 303 {
			t.Fatal(code)
		}
		if got := offered(""); strings.Contains(got, fmt.Sprintf(`"id":%d,`, small.ID)) {
			t.Error("it is offered although its rights have ended")
		}
		if said := publish(); strings.Contains(said, "licence") || !strings.Contains(said, "right to show") {
			t.Errorf("with rights that have ended: %q", said)
		}
		if code, _ := w.post(small.Page, "licence", "Own picture", "alt_en", "x"); code != 303 {
			t.Fatal(code)
		}
		if said := publish(); said != "Published." {
			t.Errorf("with all there is: %q", said)
		}
		if uses, err := n.app.Media.Uses(ctx, []int64{ferry.ID, small.ID}); err != nil || fmt.Sprint(uses[ferry.ID], uses[small.ID]) != fmt.Sprintf("[%d] [%d]", id, id) {
			t.Errorf("published, it uses %v %v", uses, err)
		}
		a, err := n.app.Articles.Get(ctx, n.app.DB, id)
		if err != nil {
			t.Fatal(err)
		}
		kept := n.app.Handler()
		before := get(kept, "/"+a.Path)
		version := func(page string) string {
			_, rest, _ := strings.Cut(page, "/media/")
			_, rest, _ = strings.Cut(rest, "16x9-")
			name, _, _ := strings.Cut(rest, "/")
			return name
		}
		// Its focal point moves in the page that readers have, at once.
		if code, _ := w.post(small.Page, "licence", "Own picture", "alt_en", "x", "focal_x", "90", "focal_y", "10"); code != 303 {
			t.Fatal(code)
		}
		if after := get(kept, "/"+a.Path); version(before) == "" || version(after) == version(before) {
			t.Errorf("the page has %q and %q", version(before), version(after))
		}
		// Rights that end soon in a published article are on Today.
		if code, _ := w.post(small.Page, "licence", "Own picture", "alt_en", "x", "focal_x", "90", "focal_y", "10", "expires", day); code != 303 {
			t.Fatal(code)
		}
		if page := at(n.desk, "GET", "/desk/", w.cookie, nil).Body.String(); !strings.Contains(page, "p-media-ending") || !strings.Contains(page, small.Page+`"`) {
			t.Error("Today says nothing of rights that end")
		}
		if code := at(n.desk, "GET", "/desk/media/999999", w.cookie, nil).Code; code != http.StatusNotFound {
			t.Errorf("a picture that is not there: %d", code)
		}
	})
}
