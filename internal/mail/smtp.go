package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/lang"
	"dateline/internal/outbound"
)

// TLS is how the way to a mail server is kept from others.
type TLS string

// The ways.
const (
	StartTLS TLS = "starttls" // begun in the open, then TLS or nothing (RFC 3207); port 587 mostly
	Implicit TLS = "tls"      // from the first byte (RFC 8314); port 465
	NoTLS    TLS = "none"     // for a server on this machine
)

// SMTP is the operator's mail server.
type SMTP struct {
	Server         string // HOST:PORT
	TLS            TLS
	User, Password string // "": the server wants none
	From           string // address of what is sent
	Roots          []byte // PEM of authorities besides the system's; nil: those alone
	DKIMKey        []byte // PEM of an RSA or Ed25519 key; nil: letters are not signed here
	DKIMSelector   string
}

// Set tells whether there is a server.
func (s *SMTP) Set() bool { return s != nil && s.Server != "" }

// domain is that of the sender.
func (s SMTP) domain() string { return s.From[strings.LastIndexByte(s.From, '@')+1:] }

const patience = 20 * time.Second // for each answer of a server

// check makes what is configured usable, or says what of it is not.
func (s SMTP) check() (SMTP, error) {
	host, port, err := net.SplitHostPort(s.Server)
	if n, perr := strconv.Atoi(port); err != nil || host == "" || perr != nil || n < 1 || n > 65535 {
		return s, lang.Wrong("mail.wrong.server", "flag", "--smtp", "value", s.Server)
	}
	switch s.TLS {
	case "":
		s.TLS = StartTLS
	case StartTLS, Implicit, NoTLS:
	default:
		return s, lang.Wrong("mail.wrong.tls", "flag", "--smtp-tls", "value", string(s.TLS), "choices", "starttls, tls, none")
	}
	from, err := Address(s.From)
	if err != nil {
		return s, lang.Wrong("mail.wrong.from", "flag", "--mail-from", "value", s.From)
	}
	s.From = from
	_, err = s.client(way{helo: "localhost"}, func(net.Conn) {})
	return s, err
}

// way is how a letter wants to go.
type way struct {
	helo  string // under which name the server is greeted
	utf8  bool   // its address has letters beyond ASCII
	bulky bool   // it can be ended by one click, and must say so under its signature
}

// client is a connection to be made.
func (s SMTP) client(w way, made func(net.Conn)) (*gomail.Client, error) {
	host, portText, err := net.SplitHostPort(s.Server)
	if err != nil {
		return nil, fault.New(fault.Invalid, "smtp: %w", err)
	}
	port, _ := strconv.Atoi(portText)
	secured := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if s.Roots != nil {
		secured.RootCAs, err = x509.SystemCertPool()
		if err != nil {
			secured.RootCAs = x509.NewCertPool()
		}
		if !secured.RootCAs.AppendCertsFromPEM(s.Roots) {
			return nil, lang.Wrong("mail.wrong.ca", "flag", "--smtp-ca")
		}
	}
	o := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(patience), gomail.WithHELO(w.helo), gomail.WithTLSConfig(secured)}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		raw, err := outbound.Dial(ctx, network, address)
		if err == nil {
			made(raw)
		}
		return raw, err
	}
	plain := dial
	switch s.TLS {
	case Implicit:
		// The library is not told: it would take a connection that it has not made itself to
		// be open to all, and send no password over it. Of a *tls.Conn it sees what it is.
		o = append(o, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			raw, err := plain(ctx, network, address)
			if err != nil {
				return nil, err
			}
			conn := tls.Client(raw, secured)
			if err := conn.HandshakeContext(ctx); err != nil {
				return nil, err
			}
			return conn, nil
		}
	case NoTLS:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	o = append(o, gomail.WithDialContextFunc(dial))
	if s.User != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	if !w.utf8 { // a letter that is marked SMTPUTF8 without need comes back from servers further on that lack it
		o = append(o, gomail.WithoutSMTPUTF8())
	}
	if s.DKIMKey != nil {
		key, err := gomail.PrivKeyFromPEM(s.DKIMKey)
		if err != nil {
			return nil, lang.Wrong("mail.wrong.key", "flag", "--dkim-key")
		}
		if s.DKIMSelector == "" {
			return nil, lang.Wrong("mail.wrong.selector", "flag", "--dkim-selector")
		}
		signer := gomail.NewDKIMSigner(s.domain(), s.DKIMSelector, key)
		// Named twice: nobody adds another one on the way. All names together fit into a
		// line: the library breaks a longer one within a name, and the signature with it.
		if w.bulky { // RFC 8058 §4
			signer.SignHeaders("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
		} else {
			signer.SignHeaders("From", "To", "Subject", "Date", "Message-ID", "Content-Type")
			signer.OversignHeaders("From", "To", "Subject", "Reply-To")
		}
		o = append(o, gomail.WithAlwaysDKIMSign(signer))
	}
	c, err := gomail.NewClient(host, o...)
	if err != nil {
		return nil, fault.New(fault.Invalid, "smtp: %w", err)
	}
	return c, nil
}

// connect greets the server and signs in. The library forgets a connection on which
// that failed: it is closed here.
func (s SMTP) connect(ctx context.Context, w way) (*gomail.Client, *smtp.Client, error) {
	var raw net.Conn
	c, err := s.client(w, func(made net.Conn) { raw = made })
	if err != nil {
		return nil, nil, err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil && raw != nil {
		_ = raw.Close() // it is of no use to anybody
	}
	return c, conn, err
}

// Check connects to a server, signs in where it wants that, and leaves.
func (s SMTP) Check(ctx context.Context) error {
	s, err := s.check()
	if err != nil {
		return err
	}
	c, conn, err := s.connect(ctx, way{helo: "localhost"})
	if err != nil {
		return fault.New(fault.Unavailable, "the mail server %s: %w", s.Server, err)
	}
	return c.CloseWithSMTPClient(conn)
}

// hand gives a message to the server. job.Never: it will not take it, ever.
func (s SMTP) hand(ctx context.Context, w way, to string, m *gomail.Msg) error {
	w.utf8 = !ascii(to)
	c, conn, err := s.connect(ctx, w)
	if err != nil {
		return scrub(err, to)
	}
	defer func() { _ = c.CloseWithSMTPClient(conn) }() // what it has taken it has taken
	if able, _ := conn.Extension("SMTPUTF8"); w.utf8 && !able {
		return job.Never(errors.New("the mail server takes no address with letters beyond ASCII (SMTPUTF8)"))
	}
	err = c.SendWithSMTPClient(conn, m)
	if err == nil || m.IsDelivered() {
		return nil
	}
	final := false
	if e, ok := errors.AsType[*gomail.SendError](err); ok {
		final = e.ErrorCode() >= 500 && !theirs(e)
	}
	if err = scrub(err, to); final {
		return job.Never(err)
	}
	return err
}

// theirs tells a refusal that is about us from one that is about the letter: once the
// operator has put it right, the letter can go.
func theirs(e *gomail.SendError) bool {
	switch e.ErrorCode() {
	case 530, 534, 535, 538: // RFC 4954 §6, RFC 3207 §4: sign in first, or not like this
		return true
	}
	return e.Reason == gomail.ErrSMTPMailFrom
}

// messageID is what go-mail adds to an error; it is nobody's name, but it is noise.
var messageID = regexp.MustCompile(`, affected (recipient\(s\)|message ID): .*$`)

// scrub takes an address out of what a server has said: errors are logged, and kept
// longer than addresses are.
func scrub(err error, address string) error {
	said := messageID.ReplaceAllString(err.Error(), "")
	for _, s := range []string{address, address[:strings.LastIndexByte(address, '@')]} {
		if len(s) > 2 {
			said = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(s)).ReplaceAllString(said, "…")
		}
	}
	return errors.New(line(said, 400))
}
