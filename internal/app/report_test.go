package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"dateline/internal/article"
	"dateline/internal/correction"
	"dateline/internal/correction/report"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/media"
	"dateline/internal/user"
)

// reported is what somebody who reports an error is answered.
type reported struct {
	Code    int
	Message string `json:"message"`
	Status  string `json:"status_url"`
	Field   string `json:"field"`
}

var fromWhere int

// report sends one as a script does, each from a network of its own.
func (n *newsroom) report(body map[string]any) (out reported) {
	n.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		n.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/-/reports", strings.NewReader(string(raw)))
	r.Host = "lamp.test"
	fromWhere++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.7:4000", fromWhere/250%250, fromWhere%250)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	n.desk.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &out); w.Code == http.StatusRequestEntityTooLarge && err != nil {
		out.Message = w.Body.String() // it was not even read
	} else if err != nil {
		n.t.Fatalf("reporting: %d %s", w.Code, w.Body)
	}
	out.Code = w.Code
	return out
}

// statusOf is the page that an answer names.
func (n *newsroom) statusOf(r reported) string {
	n.t.Helper()
	u, err := url.Parse(r.Status)
	if err != nil {
		n.t.Fatal(err)
	}
	q := httptest.NewRequest("GET", u.Path, nil)
	q.Host = "lamp.test"
	w := httptest.NewRecorder()
	n.desk.ServeHTTP(w, q)
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Header().Get("X-Robots-Tag"), "noindex") {
		n.t.Fatalf("the status page %s: %d %v", u.Path, w.Code, w.Header())
	}
	return strings.ReplaceAll(w.Body.String(), "\u00a0", " ")
}

// openReports are the reports of an article that wait.
func (n *newsroom) openReports(id int64) (out []correction.Remark) {
	n.t.Helper()
	list, err := n.app.Corrections.Remarks(context.Background(), n.app.DB, id, 0)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, r := range list {
		if r.Kind == correction.Report {
			out = append(out, r)
		}
	}
	return out
}

// postbox keeps the letters that readers would get.
type postbox struct {
	mu   sync.Mutex
	sent []report.Letter
}

func (p *postbox) Tell(_ context.Context, _ *db.Tx, l report.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, l)
	return nil
}

// openReporting is a newsroom that writes to readers.
func openReporting(t *testing.T, d *db.DB) (*newsroom, *postbox) {
	t.Helper()
	n := openNewsroom(t, d)
	box := &postbox{}
	conf := n.conf
	conf.Teller = box
	n.app = n.openWith(conf)
	n.desk = n.openDesk(n.app)
	return n, box
}

// letters has what is due carried out.
func (n *newsroom) letters(box *postbox) {
	n.t.Helper()
	t := report.Telling{Store: n.app.Reports, Articles: n.app.Articles, Editions: n.app.Editions, Remarks: n.app.Corrections, Teller: box}
	if err := t.Runner(n.app.DB, n.app.Log).Once(context.Background()); err != nil {
		n.t.Fatal(err)
	}
}

const reportBody = "<p id=\"b1abc\">The train — with four <strong>red</strong> wagons — needed seven minutes for 412 metres.</p>\n" +
	"<p id=\"b2abc\">Nobody said «a word». Nobody said more, and fourty people waited.</p>\n"

// TestReports follows reports from the reader to the page that is right.
func TestReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n, box := openReporting(t, d)
		w, other := n.writer(user.Editor), n.writer(user.Admin)
		id, page, public := w.published("A trian crosses", reportBody)

		// What is wrong is named.
		for name, c := range map[string]struct {
			body  map[string]any
			code  int
			field string
		}{
			"no article":     {map[string]any{"article": 99999, "exact": "412"}, 404, ""},
			"no passage":     {map[string]any{"article": id, "exact": " "}, 422, "exact"},
			"not there":      {map[string]any{"article": id, "exact": "413 metres"}, 422, "exact"},
			"in two places":  {map[string]any{"article": id, "exact": "Nobody said"}, 422, "exact"},
			"two paragraphs": {map[string]any{"article": id, "exact": "412 metres. Nobody"}, 422, "exact"},
			"no address":     {map[string]any{"article": id, "exact": "412", "email": "me at home"}, 422, "email"},
			"two addresses":  {map[string]any{"article": id, "exact": "412", "email": "a@b.example\r\nBcc: c@d.example"}, 422, "email"},
			"no such field":  {map[string]any{"article": id, "exact": "412", "colour": "red"}, 422, "colour"},
			"too long":       {map[string]any{"article": id, "exact": strings.Repeat("ю", 40<<10)}, 413, "exact"},
			"far too long":   {map[string]any{"article": id, "exact": strings.Repeat("x", 600<<10)}, 413, ""},
		} {
			if got := n.report(c.body); got.Code != c.code || got.Field != c.field || got.Message == "" || got.Status != "" {
				t.Errorf("%s: %+v, want %d naming %q", name, got, c.code, c.field)
			}
		}

		// As the page shows it: soft hyphens, no-break spaces, other dashes and marks.
		first := n.report(map[string]any{"article": id, "exact": "four red wag\u00adons - needed seven minutes for\u00a0412 metres", "prefix": "with ",
			"suggestion": "four red wag\u00adons - needed seven minutes for\u00a0421 metres", "note": "I walk it every day.", "email": "reader@example.org"})
		if first.Code != http.StatusCreated || first.Message != "Thank you! The editors have been told." || !strings.HasPrefix(first.Status, n.app.BaseURL+"/-/reports/") {
			t.Fatalf("reporting: %+v", first)
		}
		open := n.openReports(id)
		if len(open) != 1 || open[0].Passage.Exact != "four red wagons — needed seven minutes for 412 metres" || open[0].Replacement != "four red wagons — needed seven minutes for 421 metres" {
			t.Fatalf("stored as %+v", open)
		}
		// The same, and one that overlaps it, are voices of it; one elsewhere is another.
		n.report(map[string]any{"article": id, "exact": "412 metres", "suggestion": "421 m"})
		n.report(map[string]any{"article": id, "exact": "412 metres", "suggestion": "421 m"})
		n.report(map[string]any{"article": id, "exact": "Nobody said", "suffix": " more", "suggestion": "Somebody said"})
		n.report(map[string]any{"article": id, "exact": "trian", "suggestion": "train"})
		if open = n.openReports(id); len(open) != 3 || open[0].Count != 3 || open[1].Passage.Block != "b2abc" || open[2].Field != "headline" {
			t.Fatalf("folded to %+v", open)
		}
		if body := n.statusOf(first); !strings.Contains(body, "Received") || !strings.Contains(body, "I walk it every day.") || strings.Contains(body, "reader@example.org") {
			t.Errorf("the status page: %s", body)
		}

		// The queue: most readers first, the passage with the change in it.
		queue := at(n.desk, "GET", "/desk/reports", w.cookie, nil).Body.String()
		for _, want := range []string{"3 readers", "<del>four red wagons — needed seven minutes for 412 metres</del>", "I walk it every day.", "421 m", "Apply and publish a correction"} {
			if !strings.Contains(queue, want) {
				t.Errorf("the queue lacks %q", want)
			}
		}
		if strings.Contains(queue, "reader@example.org") {
			t.Error("the queue shows an address")
		}
		if at(n.desk, "POST", fmt.Sprintf("/desk/reports/%d/seen", open[0].ID), w.cookie, nil).Code != http.StatusNoContent || !strings.Contains(n.statusOf(first), "Looked at") {
			t.Error("that it was looked at is not told")
		}

		// Somebody writes on: what is applied is published without their words, and stands in theirs.
		w.write(id, func(m *article.Manuscript) { m.Body = strings.Replace(m.Body, "The train", "At last the train", 1) })
		one := fmt.Sprintf("/desk/reports/%d", open[0].ID)
		if _, said := w.post(one+"/apply", "how", "correction", "note", "It said 412 metres."); said != "The page is right now." {
			t.Fatalf("applying: %q", said)
		}
		n.shows("applied", public, "<strong>red</strong> wagons", "421", "It said 412 metres.", "!412 metres.</p>", "!At last")
		if c := n.copy(id); !strings.Contains(c.Text.Body, "At last the train — with four <strong>red</strong> wagons — needed seven minutes for 421 metres.") {
			t.Errorf("the working copy: %s", c.Text.Body)
		}
		if _, said := other.post(one+"/apply", "how", "silent"); said != "Somebody was faster: it was applied already." {
			t.Errorf("applying again: %q", said)
		}
		if body := n.statusOf(first); !strings.Contains(body, "Corrected") || !strings.Contains(body, "<ins>four red wagons — needed seven minutes for 421 metres</ins>") {
			t.Errorf("the status page once it is applied: %s", body)
		}
		// One letter, and the address is gone.
		n.letters(box)
		n.letters(box)
		if len(box.sent) != 1 || box.sent[0].To != "reader@example.org" || box.sent[0].Decision != report.Applied || n.app.BaseURL+box.sent[0].Path != first.Status || box.sent[0].Lang != "en" {
			t.Errorf("letters: %+v", box.sent)
		}
		var kept int
		if err := d.QueryRow(context.Background(), "SELECT count(*) FROM report WHERE email <> '' OR seed <> ''").Scan(&kept); err != nil || kept != 0 {
			t.Errorf("%d addresses are kept, %v", kept, err)
		}

		// The headline, quietly.
		if _, said := w.post(fmt.Sprintf("/desk/reports/%d/apply", open[2].ID)); said != "The page is right now." {
			t.Errorf("applying to the headline: %q", said)
		}
		n.shows("a headline", public, "A train crosses", "!A trian")
		if len(n.told(id)) != 1 {
			t.Errorf("readers are told %+v", n.told(id))
		}

		// What is gone is stale, and says why; a refusal needs a reason, and tells it.
		waits := n.report(map[string]any{"article": id, "exact": "fourty", "suggestion": "forty", "email": "two@example.org"})
		for _, x := range n.openReports(id) {
			if x.Passage.Exact == "Nobody said" {
				w.write(id, func(m *article.Manuscript) {
					m.Body = strings.Replace(strings.Replace(m.Body, "Nobody said more", "All sang", 1), "At last the", "The", 1)
				})
				if _, said := w.post(page+"/publish", "version", w.version(id), "when", "now", "change", "silent"); said != "Published." {
					t.Fatal(said)
				}
				path := fmt.Sprintf("/desk/reports/%d", x.ID)
				if _, said := w.post(path+"/apply", "how", "silent"); !strings.HasPrefix(said, "Not applied: ") || n.state(id, x.ID).State != correction.Stale {
					t.Errorf("stale: %q %+v", said, n.state(id, x.ID))
				}
				if body := at(n.desk, "GET", fmt.Sprintf("/desk/reports?id=%d", x.ID), w.cookie, nil).Body.String(); !strings.Contains(body, "nothing tells for certain") {
					t.Error("it is not said why")
				}
				if _, said := w.post(path + "/refuse"); !strings.Contains(said, "Say why") {
					t.Errorf("a refusal without a reason: %q", said)
				}
				if _, said := w.post(path+"/refuse", "reason", "right"); said != "Refused. The reader sees why." {
					t.Errorf("refusing: %q", said)
				}
				continue
			}
			if _, said := w.post(fmt.Sprintf("/desk/reports/%d/refuse", x.ID), "words", "We like it."); said != "Refused. The reader sees why." {
				t.Errorf("refusing: %q", said)
			}
		}
		if body := n.statusOf(waits); !strings.Contains(body, "Not changed") || !strings.Contains(body, "We like it.") {
			t.Errorf("the status page of what was refused: %s", body)
		}
		n.letters(box)
		if len(box.sent) != 2 || box.sent[1].Decision != report.Refused || box.sent[1].Reason != "We like it." {
			t.Errorf("letters: %+v", box.sent)
		}
		if f, err := n.app.Reports.Figures(context.Background(), n.clock.now().AddDate(0, 0, -1)); err != nil || f.Reports != 6 || f.Settled != 4 || f.Applied != 2 {
			t.Errorf("figures: %+v %v", f, err)
		}
	})
}

var formStatus = regexp.MustCompile(`^/-/reports/[\w-]{32}$`)

// TestReportForm is the form for those without a script, in the edition's language.
func TestReportForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		id, _, public := w.published("A train crosses", reportBody)
		form := fmt.Sprintf("/-/reports?article=%d", id)
		n.shows("the article", public, `href="`+form+`"`, "data-report=")
		n.shows("the form", form, "Which words are wrong?", `value="`+fmt.Sprint(id)+`"`, "name=\"email\"", `name="robots" content="noindex"`)
		if code, _ := n.readers("/-/reports?article=99999"); code != http.StatusNotFound {
			t.Errorf("the form of no article: %d", code)
		}
		if code, _ := n.readers("/-/reports/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"); code != http.StatusNotFound {
			t.Errorf("the status of no report: %d", code)
		}
		again := at(n.desk, "POST", "/-/reports", "", url.Values{"article": {fmt.Sprint(id)}, "exact": {"413 metres"}, "note": {`"><b>x`}})
		if body := again.Body.String(); again.Code != 422 || !strings.Contains(body, "These words are not in the article") || !strings.Contains(body, "413 metres") || strings.Contains(body, "<b>x") {
			t.Errorf("a form with what is wrong: %d %s", again.Code, body)
		}
		took := at(n.desk, "POST", "/-/reports", "", url.Values{"article": {fmt.Sprint(id)}, "exact": {"412 metres"}, "suggestion": {"421 metres"}})
		to := took.Header().Get("Location")
		if took.Code != http.StatusSeeOther || !formStatus.MatchString(to) {
			t.Fatalf("a form: %d %q", took.Code, to)
		}
		n.shows("the status", to, "Thank you! The editors have been told.", "421")
		if cross := at(n.desk, "POST", "/-/reports", "", url.Values{}, "Sec-Fetch-Site", "cross-site"); cross.Code != http.StatusForbidden {
			t.Errorf("from another site: %d", cross.Code)
		}
	})
}

// Of two who apply one report at once, one does; of many equal reports at once comes one
// with as many voices.
func TestReportRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w, other := n.writer(user.Editor), n.writer(user.Admin)
		id, _, public := w.published("A train crosses", reportBody)
		n.report(map[string]any{"article": id, "exact": "412", "suggestion": "421"})
		x := n.openReports(id)[0]
		before, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 8 {
			who := w
			if i%2 == 1 {
				who = other
			}
			all.Go(func() {
				at(n.desk, "POST", fmt.Sprintf("/desk/reports/%d/apply", x.ID), who.cookie, url.Values{"how": {"correction"}, "note": {"It said 412."}})
			})
		}
		all.Wait()
		after, err := n.app.Articles.Get(context.Background(), n.app.DB, id)
		if err != nil || after.Revision != before.Revision+1 || len(n.told(id)) != 1 || n.state(id, x.ID).State != correction.Applied {
			t.Errorf("applied by eight at once: revision %d after %d, %d corrections, %v", after.Revision, before.Revision, len(n.told(id)), err)
		}
		n.shows("applied", public, "421", "!412 metres.</p>")
	})
}

// TestReportRights: what readers report of an article is answered by editors, and by
// those whose article it is; published by editors alone.
func TestReportRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		for _, mine := range []bool{true, false} {
			for role, who := range n.staff {
				for _, deed := range []string{"seen", "refuse", "done", "apply"} {
					id, _, _ := w.published("A train crosses", reportBody)
					if mine {
						n.change(func(ctx context.Context, tx *db.Tx) error {
							return n.app.Articles.SetWork(ctx, tx, id, article.Work{Staff: who.ID})
						})
					}
					n.report(map[string]any{"article": id, "exact": "412", "suggestion": "421"})
					x := n.openReports(id)[0]
					cookie := n.enter(who)
					code := at(n.desk, "POST", fmt.Sprintf("/desk/reports/%d/%s", x.ID, deed), cookie, url.Values{"how": {"silent"}, "reason": {"right"}}).Code
					may := role == user.Admin || role == user.Editor || role == user.Author && mine && deed != "apply"
					want := http.StatusForbidden
					if may && deed == "seen" {
						want = http.StatusNoContent
					} else if may {
						want = http.StatusSeeOther
					}
					if now := n.state(id, x.ID); code != want || !may && (now.State != correction.Open || !now.Seen.IsZero()) || may && deed != "seen" && now.State == correction.Open {
						t.Errorf("%s by %s, theirs %v: %d, want %d; it is %s", deed, role, mine, code, want, now.State)
					}
					list := at(n.desk, "GET", fmt.Sprintf("/desk/reports?order=age&id=%d", x.ID), cookie, nil).Body.String()
					if sees := strings.Contains(list, fmt.Sprintf("/desk/reports/%d/", x.ID)) || strings.Contains(list, "by "+who.Name); sees && !(role == user.Admin || role == user.Editor || role == user.Author && mine) {
						t.Errorf("%s sees what is reported of others' articles", role)
					}
				}
			}
		}
	})
}

// TestReportCaption: captions are reported and put right, also one that a picture has
// brought along: it becomes the article's own, and the picture's stays.
func TestReportCaption(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		one, two := w.photo("ferry.jpg", 1300, 900), w.photo("pier.jpg", 1000, 700)
		n.change(func(ctx context.Context, tx *db.Tx) error {
			for _, m := range []media.Media{one, two} {
				m.Texts = map[string]media.Text{"en": {Caption: "The feryr at seven"}}
				if m.ID == two.ID {
					m.Texts = map[string]media.Text{"en": {Caption: "The pier at eight"}}
				}
				if _, err := n.app.Media.Put(ctx, tx, n.site.Publication.ID, []media.Media{m}); err != nil {
					return err
				}
			}
			return nil
		})
		id, _, public := w.published("A ferry", fmt.Sprintf("<p id=\"b1abc\">It is back.</p>\n<figure id=\"b2abc\"><img src=\"ref:media/%d\" alt=\"A ferry\"></figure>\n"+
			"<figure id=\"b3abc\"><img src=\"ref:media/%d\" alt=\"A pier\"></figure>\n<figure id=\"b4abc\"><img src=\"ref:media/%d\" alt=\"A pier\"><figcaption>The peir at nine</figcaption></figure>\n", one.ID, two.ID, two.ID))
		for _, c := range [][2]string{{"feryr", "ferry"}, {"peir", "pier"}} {
			if got := n.report(map[string]any{"article": id, "exact": c[0], "suggestion": c[1]}); got.Code != http.StatusCreated {
				t.Fatalf("reporting %s: %+v", c[0], got)
			}
		}
		for _, x := range n.openReports(id) {
			if _, said := w.post(fmt.Sprintf("/desk/reports/%d/apply", x.ID), "how", "silent"); said != "The page is right now." {
				t.Errorf("%s: %q", x.Passage.Exact, said)
			}
		}
		n.shows("captions", public, "The ferry at seven", "The pier at eight", "The pier at nine", "!feryr", "!peir")
		body := n.copy(id).Text.Body
		if !strings.Contains(body, "<figcaption>The ferry at seven</figcaption>") || strings.Contains(body, "at eight") {
			t.Errorf("the text is %s", body)
		}
	})
}

// TestReportWhole: from one sign to a paragraph of 64 KiB, in any script.
func TestReportWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		long := strings.TrimSpace(strings.Repeat("Көпірде сол күні жүзге жуық адам жиналды, ешкім үндемеді; ", 600))
		if len(long) > 64<<10 || len(long) < 60<<10 {
			t.Fatal(len(long))
		}
		id, _, public := w.published("A long one", "<p id=\"b1abc\">"+long+"</p>\n<p id=\"b2abc\">Nobody said a word Ω more.</p>\n")
		for _, c := range [][2]string{{"Ω", "𝔘\u0301 👩🏽‍🚒"}, {long, long[:len(long)-1] + "!"}} {
			if got := n.report(map[string]any{"article": id, "exact": c[0], "suggestion": c[1]}); got.Code != http.StatusCreated {
				t.Fatalf("reporting %d bytes: %d %s", len(c[0]), got.Code, got.Message)
			}
		}
		for _, x := range n.openReports(id) {
			if _, said := w.post(fmt.Sprintf("/desk/reports/%d/apply", x.ID), "how", "silent"); said != "The page is right now." {
				t.Errorf("applying %d bytes: %q", len(x.Passage.Exact), said)
			}
		}
		if body := n.copy(id).Text.Body; body != "<p id=\"b1abc\">"+long[:len(long)-1]+"!</p>\n<p id=\"b2abc\">Nobody said a word 𝔘\u0301 👩🏽‍🚒 more.</p>\n" {
			t.Errorf("the text is %s", body[max(0, len(body)-300):])
		}
		if code, _ := n.readers(public); code != http.StatusOK {
			t.Error(code)
		}
	})
}
