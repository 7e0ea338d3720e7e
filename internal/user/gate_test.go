package user_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"dateline/internal/fault"
	"dateline/internal/keytest"
	"dateline/internal/user"
)

// addKey gives an account a passkey.
func (k *desk) addKey(a user.Account) *keytest.Authenticator {
	k.t.Helper()
	phone := keytest.New(k.t, deskURL, "lamp.example")
	asked, kept, err := k.gate.BeginPasskey(k.t.Context(), a)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.gate.FinishPasskey(k.t.Context(), a, kept, phone.Create(k.t, asked), "My telephone"); err != nil {
		k.t.Fatal(err)
	}
	return phone
}

func (k *desk) byKey(phone *keytest.Authenticator) (*user.Opened, error) {
	k.t.Helper()
	asked, kept, err := k.gate.BeginSignIn()
	if err != nil {
		k.t.Fatal(err)
	}
	return k.gate.FinishSignIn(k.t.Context(), kept, phone.Get(k.t, asked), here)
}

func TestPasskeys(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		asked, _, err := k.gate.BeginPasskey(ctx, k.roza)
		if o := keytest.Options(t, asked); err != nil || o.Selection.Resident != "required" || o.Selection.Verification != "required" || len(o.User.ID) < 80 {
			t.Errorf("asked for %+v, %v", o, err)
		}
		phone := k.addKey(k.roza)
		asked, _, _ = k.gate.BeginPasskey(ctx, k.roza)
		if o := keytest.Options(t, asked); len(o.Exclude) != 1 {
			t.Errorf("the first passkey is not excluded: %+v", o)
		}
		o, err := k.byKey(phone)
		if err != nil || o.Account.ID != k.roza.ID || o.Session.Via != user.ByPasskey || !k.in(o.Token) {
			t.Fatalf("%+v, %v", o, err)
		}
		list, err := k.store.PasskeysOf(ctx, k.roza.ID)
		if err != nil || len(list) != 1 || list[0].Name != "My telephone" || !list[0].Synced || !list[0].Used.Equal(k.now.Truncate(24*time.Hour)) {
			t.Errorf("%+v, %v", list, err)
		}
		if err := k.store.RenamePasskey(ctx, k.roza, list[0].ID, "Old telephone"); err != nil {
			t.Error(err)
		}
		other := k.add("v@lamp.example", "V", user.Author)
		if err := k.store.RenamePasskey(ctx, other, list[0].ID, "Mine"); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's passkey was renamed: %v", err)
		}
		if err := k.store.RemovePasskey(ctx, other, list[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's passkey was removed: %v", err)
		}
		if err := k.store.RemovePasskey(ctx, k.roza, list[0].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("the only way in was removed: %v", err)
		}
		second := k.addKey(k.roza)
		if err := k.store.RemovePasskey(ctx, k.roza, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.byKey(phone); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a removed passkey: %v", err)
		}
		if _, err := k.byKey(second); err != nil {
			t.Errorf("the other passkey: %v", err)
		}
	})
}

// TestPasskeysThatAreRefused: each of them is what somebody might try.
func TestPasskeysThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		phone := k.addKey(k.roza)
		for name, try := range map[string]func() error{
			"another site's page": func() error {
				p := *phone
				p.Origin = "https://lamp.example.evil.test"
				_, err := k.byKey(&p)
				return err
			},
			"another site's key": func() error {
				p := *phone
				p.Host = "evil.test"
				_, err := k.byKey(&p)
				return err
			},
			"nobody verified": func() error {
				p := *phone
				p.Flags &^= keytest.Verified
				_, err := k.byKey(&p)
				return err
			},
			"a key that is not there": func() error {
				p := keytest.New(t, deskURL, "lamp.example")
				p.Handle = phone.Handle
				_, err := k.byKey(p)
				return err
			},
			"somebody else's handle": func() error {
				p := *phone
				p.Handle = []byte(strings.Repeat("x", 64))
				_, err := k.byKey(&p)
				return err
			},
			"an answer twice": func() error {
				asked, kept, _ := k.gate.BeginSignIn()
				answer := phone.Get(t, asked)
				if _, err := k.gate.FinishSignIn(ctx, kept, answer, here); err != nil {
					t.Fatal(err)
				}
				_, err := k.gate.FinishSignIn(ctx, kept, answer, here)
				return err
			},
			"an old challenge": func() error {
				asked, kept, _ := k.gate.BeginSignIn()
				k.now = k.now.Add(5 * time.Minute)
				_, err := k.gate.FinishSignIn(ctx, kept, phone.Get(t, asked), here)
				return err
			},
			"a challenge for adding a key": func() error {
				asked, kept, _ := k.gate.BeginPasskey(ctx, k.roza)
				_, err := k.gate.FinishSignIn(ctx, kept, phone.Get(t, asked), here)
				return err
			},
			"a seal of another installation": func() error {
				asked, kept, _ := k.newGate(user.Options{Secret: []byte(strings.Repeat("z", 32))}).BeginSignIn()
				_, err := k.gate.FinishSignIn(ctx, kept, phone.Get(t, asked), here)
				return err
			},
			"nonsense": func() error {
				_, kept, _ := k.gate.BeginSignIn()
				_, err := k.gate.FinishSignIn(ctx, kept, []byte(`{"id":"x"}`), here)
				return err
			},
		} {
			if err := try(); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := k.byKey(phone); err != nil {
			t.Fatalf("the key itself: %v", err)
		}
		copied := *phone
		copied.Signs -= 2 // its counter has stayed behind
		if _, err := k.byKey(&copied); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a copied key: %v", err)
		}
		other := k.add("v@lamp.example", "V", user.Author)
		asked, kept, _ := k.gate.BeginPasskey(ctx, other)
		if err := k.gate.FinishPasskey(ctx, k.roza, kept, keytest.New(t, deskURL, "lamp.example").Create(t, asked), "x"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a passkey for another account's challenge: %v", err)
		}
		if err := k.store.Block(ctx, operator, k.add("last@lamp.example", "L", user.Admin).ID); err != nil {
			t.Fatal(err)
		}
		blocked := k.addKey(other)
		if err := k.store.Block(ctx, operator, other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.byKey(blocked); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a blocked account: %v", err)
		}
	})
}

func TestPasskeysNeedAHost(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		for url, want := range map[string]bool{"https://lamp.example": true, "http://localhost:8080": true, "http://lamp.example": false,
			"https://192.0.2.1": false, "http://127.0.0.1:8080": false} {
			g := k.newGate(user.Options{URL: url})
			_, _, err := g.BeginSignIn()
			if g.Passkeys() != want || (err == nil) != want {
				t.Errorf("%s: %v, %v", url, g.Passkeys(), err)
			}
		}
	})
}

const phrase = "seven pianos in one street"

// setPassword gives an account a password; codes gives the code of an instant.
func (k *desk) setPassword(a user.Account, session int64) (codes func() string, recovery []string) {
	k.t.Helper()
	c, err := k.gate.NewCode(a)
	if err != nil {
		k.t.Fatal(err)
	}
	secret := strings.ReplaceAll(c.Secret, " ", "")
	codes = func() string {
		code, err := totp.GenerateCode(secret, k.now)
		if err != nil {
			k.t.Fatal(err)
		}
		return code
	}
	if recovery, err = k.gate.SetPassword(k.t.Context(), a, session, phrase, c.Kept, codes()); err != nil {
		k.t.Fatal(err)
	}
	return codes, recovery
}

func TestPasswordWithCode(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		mine, other := k.enter(k.roza), k.enter(k.roza)
		codes, recovery := k.setPassword(k.roza, mine.Session.ID)
		if !k.in(mine.Token) || k.in(other.Token) {
			t.Error("the other session was to end with the new password")
		}
		sign := func(email, password, code string) error {
			o, err := k.gate.Password(ctx, email, password, code, here)
			if err == nil && (o.Account.ID != k.roza.ID || o.Session.Via != user.ByPassword || !k.in(o.Token)) {
				t.Errorf("%+v", o)
			}
			return err
		}
		email := k.roza.Email
		first := codes()
		if err := sign(email, phrase, first); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the code that the setting up used: %v", err)
		}
		k.now = k.now.Add(30 * time.Second)
		second := codes()
		if err := sign(strings.ToUpper(email), phrase, second[:3]+" "+second[3:]); err != nil {
			t.Errorf("the right password and code: %v", err)
		}
		if err := sign(email, phrase, second); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a code twice: %v", err)
		}
		k.now = k.now.Add(2 * time.Minute)
		if err := sign(email, phrase, second); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an old code: %v", err)
		}
		code := strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " "))
		if err := sign(email, "another phrase entirely", code); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a recovery code without the password: %v", err)
		}
		if err := sign(email, phrase, code); err != nil {
			t.Errorf("a recovery code, with blanks for hyphens: %v", err)
		}
		if err := sign(email, phrase, code); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a recovery code twice: %v", err)
		}
		if n, err := k.store.Recoveries(ctx, k.roza.ID); err != nil || n != 9 || len(recovery) != 10 {
			t.Errorf("%d recovery codes of %d left, %v", n, len(recovery), err)
		}
		if err := k.gate.RemovePassword(ctx, k.roza); !fault.Is(err, fault.Conflict) {
			t.Errorf("the only way in was removed: %v", err)
		}
		k.addKey(k.roza)
		if err := k.gate.RemovePassword(ctx, k.roza); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(time.Hour)
		if err := sign(email, phrase, codes()); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a password that was removed: %v", err)
		}
	})
}

func TestPasswordsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		c, err := k.gate.NewCode(k.roza)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := k.gate.SameCode(k.roza, c.Kept); err != nil || same.Secret != c.Secret || same.Path != c.Path {
			t.Errorf("the same secret is another: %v", err)
		}
		code, err := totp.GenerateCode(strings.ReplaceAll(c.Secret, " ", ""), k.now)
		if err != nil {
			t.Fatal(err)
		}
		other := k.add("v@lamp.example", "V", user.Author)
		foreign, err := k.gate.NewCode(other)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ password, kept, code, field string }{
			{"short", c.Kept, code, "password"},
			{strings.Repeat("ы", 201), c.Kept, code, "password"},
			{"aaaaaaaaaaaaaaaaa", c.Kept, code, "password"},
			{"Roza.Tilekova-2026", c.Kept, code, "password"},
			{"roza.tilekova@lamp.example1", c.Kept, code, "password"},
			{phrase, c.Kept, "000000", "code"},
			{phrase, foreign.Kept, code, ""},
			{phrase, "", code, ""},
		} {
			_, err := k.gate.SetPassword(t.Context(), k.roza, 0, tt.password, tt.kept, tt.code)
			var f *fault.Error
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				err = joined.Unwrap()[0]
			}
			if f, _ = err.(*fault.Error); f == nil || f.Field != tt.field || f.Kind != fault.Invalid {
				t.Errorf("%.20s, %s: %v", tt.password, tt.code, err)
			}
		}
		a, err := k.store.ByID(t.Context(), k.roza.ID)
		if err != nil || a.HasPassword {
			t.Errorf("one was taken: %+v, %v", a, err)
		}
	})
}

// TestNobodyLearnsWhoIsHere: accounts that are not there, have no password or are
// blocked, a wrong password and a wrong code: one answer.
func TestNobodyLearnsWhoIsHere(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		codes, _ := k.setPassword(k.roza, 0)
		blocked := k.add("b@lamp.example", "B", user.Author)
		k.setPassword(blocked, 0)
		if err := k.store.Block(ctx, operator, blocked.ID); err != nil {
			t.Fatal(err)
		}
		k.add("bare@lamp.example", "Bare", user.Author)
		k.now = k.now.Add(time.Minute)
		var said []string
		for _, email := range []string{"nobody@lamp.example", "bare@lamp.example", "b@lamp.example", "not an address", k.roza.Email} {
			for _, password := range []string{"wrong as wrong can be", phrase} {
				code := codes()
				if email == k.roza.Email {
					code = "111111"
				}
				_, err := k.gate.Password(ctx, email, password, code, here)
				if err == nil {
					t.Fatalf("%s came in", email)
				}
				said = append(said, err.Error())
			}
		}
		for _, s := range said[1:] {
			if diff := cmp.Diff(said[0], s); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// TestTriesAreBounded: for an account from wherever, and from a network for
// whichever accounts; who waits may go on, and others are not in the way.
func TestTriesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		codes, _ := k.setPassword(k.roza, 0)
		from := func(i int) user.From {
			return user.From{Addr: netip.AddrFrom4([4]byte{198, 51, byte(i), 1})}
		}
		tries := 0
		for ; tries < 50; tries++ {
			_, err := k.gate.Password(ctx, k.roza.Email, "guess number one hundred", "000000", from(tries))
			if fault.Is(err, fault.TooMany) {
				break
			}
		}
		if tries != 10 {
			t.Errorf("%d tries for one account", tries)
		}
		unknown := 0
		for ; unknown < 50; unknown++ {
			if _, err := k.gate.Password(ctx, "nobody@lamp.example", "guess", "000000", from(100+unknown)); fault.Is(err, fault.TooMany) {
				break
			}
		}
		if unknown != tries {
			t.Errorf("%d tries for an account that is not there, %d for one that is", unknown, tries)
		}
		k.now = k.now.Add(61 * time.Second)
		if _, err := k.gate.Password(ctx, k.roza.Email, phrase, codes(), from(60)); err != nil {
			t.Errorf("after a minute: %v", err)
		}
		stranger := user.From{Addr: netip.MustParseAddr("2001:db8:0:12::1")}
		neighbour := user.From{Addr: netip.MustParseAddr("2001:db8:0:34:5::9")} // of the same /56
		n := 0
		for ; n < 100; n++ {
			who := stranger
			if n%2 == 1 {
				who = neighbour
			}
			if _, err := k.gate.UseLink(ctx, "NOSUCHLINK", who); fault.Is(err, fault.TooMany) {
				break
			}
		}
		if n != 40 {
			t.Errorf("%d tries from one network", n)
		}
		if _, err := k.gate.UseLink(ctx, "NOSUCHLINK", here); !fault.Is(err, fault.NotFound) {
			t.Errorf("from another network: %v", err)
		}
		for range 100 { // an office where many sign in, rightly
			k.enter(k.roza)
		}
	})
}
