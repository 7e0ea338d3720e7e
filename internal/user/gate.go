package user

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/limit"
	"dateline/internal/passkey"
	"dateline/internal/seal"
	"dateline/internal/web"
)

// Options of a Gate.
type Options struct {
	// URL is how staff reach the desk: scheme, host, port. Passkeys belong to its
	// host, and what leads back from elsewhere leads there.
	URL string
	// Newsroom is the name under which passkeys and codes are kept.
	Newsroom string
	// Secret seals; every node needs the same. At least seal.Size bytes.
	Secret []byte
	// OIDC is the newsroom's single sign-on; nil: none.
	OIDC *OIDC
	// Publication is whose staff is let in.
	Publication func(ctx context.Context) (int64, error)
	Now         func() time.Time // nil: time.Now
	Log         *slog.Logger     // nil: slog.Default()
}

// Gate lets people in.
type Gate struct {
	*Store
	o        Options
	seal     seal.Sealer
	keys     *passkey.Keys // nil: the host can have none
	sso      *sso          // nil: none
	hashing  chan struct{} // argon2 takes 19 MiB each time
	accounts *limit.Limit
	networks *limit.Limit
}

// From is where somebody signs in from.
type From struct {
	Addr  netip.Addr // counted for limits, kept nowhere
	Agent string     // the browser's User-Agent
}

// Opened is a session that has just begun.
type Opened struct {
	Token   string // for the browser; it is nowhere else
	Account Account
	Session Session
}

// NewGate makes a Gate.
func NewGate(s *Store, o Options) (*Gate, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fault.New(fault.Invalid, "%q is no address of a desk", o.URL)
	}
	o.URL = u.Scheme + "://" + u.Host
	g := &Gate{Store: s, o: o, hashing: make(chan struct{}, 2),
		accounts: limit.New(10, time.Minute), networks: limit.New(40, 10*time.Second)}
	if g.seal, err = seal.New(o.Secret, "user"); err != nil {
		return nil, err
	}
	if g.keys, err = passkey.New(o.URL, o.Newsroom, g.seal, o.Now); err != nil {
		return nil, err
	}
	if o.OIDC != nil {
		if g.sso, err = newSSO(*o.OIDC, o.URL); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// Passkeys tells whether the desk's address can have passkeys.
func (g *Gate) Passkeys() bool { return g.keys != nil }

// SSO is the name of the newsroom's single sign-on, "" where there is none.
func (g *Gate) SSO() string {
	if g.sso == nil {
		return ""
	}
	return g.sso.o.Name
}

// Errors of signing in: nobody learns more.
func refused() error {
	err := wrong("", "refused")
	err.(*fault.Error).Kind = fault.Forbidden
	return err
}

func tooMany() error {
	err := wrong("", "many")
	err.(*fault.Error).Kind = fault.TooMany
	return err
}

// try counts a try to sign in, by network and, where it names one, by account.
func (g *Gate) try(from From, account string) error {
	now := g.o.Now()
	if !g.networks.Take(limit.Network(from.Addr), now) || account != "" && !g.accounts.Take(account, now) {
		return tooMany()
	}
	return nil
}

// open lets somebody in. proof runs in the transaction that does, and tells whom.
func (g *Gate) open(ctx context.Context, via Via, from From, proof func(*db.Tx) (int64, error)) (*Opened, error) {
	var o Opened
	err := g.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		id, err := proof(tx)
		if err != nil {
			return err
		}
		if o.Account, err = byID(ctx, tx, id); err != nil {
			return err
		}
		if o.Account.State != Active {
			return refused()
		}
		var token string
		token, o.Session, err = g.begin(ctx, tx, o.Account, via, web.Agent(from.Agent))
		o.Token = g.seal.Signed(token)
		return err
	})
	if err != nil {
		return nil, err
	}
	g.networks.Back(limit.Network(from.Addr)) // an office has one address and many people
	return &o, nil
}

// Session finds who a session's token belongs to, as the tables have it now.
// NotFound: it is nobody's, or not any more.
func (g *Gate) Session(ctx context.Context, signed string) (Account, Session, error) {
	token, ok := g.seal.Bare(signed)
	if !ok {
		return Account{}, Session{}, fault.New(fault.NotFound, "no session of ours")
	}
	return g.session(ctx, token)
}

// UseLink signs in by a link, which works no second time.
func (g *Gate) UseLink(ctx context.Context, token string, from From) (*Opened, error) {
	if err := g.try(from, ""); err != nil {
		return nil, err
	}
	return g.open(ctx, ByLink, from, func(tx *db.Tx) (int64, error) { return useLink(ctx, tx, token, g.o.Now()) })
}
