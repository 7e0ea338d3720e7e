package user_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"dateline/internal/fault"
	"dateline/internal/user"
)

// provider is a single sign-on: OpenID Connect Discovery and Core, code flow.
type provider struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	now    func() time.Time
	claims map[string]any              // of whoever is there
	codes  map[string]url.Values       // what was asked when a code was given
	spoil  func(claims map[string]any) // what a dishonest one says
	down   bool
}

func newProvider(t *testing.T, now func() time.Time) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, now: now, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k",
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		asked, ok := p.codes[r.FormValue("code")]
		delete(p.codes, r.FormValue("code"))
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		id, secret, _ := r.BasicAuth()
		secret, _ = url.QueryUnescape(secret) // RFC 6749 §2.3.1
		if !ok || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || id != "desk" || secret != "known to both" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		claims := map[string]any{"iss": p.URL, "aud": "desk", "nonce": asked.Get("nonce"), "iat": p.now().Unix(), "exp": p.now().Add(time.Minute).Unix()}
		for k, v := range p.claims {
			claims[k] = v
		}
		if p.spoil != nil {
			p.spoil(claims)
		}
		say(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(claims)})
	})
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) sign(claims map[string]any) string {
	head, _ := json.Marshal(map[string]string{"alg": "RS256", "kid": "k"})
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// visit is a person who goes there and is sent back.
func (p *provider) visit(address string) (state, code string) {
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "client_id": "desk", "redirect_uri": deskURL + user.SSOPath, "code_challenge_method": "S256"} {
		if q.Get(name) != want {
			p.t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	code = rand.Text()
	p.codes[code] = q
	return q.Get("state"), code
}

func TestSingleSignOn(t *testing.T) {
	each(t, func(t *testing.T, k *desk) {
		ctx := t.Context()
		p := newProvider(t, func() time.Time { return k.now })
		p.claims = map[string]any{"sub": "roza-1", "email": "roza.tilekova@lamp.example", "email_verified": true}
		sso := &user.OIDC{Issuer: p.URL, ClientID: "desk", Secret: "known to both", Name: "The paper's account"}
		g := k.newGate(user.Options{OIDC: sso})
		p.down = true
		if _, _, err := g.BeginSSO(ctx, "/desk/"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("with the single sign-on away: %v", err)
		}
		p.down = false // and is asked again
		sign := func() (*user.Opened, string, error) {
			address, kept, err := g.BeginSSO(ctx, "/desk/staff")
			if err != nil {
				t.Fatal(err)
			}
			state, code := p.visit(address)
			return g.FinishSSO(ctx, kept, state, code, here)
		}
		o, next, err := sign()
		if err != nil || o.Account.ID != k.roza.ID || o.Session.Via != user.ByOIDC || next != "/desk/staff" || !k.in(o.Token) {
			t.Fatalf("%+v, %q, %v", o, next, err)
		}
		p.claims["email"] = "roza@elsewhere.example" // married; the identity stays
		if o, _, err = sign(); err != nil || o.Account.ID != k.roza.ID {
			t.Errorf("by the identity: %+v, %v", o, err)
		}
		if got := k.did(k.roza.ID); !slices.Contains(got, "sso_add by Roza Tilekova") {
			t.Errorf("the log says %q", got)
		}
		k.add("v@lamp.example", "V", user.Author)
		for name, spoil := range map[string]func(map[string]any){
			"an address that nobody verified": func(c map[string]any) { c["sub"], c["email"], c["email_verified"] = "x", "v@lamp.example", false },
			"nobody's address":                func(c map[string]any) { c["sub"], c["email"] = "x", "nobody@lamp.example" },
			"an address that went to another": func(c map[string]any) { c["sub"], c["email"] = "roza-2", "roza.tilekova@lamp.example" },
			"another nonce":                   func(c map[string]any) { c["nonce"] = "y" },
			"for another client":              func(c map[string]any) { c["aud"] = "mail" },
			"of another issuer":               func(c map[string]any) { c["iss"] = "https://evil.test" },
			"too old":                         func(c map[string]any) { c["exp"] = k.now.Add(-time.Hour).Unix() },
			"nobody":                          func(c map[string]any) { c["sub"] = "" },
		} {
			p.spoil = spoil
			if o, _, err := sign(); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %+v, %v", name, o, err)
			}
		}
		p.spoil = nil
		address, kept, err := g.BeginSSO(ctx, "/desk/")
		if err != nil {
			t.Fatal(err)
		}
		state, code := p.visit(address)
		if _, _, err := g.FinishSSO(ctx, kept, "another"+state, code, here); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another's state: %v", err)
		}
		_, other, err := g.BeginSSO(ctx, "/desk/")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := g.FinishSSO(ctx, other, state, code, here); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another browser's: %v", err)
		}
		if _, _, err := g.FinishSSO(ctx, kept, state, code, here); err != nil {
			t.Errorf("the right ones: %v", err)
		}
		if _, _, err := g.FinishSSO(ctx, kept, state, code, here); !fault.Is(err, fault.Forbidden) {
			t.Errorf("once more: %v", err)
		}
		k.add("last@lamp.example", "L", user.Admin)
		if err := k.store.Block(ctx, operator, k.roza.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := sign(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a blocked account: %v", err)
		}
	})
}
