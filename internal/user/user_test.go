package user_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/seal"
	"dateline/internal/user"
)

// desk is a newsroom's people and the gate before it, with a clock that is set.
type desk struct {
	t     *testing.T
	d     *db.DB
	pub   int64
	store *user.Store
	gate  *user.Gate
	now   time.Time
	roza  user.Account // an administrator
}

var (
	operator = user.Actor{Name: "staff command"}
	secret   = bytes.Repeat([]byte("s"), seal.Size)
	here     = user.From{Addr: netip.MustParseAddr("192.0.2.7"), Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
)

const deskURL = "https://lamp.example"

func each(t *testing.T, f func(t *testing.T, k *desk)) {
	k := &desk{}
	now := func() time.Time { return k.now }
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		*k = desk{t: t, d: d, now: time.Date(2026, 11, 14, 9, 30, 0, 0, time.UTC)}
		ctx := t.Context()
		err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "INSERT INTO publication (key, zone, created_at) VALUES ('main', 'Asia/Almaty', 0) RETURNING id").Scan(&k.pub)
		})
		if err != nil {
			t.Fatal(err)
		}
		k.store = user.New(d)
		k.gate = k.newGate(user.Options{})
		k.roza = k.add("Roza.Tilekova@lamp.example", "Roza Tilekova", user.Admin)
		f(t, k)
	}, func(c *db.Config) { c.Now = now })
}

func (k *desk) newGate(o user.Options) *user.Gate {
	k.t.Helper()
	if o.URL == "" {
		o.URL = deskURL
	}
	if o.Secret == nil {
		o.Secret = secret
	}
	o.Newsroom = "The Tasozen Lamp"
	o.Publication = func(context.Context) (int64, error) { return k.pub, nil }
	o.Now = func() time.Time { return k.now }
	g, err := user.NewGate(k.store, o)
	if err != nil {
		k.t.Fatal(err)
	}
	return g
}

func (k *desk) add(email, name string, role user.Role) user.Account {
	k.t.Helper()
	a, err := k.store.Add(k.t.Context(), operator, k.pub, user.Input{Email: email, Name: name, Role: role, Lang: "kk"})
	if err != nil {
		k.t.Fatal(err)
	}
	return a
}

// enter signs somebody in by a link.
func (k *desk) enter(a user.Account) *user.Opened {
	k.t.Helper()
	token, _, err := k.store.NewLink(k.t.Context(), operator, a.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	o, err := k.gate.UseLink(k.t.Context(), token, here)
	if err != nil {
		k.t.Fatal(err)
	}
	return o
}

// in tells whether a session's token still lets somebody in, on whatever node.
func (k *desk) in(token string) bool {
	k.t.Helper()
	other := *k
	other.store = user.New(dbtest.Second(k.t, k.d))
	_, _, err := other.newGate(user.Options{}).Session(k.t.Context(), token)
	if err != nil && !fault.Is(err, fault.NotFound) {
		k.t.Fatal(err)
	}
	return err == nil
}

// did lists what the log has of an account, the oldest first.
func (k *desk) did(id int64) (out []string) {
	k.t.Helper()
	list, err := audit.Of(k.t.Context(), k.d, "staff", id, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, e := range list {
		out = append(out, e.Action+" by "+e.Actor)
	}
	slices.Reverse(out)
	return out
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		a, err := k.store.ByEmail(ctx, k.pub, " roza.tilekova@LAMP.example")
		if err != nil || a != k.roza || a.Email != "Roza.Tilekova@lamp.example" || a.Lang != "kk" {
			t.Errorf("%+v, %v", a, err)
		}
		for _, tt := range []struct {
			in    user.Input
			field string
			kind  fault.Kind
		}{
			{user.Input{Email: "ROZA.tilekova@lamp.example", Name: "R", Role: user.Author}, "email", fault.Conflict},
			{user.Input{Email: "Roza <r@lamp.example>", Name: "R", Role: user.Author}, "email", fault.Invalid},
			{user.Input{Email: "nobody", Name: "R", Role: user.Author}, "email", fault.Invalid},
			{user.Input{Email: "r@lamp.example", Name: " \t ", Role: user.Author}, "name", fault.Invalid},
			{user.Input{Email: "r@lamp.example", Name: "R\u202e", Role: user.Author}, "name", fault.Invalid},
			{user.Input{Email: "r@lamp.example", Name: strings.Repeat("ә", 81), Role: user.Author}, "name", fault.Invalid},
			{user.Input{Email: "r@lamp.example", Name: "R", Role: "owner"}, "role", fault.Invalid},
			{user.Input{Email: "r@lamp.example", Name: "R", Role: user.Author, Lang: "xx"}, "lang", fault.Invalid},
		} {
			_, err := k.store.Add(ctx, operator, k.pub, tt.in)
			f, _ := err.(*fault.Error)
			if f == nil || f.Field != tt.field || f.Kind != tt.kind || f.Word == "" {
				t.Errorf("%+v: %v", tt.in, err)
			}
		}
		viktor := k.add("viktor@lamp.example", "Виктор  Острогин", user.Author)
		if viktor.Name != "Виктор Острогин" {
			t.Errorf("%q", viktor.Name)
		}
		err = k.store.Change(ctx, k.roza.Actor(), viktor.ID, user.Input{Email: "v@lamp.example", Name: "Виктор Острогин", Role: user.Editor})
		if err != nil {
			t.Fatal(err)
		}
		list, err := k.store.List(ctx, k.pub)
		if err != nil || len(list) != 2 || list[1].Email != "v@lamp.example" || list[1].Role != user.Editor || list[1].Lang != "kk" {
			t.Errorf("%+v, %v", list, err)
		}
		if got := k.did(viktor.ID); !slices.Equal(got, []string{"add by staff command", "role by Roza Tilekova", "change by Roza Tilekova"}) {
			t.Errorf("the log says %q", got)
		}
		if _, err := k.store.ByID(ctx, 99); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

// TestTokensAreNotKept: nothing that lets somebody in can be read from the tables.
func TestTokensAreNotKept(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		link, _, err := k.store.NewLink(t.Context(), operator, k.roza.ID)
		if err != nil {
			t.Fatal(err)
		}
		o := k.enter(k.add("v@lamp.example", "V", user.Author))
		if len(link) < 26 || len(o.Token) < 26 || link == o.Token { // 130 bits
			t.Errorf("tokens %q, %q", link, o.Token)
		}
		if _, _, err := k.newGate(user.Options{Secret: []byte(strings.Repeat("z", 32))}).Session(t.Context(), o.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("a token that another installation signed: %v", err)
		}
		for _, column := range []string{"SELECT digest FROM staff_link", "SELECT digest FROM staff_session"} {
			rows, err := db.List(t.Context(), k.d, db.One[[]byte], column)
			if err != nil || len(rows) != 1 || len(rows[0]) != 32 || bytes.Contains(rows[0], []byte(link[:8])) {
				t.Errorf("%s: %q, %v", column, rows, err)
			}
		}
	})
}

func TestLinksWorkOnce(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		token, until, err := k.store.NewLink(ctx, operator, k.roza.ID)
		if err != nil || !until.Equal(k.now.Add(user.LinkFor)) {
			t.Fatal(until, err)
		}
		if a, err := k.store.LinkedTo(ctx, token); err != nil || a.ID != k.roza.ID {
			t.Errorf("%+v, %v", a, err)
		}
		// Many press the button at one moment, on two nodes.
		other := user.New(dbtest.Second(t, k.d))
		gates := []*user.Gate{k.gate, (&desk{t: t, pub: k.pub, store: other, now: k.now}).newGate(user.Options{})}
		var wg sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for i := range 8 {
			wg.Go(func() {
				if _, err := gates[i%2].UseLink(ctx, token, here); err == nil {
					mu.Lock()
					in++
					mu.Unlock()
				} else if !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Errorf("%d of 8 came in by one link", in)
		}
		if _, err := k.store.LinkedTo(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("a used link is still one: %v", err)
		}
		first, _, _ := k.store.NewLink(ctx, operator, k.roza.ID)
		second, _, err := k.store.NewLink(ctx, operator, k.roza.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.gate.UseLink(ctx, first, here); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link that another one replaced: %v", err)
		}
		k.now = k.now.Add(user.LinkFor)
		if _, err := k.gate.UseLink(ctx, second, here); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link that is too old: %v", err)
		}
	})
}

// TestSessionsDie: by their end, by a hand, by a reset, a role, a block; at once and
// on other nodes, too.
func TestSessionsDie(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		a := k.add("v@lamp.example", "Viktor", user.Author)
		for name, end := range map[string]func(o *user.Opened) error{
			"ended by its owner": func(o *user.Opened) error { return k.store.EndSession(ctx, a.Actor(), a.ID, o.Session.ID) },
			"signed out":         func(o *user.Opened) error { return k.store.SignOut(ctx, a, o.Session.ID) },
			"all ended":          func(o *user.Opened) error { return k.store.EndSessions(ctx, a.Actor(), a.ID, 0) },
			"a role":             func(*user.Opened) error { return k.store.SetRole(ctx, k.roza.Actor(), a.ID, user.Translator) },
			"a role among changes": func(*user.Opened) error {
				return k.store.Change(ctx, k.roza.Actor(), a.ID, user.Input{Email: "v@lamp.example", Name: "Viktor", Role: user.Author})
			},
			"a reset": func(*user.Opened) error { return k.store.Reset(ctx, k.roza.Actor(), a.ID) },
			"time":    func(*user.Opened) error { k.now = k.now.Add(user.SessionFor); return nil },
			"a block": func(*user.Opened) error {
				if err := k.store.Block(ctx, k.roza.Actor(), a.ID); err != nil {
					return err
				}
				return k.store.Unblock(ctx, k.roza.Actor(), a.ID) // it does not come back
			},
		} {
			if err := k.store.SetRole(ctx, operator, a.ID, map[bool]user.Role{true: user.Translator, false: user.Author}[name == "a role among changes"]); err != nil {
				t.Fatal(err)
			}
			o := k.enter(a)
			if !k.in(o.Token) {
				t.Fatalf("%s: not in to begin with", name)
			}
			if err := end(o); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if k.in(o.Token) {
				t.Errorf("%s: still in", name)
			}
		}
		kept, other := k.enter(a), k.enter(a)
		if err := k.store.EndSessions(ctx, a.Actor(), a.ID, kept.Session.ID); err != nil {
			t.Fatal(err)
		}
		if !k.in(kept.Token) || k.in(other.Token) {
			t.Error("all others were to end")
		}
		if err := k.store.EndSession(ctx, a.Actor(), k.roza.ID, kept.Session.ID); !fault.Is(err, fault.NotFound) || !k.in(kept.Token) {
			t.Errorf("a session of somebody else's was ended: %v", err)
		}
		if kept.Session.Agent != "Firefox, Linux" {
			t.Errorf("agent %q", kept.Session.Agent)
		}
		link, _, err := k.store.NewLink(ctx, operator, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.store.Block(ctx, operator, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.gate.UseLink(ctx, link, here); err == nil {
			t.Error("a blocked account came in by a link")
		}
		if _, _, err := k.store.NewLink(ctx, operator, a.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("a link for a blocked account: %v", err)
		}
	})
}

// TestLastAdministrator: two who take each other's role away at one moment leave one.
func TestLastAdministrator(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		if err := k.store.SetRole(ctx, operator, k.roza.ID, user.Editor); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last one lost the role: %v", err)
		}
		if err := k.store.Block(ctx, operator, k.roza.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last one was blocked: %v", err)
		}
		for round := range 5 {
			b := k.add(fmt.Sprintf("b%d@lamp.example", round), "Other", user.Admin)
			list, err := k.store.List(ctx, k.pub)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for _, l := range list {
				if l.Role == user.Admin {
					wg.Go(func() {
						if err := k.store.SetRole(ctx, b.Actor(), l.ID, user.Editor); err != nil && !fault.Is(err, fault.Conflict) {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
			if n, err := k.store.Admins(ctx, k.pub); err != nil || n != 1 {
				t.Fatalf("round %d: %d administrators, %v", round, n, err)
			}
		}
	})
}

func TestRights(t *testing.T) {
	for _, p := range user.Permissions() {
		if user.Admin.Reach(p) != user.All {
			t.Errorf("an administrator may not %s", p)
		}
		if user.Role("owner").Reach(p) != user.No {
			t.Errorf("a role that there is not may %s", p)
		}
	}
	for _, r := range user.Roles() {
		if r.Reach("article.destroy") != user.No {
			t.Errorf("%s may do what there is not", r)
		}
	}
	author := user.Account{ID: 3, Name: "V", Role: user.Author}
	for _, tt := range []struct {
		p    user.Permission
		mine bool
		ok   bool
	}{
		{user.WriteArticles, true, true}, {user.WriteArticles, false, false}, {user.PublishArticles, true, false},
		{user.KeepMedia, false, true}, {user.ManageStaff, true, false},
	} {
		if err := author.May(tt.p, tt.mine); (err == nil) != tt.ok || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("an author, %s, theirs %v: %v", tt.p, tt.mine, err)
		}
	}
}
