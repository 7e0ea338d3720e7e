package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/demo"
	"dateline/internal/desk"
	"dateline/internal/user"
	"dateline/internal/web"
	"dateline/internal/webtest"
)

// newsroom is the demo with its desk open and its staff at work.
type newsroom struct {
	*house
	desk  http.Handler
	staff map[user.Role]user.Account // one of each
}

var tester = user.Actor{Name: "a test"}

func openNewsroom(t testing.TB, d *db.DB) *newsroom {
	t.Helper()
	n := &newsroom{house: openHouse(t, d, &clock{t: monday}, 1), staff: map[user.Role]user.Account{}}
	n.desk = n.openDesk(n.app)
	ctx := context.Background()
	rooms := demo.Rooms{DB: n.app.DB, Editions: n.app.Editions, Authors: n.app.Authors, Users: n.app.Users}
	if _, err := demo.Staff(ctx, rooms, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	list, err := n.app.Users.List(ctx, n.site.Publication.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		n.staff[l.Role] = l.Account
	}
	if len(n.staff) != len(user.Roles()) {
		t.Fatalf("the demo has %d roles of %d", len(n.staff), len(user.Roles()))
	}
	return n
}

func (n *newsroom) openDesk(a *app.App) http.Handler {
	n.t.Helper()
	if err := a.Desk(false); err != nil {
		n.t.Fatal(err)
	}
	return a.Handler()
}

// at asks the desk. form is the body of a POST; cookie and more headers are pairs.
func at(h http.Handler, method, path, cookie string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "lamp.test"
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	for name, value := range map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"} {
		r.Header.Set(name, value)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// enter signs an account in and gives the cookie.
func (n *newsroom) enter(a user.Account) string {
	n.t.Helper()
	token, _, err := n.app.Users.NewLink(context.Background(), tester, a.ID)
	if err != nil {
		n.t.Fatal(err)
	}
	w := at(n.desk, "POST", desk.LinkPath(token), "", nil)
	for _, c := range w.Result().Cookies() {
		if c.Name == "s" {
			return c.Name + "=" + c.Value
		}
	}
	n.t.Fatalf("the link gave no session: %d %s", w.Code, w.Body)
	return ""
}

// whose are the addresses at the desk that name something of somebody's: what is
// asked of one that is, and what tells whether it is still as it was.
var whose = map[string]func(n *newsroom, owner user.Account) (path string, unchanged func() bool){
	"/desk/account/sessions/{id}/end": func(n *newsroom, owner user.Account) (string, func() bool) {
		n.enter(owner)
		list, err := n.app.Users.Sessions(context.Background(), owner.ID)
		if err != nil {
			n.t.Fatal(err)
		}
		return fmt.Sprintf("/desk/account/sessions/%d/end", list[0].ID), func() bool {
			now, err := n.app.Users.Sessions(context.Background(), owner.ID)
			return err == nil && slices.ContainsFunc(now, func(s user.Session) bool { return s.ID == list[0].ID })
		}
	},
	"/desk/account/passkeys/{id}/name":   passkeyOf("/name"),
	"/desk/account/passkeys/{id}/remove": passkeyOf("/remove"),
}

func passkeyOf(action string) func(n *newsroom, owner user.Account) (string, func() bool) {
	return func(n *newsroom, owner user.Account) (string, func() bool) {
		var id int64
		n.change(func(ctx context.Context, tx *db.Tx) error {
			for range 2 { // the last one cannot be removed
				key := make([]byte, 16)
				copy(key, fmt.Sprint(owner.ID, action, id))
				err := tx.QueryRow(ctx, `INSERT INTO staff_passkey (staff_id, credential, public_key, flags, signs, aaguid, format, name, created_at)
					VALUES ($1, $2, $2, 0, 0, $2, 'none', 'Mine', 0) RETURNING id`, owner.ID, key).Scan(&id)
				if err != nil {
					return err
				}
			}
			return nil
		})
		return fmt.Sprintf("/desk/account/passkeys/%d%s", id, action), func() bool {
			keys, err := n.app.Users.PasskeysOf(context.Background(), owner.ID)
			return err == nil && slices.ContainsFunc(keys, func(k user.Passkey) bool { return k.ID == id && k.Name == "Mine" })
		}
	}
}

var inPath = regexp.MustCompile(`\{[^}]*\}`)

// TestDeskRights goes over role × route × ownership: who may not is refused by every
// route, who may by none, and what is somebody's own is nobody else's.
func TestDeskRights(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		target, err := n.app.Users.Add(context.Background(), tester, n.site.Publication.ID, user.Input{Email: "t@lamp.example", Name: "T", Role: user.Author})
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, route := range n.app.DeskRouter.Routes() {
			if route.Kind != web.Desk {
				continue
			}
			p := user.Permission(route.Permission)
			path := inPath.ReplaceAllString(route.Pattern, fmt.Sprint(target.ID))
			if w := at(n.desk, route.Method, path, "", nil); p != desk.Open && w.Code != http.StatusUnauthorized && !strings.HasPrefix(w.Header().Get("Location"), "/desk/sign-in") {
				t.Errorf("%s %s answers nobody in particular: %d", route.Method, route.Pattern, w.Code)
			}
			for role, who := range n.staff {
				w := at(n.desk, route.Method, path, n.enter(who), url.Values{"code": {"x"}})
				seen++
				switch may := p == desk.Open || role.Reach(p) != user.No; {
				case w.Code >= 500, w.Code == http.StatusUnauthorized:
					t.Errorf("%s %s by %s: %d %s", route.Method, route.Pattern, role, w.Code, w.Body)
				case !may && w.Code != http.StatusForbidden:
					t.Errorf("%s %s by %s, who may not %s: %d", route.Method, route.Pattern, role, p, w.Code)
				case may && w.Code == http.StatusForbidden && p != desk.Open && !ofArticles(route):
					t.Errorf("%s %s by %s, who may %s: %d", route.Method, route.Pattern, role, p, w.Code)
				}
			}
			if ofArticles(route) {
				continue
			}
			if make := whose[route.Pattern]; make != nil {
				n.ownership(route, make)
			} else if strings.Contains(route.Pattern, "{") && p != desk.Open && slices.ContainsFunc(user.Roles(), func(r user.Role) bool {
				return r.Reach(p) == user.Mine || p == user.AtDesk
			}) {
				t.Errorf("%s %s: the test does not know whose that is (whose)", route.Method, route.Pattern)
			}
		}
		if seen < 150 {
			t.Errorf("only %d requests", seen)
		}
		for pattern := range whose {
			if !slices.ContainsFunc(n.app.DeskRouter.Routes(), func(r web.Route) bool { return r.Pattern == pattern }) {
				t.Errorf("%s is no route", pattern)
			}
		}
	})
}

// ofArticles are the routes of which TestArticleRights knows whose an article is, and
// TestReportRights whose is what is reported.
func ofArticles(r web.Route) bool {
	return r.Room == "article" || strings.HasPrefix(r.Pattern, "/desk/articles/{id}/") || strings.HasPrefix(r.Pattern, "/desk/reports/{id}/")
}

// ownership: everybody who may use the route is refused what is another's, the same
// role's, too, and its owner is not.
func (n *newsroom) ownership(route web.Route, make func(*newsroom, user.Account) (string, func() bool)) {
	n.t.Helper()
	for role, owner := range n.staff {
		if role.Reach(user.Permission(route.Permission)) == user.No {
			continue
		}
		path, unchanged := make(n, owner)
		form := url.Values{"passkey": {"Another name"}}
		for other, who := range n.staff {
			if who.ID == owner.ID {
				continue
			}
			if w := at(n.desk, route.Method, path, n.enter(who), form); w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
				n.t.Errorf("%s of a %s's by a %s: %d", route.Pattern, role, other, w.Code)
			}
		}
		if !unchanged() {
			n.t.Errorf("%s of a %s's was changed by somebody else", route.Pattern, role)
		}
		if w := at(n.desk, route.Method, path, n.enter(owner), form); w.Code != http.StatusSeeOther {
			n.t.Errorf("%s by its owner, a %s: %d %s", route.Pattern, role, w.Code, w.Body)
		}
		if unchanged() {
			n.t.Errorf("%s by its owner, a %s, changed nothing", route.Pattern, role)
		}
	}
}

// TestDeskReadsChangeNothing follows every link of the desk, as an administrator, but
// those to pictures' files: a size of one is drawn, and kept, when it is first asked for.
func TestDeskReadsChangeNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		cookie := n.enter(n.staff[user.Admin])
		before := hash(t, n.app.DB)
		seen := map[string]bool{}
		alike := atMost(12)
		for queue := []string{"/desk/", "/desk/sign-in", "/desk/more"}; len(queue) > 0; queue = queue[1:] {
			if path := queue[0]; !seen[path] && alike(path) {
				seen[path] = true
				w := at(n.desk, "GET", path, cookie, nil)
				if w.Code >= 400 {
					t.Errorf("%s: %d", path, w.Code)
				}
				for _, m := range links.FindAllStringSubmatch(w.Body.String(), -1) {
					if to := html.UnescapeString(m[1]); strings.HasPrefix(to, "/desk/") && !drawnAnew(to) {
						queue = append(queue, to)
					}
				}
			}
		}
		for _, route := range n.app.DeskRouter.Routes() { // those that no link leads to
			if route.Kind == web.Desk && route.Method == "GET" && !drawnAnew(route.Pattern) {
				at(n.desk, "GET", inPath.ReplaceAllString(route.Pattern, "1"), cookie, nil)
				at(n.desk, "HEAD", inPath.ReplaceAllString(route.Pattern, "1"), cookie, nil)
			}
		}
		if len(seen) < 15 {
			t.Errorf("only %d pages: %v", len(seen), seen)
		}
		if after := hash(t, n.app.DB); after != before {
			t.Error("reading has changed the database")
		}
	})
}

// atMost lets so many addresses through that differ in numbers and in what is asked for
// alone: a desk has thousands of pages, of some dozens of kinds.
func atMost(most int) func(path string) bool {
	seen := map[string]int{}
	return func(path string) bool {
		kind := digits.ReplaceAllString(asked.ReplaceAllString(path, "$1="), "0")
		seen[kind]++
		return seen[kind] <= most
	}
}

var digits, asked = regexp.MustCompile(`\d+`), regexp.MustCompile(`([?&][^=&]+)=[^&]*`)

func drawnAnew(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.HasPrefix(path, "/desk/media/") && strings.HasSuffix(path, "/file")
}

// hash is of everything that the people's tables and the log hold.
func hash(t *testing.T, d *db.DB) string {
	t.Helper()
	sum := sha256.New()
	for _, table := range []string{"staff", "staff_passkey", "staff_link", "staff_session", "staff_recovery", "staff_identity", "staff_spent", "audit", "setting", "article", "change"} {
		rows, err := d.Query(context.Background(), "SELECT * FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(sum, "%v\x00", *v.(*any))
			}
		}
		rows.Close()
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// TestDeskOnTwoNodes: a session is good on every node with the same secret, and is
// dead on all of them with the next request.
func TestDeskOnTwoNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		conf := n.conf
		conf.SecretFile = filepath.Join(n.conf.Data, "secret")
		other := n.openDesk(n.openWith(conf))
		in := func(h http.Handler, cookie string) bool {
			return at(h, "GET", "/desk/", cookie, nil).Code == http.StatusOK
		}
		ctx, users := context.Background(), n.app.Users
		who := n.staff[user.Author]
		for name, end := range map[string]func() error{
			"a role":  func() error { return users.SetRole(ctx, tester, who.ID, user.Translator) },
			"a reset": func() error { return users.Reset(ctx, tester, who.ID) },
			"an end":  func() error { return users.EndSessions(ctx, tester, who.ID, 0) },
			"a block": func() error { return users.Block(ctx, tester, who.ID) },
		} {
			if err := users.Unblock(ctx, tester, who.ID); err != nil {
				t.Fatal(err)
			}
			cookie := n.enter(who)
			if !in(n.desk, cookie) || !in(other, cookie) {
				t.Fatalf("%s: not in on both", name)
			}
			if err := end(); err != nil {
				t.Fatal(err)
			}
			if in(n.desk, cookie) || in(other, cookie) {
				t.Errorf("after %s: still in here (%v) or there (%v)", name, in(n.desk, cookie), in(other, cookie))
			}
		}
		info, err := os.Stat(conf.SecretFile)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the secret: %v, %v", info, err)
		}
	})
}

// TestDeskAlone: with a listener of its own the desk is there and nowhere else.
func TestDeskAlone(t *testing.T) {
	n := openNewsroom(t, dbtest.New(t))
	a := n.open()
	if err := a.Desk(true); err != nil {
		t.Fatal(err)
	}
	site, alone := a.Handler(), a.DeskHandler()
	for _, tt := range []struct {
		h    http.Handler
		path string
		code int
	}{
		{site, "/", 200}, {site, "/desk/", 404}, {site, "/desk/sign-in", 404},
		{alone, "/", 302}, {alone, "/desk", 301}, {alone, "/desk/", 303}, {alone, "/desk/sign-in", 200}, {alone, "/ru/", 404}, {alone, "/-/live", 200},
		{alone, a.Assets.URL("desk/desk.css"), 200}, {alone, a.Assets.URL("desk/desk.js"), 200}, {alone, "/-/views/1", 404},
	} {
		if w := at(tt.h, "GET", tt.path, "", nil); w.Code != tt.code {
			t.Errorf("%s: %d, want %d", tt.path, w.Code, tt.code)
		}
	}
}

// TestDeskAnswers: what is said to whom.
func TestDeskAnswers(t *testing.T) {
	n := openNewsroom(t, dbtest.New(t))
	admin, author := n.enter(n.staff[user.Admin]), n.enter(n.staff[user.Author])
	for _, tt := range []struct {
		name, method, path, cookie string
		form                       url.Values
		header                     []string
		code                       int
		says                       string
	}{
		{"a stranger is led to sign in and on", "GET", "/desk/staff?x=1", "", nil, nil, 303, ""},
		{"a stranger's form", "POST", "/desk/staff/new", "", nil, nil, 401, "You are not signed in any more"},
		{"a stranger's script", "GET", "/desk/staff", "", nil, []string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"}, 401, `"sign_in":"/desk/sign-in"`},
		{"a link on another site", "GET", "/desk/staff", "", nil, []string{"Sec-Fetch-Site", "cross-site"}, 200, `http-equiv="refresh" content="0; url=/desk/staff"`},
		{"a made-up cookie", "GET", "/desk/", "s=AAAAAAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB", nil, nil, 303, ""},
		{"another site's script", "GET", "/desk/staff", admin, nil, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403, ""},
		{"another site's form", "POST", "/desk/staff/new", admin, nil, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		{"an author in Kazakh", "GET", "/desk/staff", author, nil, nil, 403, "рөліңізге ашық емес"},
		{"nothing", "GET", "/desk/nothing/here", admin, nil, nil, 404, "There is nothing here"},
		{"nothing, in another method", "POST", "/desk/audit", admin, nil, nil, 405, ""},
		{"too much", "POST", "/desk/account", admin, url.Values{"name": {strings.Repeat("x", 1<<20)}}, nil, 413, "too large"},
		{"an account", "POST", "/desk/staff/new", admin, url.Values{"name": {"Ada"}, "email": {"ada"}, "role": {"author"}, "lang": {"en"}}, nil, 422, "“ada” is no e-mail address."},
		{"an account", "POST", "/desk/staff/new", admin, url.Values{"name": {"Ada"}, "email": {"ada@lamp.example"}, "role": {"author"}, "lang": {"en"}, "entity": {"0"}}, nil, 200, "http://lamp.test/desk/in/"},
		{"the last administrator", "POST", "/desk/staff/1", admin, url.Values{"name": {"A"}, "email": {"a@lamp.example"}, "role": {"author"}}, nil, 409, "is the only administrator"},
		{"a by-line that is nobody's", "POST", "/desk/staff/new", admin, url.Values{"name": {"B"}, "email": {"b@lamp.example"}, "role": {"author"}, "lang": {"en"}, "entity": {"99999"}}, nil, 400, ""},
		{"the log by words", "GET", "/desk/audit?q=ada", admin, nil, nil, 200, "Account made"},
		{"the log of no day", "GET", "/desk/audit?from=tomorrow", admin, nil, nil, 422, "This is no day."},
		{"a wrong password", "POST", "/desk/sign-in", "", url.Values{"email": {"a@b.example"}, "password": {"x"}, "code": {"1"}}, nil, 403, "This did not let you in"},
	} {
		w := at(n.desk, tt.method, tt.path, tt.cookie, tt.form, tt.header...)
		if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d, want %d with %q:\n%s", tt.name, w.Code, tt.code, tt.says, w.Body)
		}
		if cache := w.Header().Get("Cache-Control"); cache != "no-store" {
			t.Errorf("%s: Cache-Control %q", tt.name, cache)
		}
		if strings.Contains(w.Body.String(), "[desk.") || strings.Contains(w.Body.String(), "[user.") || strings.Contains(w.Body.String(), "[audit.") {
			t.Errorf("%s: words are missing:\n%s", tt.name, w.Body)
		}
	}
	if w := at(n.desk, "GET", "/desk/staff?x=1", "", nil); w.Header().Get("Location") != "/desk/sign-in?next=%2Fdesk%2Fstaff%3Fx%3D1" {
		t.Errorf("led to %s", w.Header().Get("Location"))
	}
	list, _, _, err := audit.Find(context.Background(), n.app.DB, audit.Filter{Action: "add", Text: "ada"}, 10)
	if err != nil || len(list) != 1 || list[0].ActorID != n.staff[user.Admin].ID {
		t.Errorf("the log: %+v, %v", list, err)
	}
}

// TestDeskScores: the desk's answers, over TLS, by the public header checker's rules.
func TestDeskScores(t *testing.T) {
	h := openHouse(t, dbtest.New(t), &clock{t: monday}, 1)
	h.conf.BaseURL = "https://lamp.test"
	a := h.open()
	n := &newsroom{house: h}
	site := n.openDesk(a)
	for _, path := range []string{"/desk/", "/desk/sign-in", "/desk/in/x", "/desk/nothing"} {
		w := at(site, "GET", path, "", nil)
		if points, faults := webtest.Score(w.Header(), w.Body.String()); points < 150 || len(faults) > 0 {
			t.Errorf("%s: %d points, %q, %v", path, points, faults, w.Header())
		}
	}
}

var forScripts = regexp.MustCompile(`(?s)<script type="application/json".*?</script>`)

// TestDeskInEveryLanguage: no page lacks a word, whoever looks at it.
func TestDeskInEveryLanguage(t *testing.T) {
	n := openNewsroom(t, dbtest.New(t))
	ctx := context.Background()
	for _, tag := range user.Languages() {
		for role, who := range n.staff {
			if err := n.app.Users.SetSelf(ctx, who.ID, who.Name, tag); err != nil {
				t.Fatal(err)
			}
			cookie := n.enter(who)
			for _, route := range n.app.DeskRouter.Routes() {
				if route.Kind != web.Desk || route.Method != "GET" || role.Reach(user.Permission(route.Permission)) == user.No {
					continue
				}
				w := at(n.desk, "GET", inPath.ReplaceAllString(route.Pattern, "1"), cookie, nil)
				if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || strings.HasSuffix(route.Pattern, "/preview") {
					continue // data, a file, a page of readers
				}
				body := forScripts.ReplaceAllString(w.Body.String(), "") // whose words have their places filled there
				if m := regexp.MustCompile(`\[[a-z]+\.[a-z_.]+\]|\{[a-z]+\}`).FindString(body); m != "" {
					t.Errorf("%s for a %s in %s says %s", route.Pattern, role, tag, m)
				}
				if w.Code == http.StatusOK && !strings.Contains(body, `lang="`+tag+`"`) {
					t.Errorf("%s for a %s is not in %s", route.Pattern, role, tag)
				}
			}
		}
	}
}

// A link to look around leads to Today, one for somebody new to the account, where a way
// in for the next time is made.
func TestLookPath(t *testing.T) {
	t.Parallel()
	n := openNewsroom(t, dbtest.New(t))
	for _, c := range []struct {
		path func(string) string
		form url.Values
		to   string
	}{{desk.LookPath, url.Values{"look": {"1"}}, "/desk/"}, {desk.LinkPath, nil, "/desk/account"}} {
		token, _, err := n.app.Users.NewLink(t.Context(), tester, n.staff[user.Admin].ID)
		if err != nil {
			t.Fatal(err)
		}
		if page := at(n.desk, "GET", c.path(token), "", nil).Body.String(); strings.Contains(page, `name="look"`) != (c.form != nil) {
			t.Errorf("the form at %s", c.path("…"))
		}
		if a := at(n.desk, "POST", c.path(token), "", c.form); a.Code != 303 || a.Header().Get("Location") != c.to {
			t.Errorf("%s leads to %q (%d), not to %s", c.path("…"), a.Header().Get("Location"), a.Code, c.to)
		}
	}
}
