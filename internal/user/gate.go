package user

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dateline/internal/db"
	"dateline/internal/fault"
)

// Options of a Gate.
type Options struct {
	// URL is how staff reach the desk: scheme, host, port. Passkeys belong to its
	// host, and what leads back from elsewhere leads there.
	URL string
	// Newsroom is the name under which passkeys and codes are kept.
	Newsroom string
	// Secret seals; every node needs the same. At least SecretSize bytes.
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
	seal     sealer
	keys     *webauthn.WebAuthn // nil: the host can have none
	sso      *sso               // nil: none
	hashing  chan struct{}      // argon2 takes 19 MiB each time
	accounts *limit
	networks *limit
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
		accounts: newLimit(10, time.Minute), networks: newLimit(40, 10*time.Second)}
	if g.seal, err = newSealer(o.Secret); err != nil {
		return nil, err
	}
	if err := g.passkeys(u); err != nil {
		return nil, err
	}
	if o.OIDC != nil {
		if g.sso, err = newSSO(*o.OIDC, o.URL); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// passkeys prepares WebAuthn. An address of numbers can have no passkeys, nor can
// a host that is reached without TLS, but for localhost.
func (g *Gate) passkeys(u *url.URL) error {
	host := u.Hostname()
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if _, err := netip.ParseAddr(host); err == nil || u.Scheme != "https" && !local {
		return nil
	}
	var err error
	g.keys, err = webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: g.o.Newsroom, RPOrigins: []string{g.o.URL},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return fault.New(fault.Invalid, "passkeys for %s: %w", g.o.URL, err)
	}
	return nil
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
	if !g.networks.take(network(from.Addr), now) || account != "" && !g.accounts.take(account, now) {
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
		token, o.Session, err = g.begin(ctx, tx, o.Account, via, agentName(from.Agent))
		o.Token = g.seal.signed(token)
		return err
	})
	if err != nil {
		return nil, err
	}
	g.networks.back(network(from.Addr)) // an office has one address and many people
	return &o, nil
}

// Session finds who a session's token belongs to, as the tables have it now.
// NotFound: it is nobody's, or not any more.
func (g *Gate) Session(ctx context.Context, signed string) (Account, Session, error) {
	token, ok := g.seal.bare(signed)
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

// agents are browsers and systems by what their User-Agent says, those first whose
// words others carry, too.
var agents = [2][][2]string{
	{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"YaBrowser/", "Yandex"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"}},
	{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}},
}

// agentName is a browser as its owner knows it: "Firefox, Linux". No version: it
// would only tell one person from another.
func agentName(agent string) string {
	var parts []string
	for _, list := range agents {
		for _, a := range list {
			if strings.Contains(agent, a[0]) {
				parts = append(parts, a[1])
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}
