//go:build soak

package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// Texts that are unlike each other are made of these, a row for each place of a number.
var sayings = [5][]string{
	{"Grandmother", "The ferryman", "Our teacher", "A neighbour", "The baker", "Somebody", "My sister", "The postman", "A shepherd", "The doctor"},
	{"carried", "found", "painted", "sold", "mended", "counted", "forgot", "borrowed", "buried", "weighed"},
	{"copper kettles", "wet umbrellas", "old letters", "green apples", "two saddles", "paper lanterns", "wool blankets", "broken clocks", "salt fish", "tin soldiers"},
	{"behind the mill", "near the bridge", "under the stairs", "beside the well", "in the orchard", "across the valley", "by the station", "above the harbour", "outside the school", "along the canal"},
	{"before dawn.", "last spring.", "on market day.", "during the storm.", "after the wedding.", "at noon.", "in silence.", "without a word.", "every Tuesday.", "for a whole year."},
}

// saying is a text of its own for every number below a hundred thousand.
func saying(n int) string {
	var words []string
	for _, row := range sayings {
		words = append(words, row[n%10])
		n /= 10
	}
	return strings.Join(words, " ")
}

// talk is what was sent to a site that is killed, and what it acknowledged.
type talk struct {
	ids, headlines []string
	session        string
	person         atomic.Uint32
	sent           atomic.Int64

	mu        sync.Mutex
	comments  map[string]int64  // text: id
	reports   map[string]bool   // note
	decisions map[int64]string  // comment: deed
	open      []decision        // comments that nobody has decided about, and decisions that were not answered
	strange   map[string]string // an answer that there should not be: what it was to
}

type decision struct {
	id   int64
	deed string
}

// post sends something as a browser does; code 0: no whole answer.
func (k *talk) post(client *http.Client, to, kind, body, base string, head map[string]string) (code int, answer []byte) {
	r, err := http.NewRequest("POST", base+to, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	n := k.person.Add(1)
	r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{byte(11 + n>>16), byte(n >> 8), byte(n), 1}).String())
	r.Header.Set("User-Agent", fixtures.Browser)
	r.Header.Set("Origin", base)
	r.Header.Set("Content-Type", kind)
	for name, value := range head {
		r.Header.Set(name, value)
	}
	w, err := client.Do(r)
	if err != nil {
		time.Sleep(time.Millisecond) // it is gone; the next look at stop ends this
		return 0, nil
	}
	defer w.Body.Close()
	if answer, err = io.ReadAll(w.Body); err != nil {
		return 0, nil
	}
	return w.StatusCode, answer
}

// odd notes an answer that says neither yes nor "not now".
func (k *talk) odd(what string, code int, answer []byte) {
	if code == 0 || code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strange[fmt.Sprintf("%d %.200s", code, answer)] = what
}

// until does something again and again until stop.
func until(stop <-chan struct{}, do func(*http.Client)) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for {
		select {
		case <-stop:
			return
		default:
			do(client)
		}
	}
}

// write sends a comment, and one that had no answer once more under the same key.
func (k *talk) write(client *http.Client, base string) {
	n := int(k.sent.Add(1))
	text := saying(n)
	body, _ := json.Marshal(map[string]any{"article": json.Number(k.ids[n%len(k.ids)]), "name": "Writer", "text": text, "key": fmt.Sprintf("sending-%020d", n)}) // cannot fail
	for range 2 {
		code, answer := k.post(client, "/-/comments", "application/json", string(body), base, nil)
		var out struct{ ID int64 }
		if code == http.StatusCreated && json.Unmarshal(answer, &out) == nil && out.ID > 0 {
			k.mu.Lock()
			k.comments[text] = out.ID
			k.open = append(k.open, decision{out.ID, []string{"approve", "remove"}[n%2]})
			k.mu.Unlock()
			return
		}
		k.odd(text, code, answer)
	}
}

// report reports an error in a headline.
func (k *talk) report(client *http.Client, base string) {
	n := int(k.sent.Add(1))
	note := saying(n)
	body, _ := json.Marshal(map[string]any{"article": json.Number(k.ids[n%len(k.ids)]), "exact": k.headlines[n%len(k.ids)], "suggestion": note, "note": note}) // cannot fail
	code, answer := k.post(client, "/-/reports", "application/json", string(body), base, nil)
	if code != http.StatusCreated {
		k.odd(note, code, answer)
		return
	}
	k.mu.Lock()
	k.reports[note] = true
	k.mu.Unlock()
}

// moderate decides about one comment; what had no answer is decided once more.
func (k *talk) moderate(client *http.Client, base string) {
	k.mu.Lock()
	if len(k.open) == 0 {
		k.mu.Unlock()
		time.Sleep(time.Millisecond)
		return
	}
	d := k.open[0]
	k.open = k.open[1:]
	k.mu.Unlock()
	form := url.Values{"version": {"1"}, "deed": {d.deed}}
	if d.deed == "remove" {
		form.Set("rule", "1")
	}
	code, answer := k.post(client, fmt.Sprintf("/desk/comments/%d/decide", d.id), "application/x-www-form-urlencoded", form.Encode(), base,
		map[string]string{"Cookie": k.session, "Accept": "application/json", "Sec-Fetch-Site": "same-origin"})
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case code == http.StatusOK && bytes.Contains(answer, []byte(`"decision":`)):
		k.decisions[d.id] = d.deed
	case code == 0 || code == http.StatusServiceUnavailable:
		k.open = append([]decision{d}, k.open...)
	default:
		k.strange[fmt.Sprintf("%d %.200s", code, answer)] = "a decision"
	}
}

// enter signs a moderator in by the link that the command prints.
func (k *talk) enter(t *testing.T, s *fixtures.Store, base string) {
	args := append([]string{"staff", "add", "--email", "saule@lamp.example", "--name", "Saule", "--role", "moderator", "--base-url", base}, s.Flags()...)
	out, err := exec.Command(fixtures.Binary(t), args...).Output()
	if err != nil {
		t.Fatalf("staff add: %v", err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequest("POST", strings.TrimSpace(string(out)), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	w, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	w.Body.Close()
	for _, c := range w.Cookies() {
		if c.Name == "s" {
			k.session = c.Name + "=" + c.Value
		}
	}
	if k.session == "" {
		t.Fatalf("the link gives no session: %s", w.Status)
	}
}

// TestTalkKilled kills a server at random moments while two readers comment, two report
// errors and a moderator decides: what was acknowledged is there once, nothing is there
// twice.
func TestTalkKilled(t *testing.T) {
	fixtures.Each(t, func(t *testing.T, s *fixtures.Store) {
		rnd, d := chance(t), brought(t, s)
		const some = " FROM article WHERE state = 'approved' AND kind = 'article' AND visible_from < 1700000000000 ORDER BY id LIMIT 300"
		k := &talk{ids: fixtures.Strings(t, d, "SELECT CAST(id AS TEXT) AS number"+some), headlines: fixtures.Strings(t, d, "SELECT headline"+some),
			comments: map[string]int64{}, reports: map[string]bool{}, decisions: map[int64]string{}, strange: map[string]string{}}
		page := "/" + fixtures.Strings(t, d, "SELECT path FROM article WHERE state = 'approved' AND edition_id = (SELECT default_edition_id FROM publication) LIMIT 1")[0]
		imported := fixtures.Number(t, d, "SELECT count(*) FROM comment")
		for killed := range kills(t) {
			server := s.Serve(t, page, "--proxy", "127.0.0.0/8", "--comments", "open")
			if killed == 0 {
				k.enter(t, s, server.Base)
			}
			var people sync.WaitGroup
			stop := make(chan struct{})
			for _, do := range []func(*http.Client, string){k.write, k.write, k.report, k.report, k.moderate} {
				people.Go(func() { until(stop, func(c *http.Client) { do(c, server.Base) }) })
			}
			time.Sleep(time.Duration(50+rnd.IntN(600)) * time.Millisecond)
			server.Kill()
			close(stop)
			people.Wait()
			if s.Engine == "postgres" {
				settle(t, s) // it may still be committing what its client sent
			}
			k.holds(t, s, killed+1)
			if t.Failed() {
				return
			}
		}
		stored := fixtures.Number(t, d, "SELECT count(*) FROM comment") - imported
		t.Logf("%d sent; acknowledged: %d comments (%d stored), %d reports (%d), %d decisions (%d)", k.sent.Load(), len(k.comments), stored,
			len(k.reports), fixtures.Number(t, d, "SELECT count(*) FROM report"), len(k.decisions), fixtures.Number(t, d, "SELECT count(*) FROM comment_decision WHERE NOT by_machine"))
		if len(k.comments) == 0 || len(k.reports) == 0 || len(k.decisions) == 0 {
			t.Error("that proves nothing")
		}
		if s.Engine == "sqlite" {
			if got := fixtures.Strings(t, d, "PRAGMA integrity_check"); len(got) != 1 || got[0] != "ok" {
				t.Errorf("integrity: %v", got)
			}
		}
	})
}

// holds compares what was acknowledged with what is stored.
func (k *talk) holds(t *testing.T, s *fixtures.Store, killed int) {
	t.Helper()
	d := s.Open(t)
	defer d.Close()
	for answer, what := range k.strange {
		t.Errorf("after %d kills: %q was answered %s", killed, what, answer)
	}
	count := func(query string) map[string]int {
		out := map[string]int{}
		for _, x := range fixtures.Strings(t, d, query) {
			out[x]++
		}
		return out
	}
	once := func(what string, stored map[string]int, acked []string) {
		for x, n := range stored {
			if n > 1 {
				t.Errorf("after %d kills: the %s %q is there %d times", killed, what, x, n)
			}
		}
		for _, x := range acked {
			if stored[x] != 1 {
				t.Errorf("after %d kills: the %s %q was acknowledged and is there %d times", killed, what, x, stored[x])
			}
		}
	}
	var said, noted, decided []string
	for text, id := range k.comments {
		said = append(said, strconv.FormatInt(id, 10)+" "+text)
	}
	once("comment", count("SELECT CAST(id AS TEXT) || ' ' || body FROM comment WHERE author_kind = 'guest'"), said)
	once("comment's text", count("SELECT body FROM comment WHERE author_kind = 'guest'"), nil)
	for note := range k.reports {
		noted = append(noted, note)
	}
	once("report", count("SELECT v.note FROM report r JOIN remark_voice v ON v.id = r.voice_id"), noted)
	for id, deed := range k.decisions {
		decided = append(decided, strconv.FormatInt(id, 10)+" "+deed)
	}
	once("decision", count("SELECT CAST(comment_id AS TEXT) || ' ' || deed FROM comment_decision WHERE NOT by_machine AND stands"), decided)
	once("comment decided about", count("SELECT CAST(comment_id AS TEXT) FROM comment_decision WHERE NOT by_machine"), nil)
	if n := fixtures.Number(t, d, "SELECT count(*) FROM comment c JOIN comment_decision x ON x.comment_id = c.id AND x.stands AND NOT x.by_machine"+
		" WHERE c.state <> CASE x.deed WHEN 'approve' THEN 'approved' ELSE 'trash' END"); n != 0 {
		t.Errorf("after %d kills: %d comments are not as was decided", killed, n)
	}
}
