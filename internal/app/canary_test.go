package app_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/user"
)

// canary is an article at some state, whose every field says a word that stands nowhere
// else: where the word is found, the field has leaked.
type canary struct {
	name  string // state and edition
	id    int64
	words map[string]string // field → word that readers must not see
	seen  string            // a word that they do see, if any
	path  string            // of its page, once it had or will have one
	media int64
}

func (n *newsroom) picture(w writer, tone uint8) int64 {
	n.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*int(tone)) | 3
	}
	img.Set(0, 0, color.RGBA{tone, tone, 9, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		n.t.Fatal(err)
	}
	code, sent := w.sends("canary.png", b.Bytes(), "&lang=en")
	if sent.ID == 0 {
		n.t.Fatalf("a picture was not taken: %d %+v", code, sent)
	}
	return sent.ID
}

// canaries makes an article of every state in every edition.
func (n *newsroom) canaries(w writer) (out []canary) {
	n.t.Helper()
	zone := zoneOf(n.t, n.site.Publication.Zone)
	tone := uint8(1)
	for _, ed := range n.site.Editions {
		for _, state := range []string{"draft", "in_review", "ready", "scheduled", "embargoed", "spiked", "withdrawn", "changed", "deferred", "corrected"} {
			c := canary{name: state + " " + ed.Lang, words: map[string]string{}}
			word := func(field string) string {
				s := "zq" + strings.ReplaceAll(state, "_", "") + ed.Lang + field + "qz"
				c.words[field] = s
				return s
			}
			var page string
			c.id, page = w.began(ed.Lang)
			tone += 7
			c.media = n.picture(w, tone)
			tag := struct{ ID int64 }{}
			w.send("/desk/add/tags", map[string]any{"name": word("tag"), "lang": ed.Lang}, &tag)
			person := struct{ ID int64 }{}
			w.send("/desk/add/people", map[string]any{"name": word("person"), "lang": ed.Lang}, &person)
			place := struct{ ID int64 }{}
			w.send("/desk/add/places", map[string]any{"name": word("place"), "lang": ed.Lang}, &place)
			if tag.ID*person.ID*place.ID == 0 {
				n.t.Fatal("no tag, person or place was made")
			}
			secret := func(m *article.Manuscript) {
				m.Kicker, m.Headline, m.ShortHeadline, m.Standfirst = word("kicker"), word("head"), word("short"), word("stand")
				m.SEOTitle, m.SEODescription, m.SocialTitle, m.SocialDescription = word("seot"), word("seod"), word("soct"), word("socd")
				m.Sections, m.Tags, m.Place, m.PlaceName = []int64{n.section()}, []int64{tag.ID}, place.ID, c.words["place"]
				m.Credits = []article.Credit{{Entity: person.ID, Name: c.words["person"], Role: "author"}}
				m.Lead = article.Use{ID: c.media, Caption: word("caption"), Credit: word("credit"), Alt: word("alt")}
				m.Body = "<p id=\"b1abc\">" + word("body") + " stands here.</p>\n<blockquote id=\"b2abc\" class=\"q\"><p>" + word("quote") + "</p></blockquote>\n"
			}
			// What readers see of an article that is public all the same.
			open := func(m *article.Manuscript) {
				c.seen = "open" + strings.ReplaceAll(state, "_", "") + ed.Lang + "nepo"
				m.Headline, m.Sections, m.Body = c.seen, []int64{n.section()}, "<p id=\"b1abc\">Said to all.</p>\n"
			}
			do := func(what, want string, pairs ...string) {
				n.t.Helper()
				if code, said := w.post(page+what, pairs...); !strings.Contains(said, want) {
					n.t.Fatalf("%s, %s: %d %q", c.name, what, code, said)
				}
			}
			publish := func(more ...string) {
				n.t.Helper()
				do("/publish", "", append([]string{"version", n.version(c.id)}, more...)...)
			}
			later := func() []string {
				x := n.clock.now().In(zone).Add(30 * 24 * time.Hour)
				return []string{"when", "at", "day", x.Format("2006-01-02"), "clock", x.Format("15:04")}
			}
			switch state {
			case "changed", "deferred":
				w.write(c.id, open)
				publish("when", "now")
				w.write(c.id, secret)
				if state == "deferred" {
					publish(append(later(), "change", "silent")...)
				}
			case "corrected":
				w.write(c.id, secret)
				publish("when", "now")
				w.write(c.id, func(m *article.Manuscript) {
					*m = article.Manuscript{Access: m.Access, Comments: m.Comments, Slug: "open-" + ed.Lang}
					open(m)
				})
				publish("when", "now", "change", "correction", "note", "There was a mistake.")
			case "withdrawn":
				w.write(c.id, secret)
				publish("when", "now")
				do("/withdraw", "Withdrawn.", "reason", "It was wrong.")
			default:
				w.write(c.id, secret)
				switch state {
				case "in_review", "ready":
					do("/move", "", "version", n.version(c.id), "to", state)
				case "scheduled":
					publish(later()...)
				case "embargoed":
					publish(append(later(), "embargo", "1")...)
				case "spiked":
					do("/spike", "Spiked.")
				}
			}
			a, err := n.app.Articles.Get(context.Background(), n.app.DB, c.id)
			if err != nil {
				n.t.Fatal(err)
			}
			c.path = a.Path
			if got := a.Visibility().At(n.clock.now()) == article.Published; got != (c.seen != "") {
				n.t.Fatalf("%s is public: %v", c.name, got)
			}
			out = append(out, c)
		}
	}
	return out
}

// leaks are the fields of which a text has the word.
func leaks(list []canary, text string) (out []string) {
	if !strings.Contains(text, "zq") {
		return nil
	}
	for _, c := range list {
		for _, field := range slices.Sorted(maps.Keys(c.words)) {
			if strings.Contains(strings.ToLower(text), c.words[field]) {
				out = append(out, c.name+": "+field)
			}
		}
	}
	return out
}

var locs = regexp.MustCompile(`<(?:loc|link|id|guid)[^>]*>\s*(?:https?://[^/<]+)?(/[^<\s]*)|"(?:url|home_page_url|feed_url|next_url)":"(?:https?://[^/"]+)?(/[^"]*)"|(?:href|src|content|srcset)="(?:https?://lamp\.test)?(/[^"\s]*)`)

// TestCanaries: no word of an article that readers must not see is found anywhere that
// they can reach – pages, feeds, sitemaps, search and its suggestions, cards, oEmbed,
// headers, media, redirects – nor at the desk by whoever may not read it, in any state,
// edition and role; what they may see is found.
func TestCanaries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		w := n.writer(user.Editor)
		list := n.canaries(w)
		if err := n.app.Search.Maintain(context.Background()); err != nil {
			t.Fatal(err)
		}
		ask := func(path, cookie string) (int, string) {
			r := httptest.NewRequest("GET", path, nil)
			r.Host = "lamp.test"
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
			answer := httptest.NewRecorder()
			n.desk.ServeHTTP(answer, r)
			var head strings.Builder
			for name, values := range answer.Header() {
				fmt.Fprintln(&head, name, strings.Join(values, " "))
			}
			text := head.String() + answer.Body.String()
			plain, err := url.PathUnescape(text)
			if err != nil {
				plain = text
			}
			return answer.Code, plain
		}

		// Everything that readers are led to.
		queue := []string{"/", "/ru/", "/kk/", "/robots.txt", "/sitemap.xml", "/-/live", "/-/ready", "/ads.txt", "/trust.txt", "/.well-known/security.txt",
			"/feed/dzen.xml", "/ru/feed/dzen.xml", "/kk/feed/dzen.xml", "/opensearch.xml", "/ru/opensearch.xml", "/kk/opensearch.xml"}
		// What somebody may guess.
		for _, c := range list {
			prefix := "/"
			if lang := c.name[len(c.name)-2:]; lang != "en" {
				prefix = "/" + lang + "/"
			}
			queue = append(queue, fmt.Sprintf("/?p=%d", c.id), fmt.Sprintf("%s?p=%d", prefix, c.id), fmt.Sprintf("/-/views/%d", c.id), fmt.Sprintf("/-/views/%d.gif", c.id),
				fmt.Sprintf("/media/card/%d.png", c.id), fmt.Sprintf("/desk/articles/%d", c.id), fmt.Sprintf("/desk/articles/%d/preview", c.id), fmt.Sprintf("/desk/articles/%d/preview/card", c.id),
				fmt.Sprintf("/desk/articles/%d/previews?as=feed", c.id), fmt.Sprintf("/desk/media/%d", c.media), fmt.Sprintf("/desk/media/%d/file", c.media))
			if c.path != "" {
				queue = append(queue, prefix+c.path, prefix+c.path+"/", prefix+c.path+"/comments/1", prefix+c.path+"/feed.xml",
					"/-/oembed?url="+url.QueryEscape("http://lamp.test"+prefix+c.path))
			}
			for _, field := range []string{"head", "body", "caption"} {
				queue = append(queue, prefix+"search?q="+c.words[field], prefix+"search?q="+c.words[field][:len(c.words[field])-3]+"*")
			}
			queue = append(queue, prefix+"tag/"+c.words["tag"], prefix+"author/"+c.words["person"], prefix+c.words["head"])
		}
		seen, found := map[string]bool{}, map[string]bool{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if seen[path] || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/desk/in/") || strings.Count(path, "search?") > 0 && len(seen) > 20_000 {
				continue
			}
			seen[path] = true
			code, text := ask(path, "")
			if code >= 500 && !strings.HasPrefix(path, "/-/demo/") {
				t.Errorf("%s: %d", path, code)
			}
			// What was asked for may be said again: it is taken out, and what is left is looked at.
			if plain, err := url.PathUnescape(path); err == nil && strings.Contains(plain, "zq") {
				for _, part := range regexp.MustCompile(`zq[a-z]+`).FindAllString(plain, -1) {
					text = regexp.MustCompile(regexp.QuoteMeta(part)+`(?:\b|\*|$)`).ReplaceAllString(text, "")
				}
			}
			if got := leaks(list, text); got != nil {
				t.Errorf("%s tells readers of %v", path, got)
			}
			for _, c := range list {
				if c.seen != "" && strings.Contains(text, c.seen) {
					found[c.name] = true
				}
			}
			if strings.HasPrefix(path, "/media/") || strings.Contains(path, "zq") {
				continue
			}
			for _, m := range locs.FindAllStringSubmatch(text, -1) {
				to := html.UnescapeString(m[1] + m[2] + m[3])
				if i := strings.IndexByte(to, '#'); i >= 0 {
					to = to[:i]
				}
				if to != "" && !strings.HasPrefix(to, "//") {
					queue = append(queue, to)
				}
			}
		}
		if len(seen) < 1000 {
			t.Errorf("only %d addresses", len(seen))
		}
		for _, c := range list {
			if c.seen != "" && !found[c.name] {
				t.Errorf("%s: what readers may see is nowhere", c.name)
			}
		}
		// The files of pictures that no public article has.
		for _, c := range list {
			m, err := n.app.Media.ByIDs(context.Background(), []int64{c.media})
			if err != nil {
				t.Fatal(err)
			}
			if code, _ := ask(m[c.media].Path(), ""); code != http.StatusNotFound && code != http.StatusGone {
				t.Errorf("%s: its picture at %s answers %d", c.name, m[c.media].Path(), code)
			}
		}

		// At the desk: who may read their own alone, or nothing.
		for _, role := range []user.Role{user.Author, user.Moderator} {
			at := n.writer(role)
			queue := []string{"/desk/", "/desk/more"}
			for _, r := range n.app.DeskRouter.Routes() {
				if r.Method == "GET" && strings.HasPrefix(r.Pattern, "/desk") && !strings.Contains(r.Pattern, "{") {
					queue = append(queue, r.Pattern)
				}
			}
			for _, c := range list {
				for _, r := range n.app.DeskRouter.Routes() {
					if r.Method == "GET" && strings.HasPrefix(r.Pattern, "/desk/articles/{id}") {
						queue = append(queue, strings.Replace(r.Pattern, "{id}", fmt.Sprint(c.id), 1))
					}
				}
				for _, what := range []string{"articles", "media"} {
					queue = append(queue, "/desk/find/"+what+"?q="+c.words["head"][:10]+"&lang="+c.name[len(c.name)-2:])
				}
				queue = append(queue, "/desk/articles?q="+c.words["head"][:8], "/desk/articles?in=all&q=zq")
			}
			seen, alike, guessed := map[string]bool{}, atMost(30), len(queue)
			for n := 0; len(queue) > 0; n++ {
				path := queue[0]
				queue = queue[1:]
				if seen[path] || strings.Contains(path, "sign-in") || strings.HasPrefix(path, "/desk/in/") || n >= guessed && !alike(path) {
					continue
				}
				seen[path] = true
				code, text := ask(path, at.cookie)
				if code >= 500 {
					t.Errorf("%s by the %s: %d", path, role, code)
				}
				got := slices.DeleteFunc(leaks(list, text), func(s string) bool {
					// Names of tags, people and places are offered to all who file an article.
					return strings.HasSuffix(s, ": tag") || strings.HasSuffix(s, ": person") || strings.HasSuffix(s, ": place")
				})
				if got != nil {
					t.Errorf("%s tells the %s of %v", path, role, got)
				}
				for _, m := range links.FindAllStringSubmatch(text, -1) {
					if to := html.UnescapeString(m[1]); strings.HasPrefix(to, "/desk/") {
						queue = append(queue, to)
					}
				}
			}
			if role == user.Author && len(seen) < 50 {
				t.Errorf("the %s was shown %d pages", role, len(seen))
			}
		}

		// The test sees what it looks for: once it is public, all of it is found.
		n.clock.add(31 * 24 * time.Hour)
		for _, c := range list {
			if !strings.HasPrefix(c.name, "scheduled") {
				continue
			}
			prefix := map[string]string{"en": "/", "ru": "/ru/", "kk": "/kk/"}[c.name[len(c.name)-2:]]
			told := map[string]bool{}
			for _, path := range []string{prefix, prefix + c.path, prefix + "feed.xml", prefix + "search?q=" + c.words["body"]} {
				_, text := ask(path, "")
				for _, what := range leaks([]canary{c}, text) {
					told[what] = true
				}
			}
			if len(told) < len(c.words)-1 { // the short headline is for lists with little room
				t.Errorf("%s, once it is public: %d of %d fields are told: %v", c.name, len(told), len(c.words), slices.Sorted(maps.Keys(told)))
			}
		}
	})
}
