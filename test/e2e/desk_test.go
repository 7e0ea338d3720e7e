//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	demofiles "dateline/demo"
	"dateline/internal/app"
	fill "dateline/internal/demo"
	"dateline/internal/desk"
	"dateline/internal/user"
)

// atDesk is the demo newsroom with its desk, on this machine's own name: a passkey
// cannot be tied to an address of numbers.
type atDesk struct {
	t     testing.TB
	app   *app.App
	url   string
	b     *browser
	chief user.Account
	away  atomic.Bool // the server answers nobody
}

var tester = user.Actor{Name: "a test"}

func openDesk(t testing.TB) *atDesk {
	t.Helper()
	return openDeskOn(t, app.Config{})
}

// openDeskOn is openDesk on an engine or by a clock of one's own.
func openDeskOn(t testing.TB, c app.Config) *atDesk {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &atDesk{t: t, url: fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)}
	ctx := context.Background()
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	c.BaseURL, c.Log = k.url, slog.New(slog.NewTextHandler(io.Discard, nil))
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	rooms := fill.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views, Users: a.Users}
	if err := fill.Fill(ctx, rooms, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	if k.chief, err = fill.Staff(ctx, rooms, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	if err := a.Public(); err != nil {
		t.Fatal(err)
	}
	if err := a.Desk(false); err != nil {
		t.Fatal(err)
	}
	handler := a.Handler()
	server := &http.Server{ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if k.away.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	})}
	t.Cleanup(func() { server.Close() })
	go server.Serve(l)
	k.app, k.b = a, startBrowser(t)
	return k
}

// link is a fresh one-time link for an account.
func (k *atDesk) link(a user.Account) string {
	k.t.Helper()
	token, _, err := k.app.Users.NewLink(context.Background(), tester, a.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.url + desk.LinkPath(token)
}

// press submits with the only button of a form, or any element that is pressed.
func (p *tab) press(t testing.TB, selector string) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.WaitVisible(selector), chromedp.Click(selector)); err != nil {
		t.Fatalf("%s: %v", selector, err)
	}
}

// submit presses a form's button and waits for the page that answers it.
func (p *tab) submit(t testing.TB, selector string) {
	t.Helper()
	eval[bool](t, p, "window.before = true")
	p.press(t, selector)
	for range 400 {
		if eval[bool](t, p, "!window.before && document.readyState === 'complete'") {
			return
		}
		if err := chromedp.Do(p.ctx, chromedp.Sleep(25*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s: no answer", selector)
}

func (p *tab) write(t testing.TB, selector, text string) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.WaitVisible(selector), chromedp.SetValue(selector, text)); err != nil {
		t.Fatalf("%s: %v", selector, err)
	}
}

// arrived waits until the page at a path is there.
func (p *tab) arrived(t testing.TB, path string) {
	t.Helper()
	for range 200 {
		if eval[string](t, p, "document.readyState === 'complete' ? location.pathname : ''") == path {
			return
		}
		if err := chromedp.Do(p.ctx, chromedp.Sleep(25*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("still at %s, not at %s:\n%s", eval[string](t, p, "location.href"), path, visibleText(t, p))
}

func (p *tab) goTo(t testing.TB, address string) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}

// signIn opens a tab that is signed in by a link.
func (k *atDesk) signIn(a user.Account) *tab {
	k.t.Helper()
	p := k.b.open(k.t, k.link(a), true, 1440, 900)
	p.press(k.t, "main form button")
	p.arrived(k.t, "/desk/account")
	return p
}

// A passkey is added and signs in, with Chromium's own authenticator; afterwards the
// session that is ended elsewhere is over.
func TestDeskPasskey(t *testing.T) {
	k := openDesk(t)
	p := k.b.open(t, k.link(k.chief), true, 1440, 900)
	p.attach(t)
	if text := visibleText(t, p); !strings.Contains(text, "Ainur Seitbai") {
		t.Errorf("the link does not say whose it is:\n%s", text)
	}
	p.press(t, "main form button")
	p.arrived(t, "/desk/account")
	p.write(t, "#f-passkey", "Test telephone")
	p.press(t, "#newkey button")
	for range 100 {
		if strings.Contains(visibleText(t, p), "The passkey “Test telephone” has been added.") {
			break
		}
		chromedp.Do(p.ctx, chromedp.Sleep(25*time.Millisecond))
	}
	if text := visibleText(t, p); !strings.Contains(text, "has been added") {
		t.Fatalf("no passkey was added:\n%s", text)
	}
	p.press(t, ".me form button")
	p.arrived(t, "/desk/sign-in")
	p.goTo(t, k.url+"/desk/staff?x=1")
	p.arrived(t, "/desk/sign-in")
	p.press(t, "#passkey")
	p.arrived(t, "/desk/staff")
	if err := k.app.Users.EndSessions(context.Background(), tester, k.chief.ID, 0); err != nil {
		t.Fatal(err)
	}
	p.goTo(t, k.url+"/desk/")
	p.arrived(t, "/desk/sign-in")
	p.quiet(t, "passkeys")
}

// attach gives the tab's machine an authenticator that knows its owner.
func (p *tab) attach(t testing.TB) {
	t.Helper()
	if _, err := chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
		HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		t.Fatal(err)
	}
}

var secretShown = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){7}`)

// A password and a code are set up and sign in, all without scripts.
func TestDeskPasswordWithoutScripts(t *testing.T) {
	k := openDesk(t)
	p := k.b.open(t, k.link(k.chief), false, 1440, 900)
	p.submit(t, "main form button")
	p.arrived(t, "/desk/account")
	p.self = k.url + "/desk/account/password"
	p.goTo(t, p.self)
	secret := strings.ReplaceAll(secretShown.FindString(visibleText(t, p)), " ", "")
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatalf("secret %q: %v", secret, err)
		}
		return c
	}
	p.write(t, "#f-password", "short")
	p.write(t, "#f-code", code(time.Now()))
	p.submit(t, "main form button")
	if text := visibleText(t, p); !strings.Contains(text, "At least 12 signs") || strings.ReplaceAll(secretShown.FindString(text), " ", "") != secret {
		t.Fatalf("a short password:\n%s", text)
	}
	p.write(t, "#f-password", "seven pianos in one street")
	p.write(t, "#f-code", code(time.Now()))
	p.submit(t, "main form button")
	text := visibleText(t, p)
	recovery := regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`).FindAllString(text, -1)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes:\n%s", len(recovery), text)
	}
	p.submit(t, ".me form button")
	p.arrived(t, "/desk/sign-in")
	p.press(t, "summary")
	p.write(t, "#f-email", k.chief.Email)
	p.write(t, "#f-password", "seven pianos in one street")
	p.write(t, "#f-code", code(time.Now().Add(30*time.Second))) // the one before was used
	p.submit(t, "main form button")
	p.arrived(t, "/desk/")
	p.quiet(t, "password")
}

// deskPages are looked at signed in; the rest is before the door.
var deskPages = []struct {
	path string
	in   bool
}{
	{"/desk/sign-in", false}, {"/desk/in/NOSUCHLINK", false},
	{"/desk/", true}, {"/desk/account", true}, {"/desk/account/password", true}, {"/desk/staff", true}, {"/desk/staff/new", true}, {"/desk/staff/1", true},
	{"/desk/audit", true}, {"/desk/audit?id=x&from=2", true}, {"/desk/more", true}, {"/desk/nothing", true},
	{"/desk/articles", true}, {"/desk/articles?in=published", true}, {"/desk/articles?q=nothing+at+all", true}, {"/desk/articles/new", true},
	{"/desk/articles/1", true}, {"/desk/articles/1/revisions", true}, {"/desk/articles/1/compare", true}, {"/desk/articles/review", true}, {"/desk/plan", true},
	{"/desk/glossary", true}, {"/desk/glossary?q=nothing+at+all", true}, {"/desk/glossary/new", true},
	{"/desk/tags", true}, {"/desk/tags/doubles", true}, {"/desk/people", true}, {"/desk/organisations", true}, {"/desk/places", true},
	{"/desk/pages", true}, {"/desk/pages/new", true},
	{"/desk/numbers", true}, {"/desk/numbers?span=28", true}, {"/desk/delivery", true}, {"/desk/delivery?in=all", true},
	{"/desk/media", true}, {"/desk/media?show=ended", true}, {"/desk/media/1", true}, {"/desk/media/50", true},
	{"/desk/front", true}, {"/desk/front/2?q=nothing+at+all", true}, {"/desk/front/1/rehearsal", true}, {"/desk/front/1/rehearsal?width=phone", true},
	{"/desk/articles/1/previews?as=search", true}, {"/desk/articles/1/previews?as=links", true},
}

// Every page of the desk, in every language, shuts nobody out.
func TestDeskPages(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	documents := map[string][]byte{}
	for n, e := range editions {
		p, out := k.signIn(k.chief), k.b.open(t, k.url+"/desk/sign-in", true, 1440, 900) // a tab has two minutes
		if err := k.app.Users.SetSelf(context.Background(), k.chief.ID, k.chief.Name, e.lang); err != nil {
			t.Fatal(err)
		}
		for i, page := range deskPages {
			if i%10 == 9 {
				p.quiet(t, "desk")
				p.close()
				p = k.signIn(k.chief)
			}
			where, of := e.lang+" "+page.path, p
			if !page.in {
				of = out
				page.path += "?lang=" + e.lang
			}
			of.self = k.url + page.path
			of.goTo(t, k.url+page.path)
			documents[where] = []byte(eval[string](t, of, `fetch(location.href, {cache: "no-store"}).then(r =>
				r.headers.get("Content-Type").startsWith("text/html") ? r.text() : "<!doctype html>" + document.documentElement.outerHTML)`)) // as it came, before scripts
			if eval[string](t, of, "document.documentElement.lang") != e.lang {
				t.Errorf("%s: in another language", where)
			}
			if broken := eval[string](t, of, "[...document.images].filter(i => i.complete && i.currentSrc && i.naturalWidth === 0).map(i => i.currentSrc).join(' ')"); broken != "" {
				t.Errorf("%s: no pictures at %s", where, broken)
			}
			in := deskLooks // each language in two of them, the first in all
			if n > 0 {
				in = twoOf(deskLooks, n+i)
			}
			of.deskSoundIn(t, where, in)
		}
		p.quiet(t, "desk")
		out.quiet(t, "before the door")
		p.close()
		out.close()
	}
	valid(t, documents)
}

// deskLooks are those that pages of the desk are looked at in.
var deskLooks = []look{{scheme: "light", width: 1440}, {scheme: "dark", width: 1440}, {scheme: "light", width: 360}, {scheme: "dark", width: 360}}

func (p *tab) deskSound(t *testing.T, where string) {
	t.Helper()
	p.deskSoundIn(t, where, deskLooks)
}

func (p *tab) deskSoundIn(t *testing.T, where string, in []look) {
	t.Helper()
	p.accessible(t, where, in, func(l look) {
		if dir := os.Getenv("DATELINE_SHOTS"); dir != "" {
			name := strings.NewReplacer("/", "_", "?", "_", " ", "-", "=", "", "&", "_").Replace(where)
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("desk-%s-%d-%s.png", name, l.width, l.scheme)), p.shot(t), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	})
	for _, width := range []int64{1440, 1024, 768, 360, 320} {
		p.resize(t, width, 900)
		each(t, fmt.Sprintf("scrolls sideways at %d px", width), where, p.wide(t))
	}
	p.resize(t, 1440, 900)
}
