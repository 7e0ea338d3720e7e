package reader

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/lang"
	"dateline/internal/limit"
	"dateline/internal/mail"
	"dateline/internal/passkey"
	"dateline/internal/seal"
	"dateline/internal/theme"
	"dateline/internal/web"
)

const goes = "reader.delete"

// Own is a comment of a reader's, as their page lists it.
type Own struct {
	At       time.Time
	Headline string
	URL      string // where it stands; "": nowhere, it waits or was removed
	Text     string
	State    string // in words
}

// Options of a Service.
type Options struct {
	DB       *db.DB
	Editions *edition.Store
	Post     *mail.Post
	BaseURL  string // how readers reach the site
	Newsroom string // under which passkeys are kept
	Secret   []byte
	// Holdings are what every room has of readers, this one's among them.
	Holdings []Holding
	// Comments are a reader's own, the newest first; nil: there is no such room.
	Comments func(ctx context.Context, reader int64, ed edition.Edition) ([]Own, error)
	// Show answers with a page of an edition that nobody keeps, at a path within it.
	Show func(w http.ResponseWriter, r *http.Request, ed edition.Edition, path, title string, status int, page func(theme.Frame) theme.Page) error
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: slog.Default()
}

// Service lets readers in and keeps their accounts.
type Service struct {
	o        Options
	d        *db.DB
	seal     seal.Sealer
	keys     *passkey.Keys // nil: the host can have none
	secure   bool
	runner   *job.Runner
	networks *limit.Limit // tries of a network
	letters  *limit.Limit // letters to an address
	all      *limit.Limit // letters to whomever
}

// New makes a Service.
func New(o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Service{o: o, d: o.DB, runner: job.NewRunner(o.DB, o.Log),
		networks: limit.New(20, 30*time.Second), letters: limit.New(3, 5*time.Minute), all: limit.New(300, 2*time.Second)}
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "%q is no address of a site", o.BaseURL)
	}
	s.secure = u.Scheme == "https"
	if s.seal, err = seal.New(o.Secret, "reader"); err != nil {
		return nil, err
	}
	if s.keys, err = passkey.New(o.BaseURL, o.Newsroom, s.seal, o.Now); err != nil {
		return nil, err
	}
	for _, h := range o.Holdings {
		if err := h.check(); err != nil {
			return nil, err
		}
	}
	s.runner.Plan(goes, s.remove)
	return s, nil
}

// Run deletes the accounts of those who want to be gone, until ctx ends.
func (s *Service) Run(ctx context.Context) { s.runner.Run(ctx) }

// Once deletes those that are due now.
func (s *Service) Once(ctx context.Context) error { return s.runner.Once(ctx) }

// Forget throws away links and sessions that are too old.
func (s *Service) Forget(ctx context.Context) error {
	return s.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error { return forget(ctx, tx, s.o.Now()) })
}

// from is where somebody asks from: it is counted, and kept nowhere.
type from struct {
	addr  netip.Addr
	agent string
}

// Ask sends a link that signs in, to whomever; the answer is the same whether there is
// an account or not, and whether a letter went out or the last ones are to do.
func (s *Service) ask(ctx context.Context, publication int64, ed edition.Edition, email string, f from) error {
	email, err := mail.Address(email)
	if err != nil {
		return err
	}
	now := s.o.Now()
	if !s.networks.Take(limit.Network(f.addr), now) || !s.all.Take("", now) {
		return tooMany()
	}
	if !s.letters.Take(mail.Fold(email), now) {
		return nil
	}
	l := lang.Of(ed.Lang)
	token, until := rand.Text(), now.Add(LinkFor)
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := newLink(ctx, tx, publication, email, ed.Lang, token, until); err != nil {
			return err
		}
		return s.o.Post.Send(ctx, tx, mail.Letter{Kind: "reader.sign_in", To: email, Lang: ed.Lang, Until: until,
			Subject: l.T("account.mail.subject", "site", ed.Name),
			Parts: []mail.Part{{Text: l.T("account.mail.hello", "site", ed.Name)}, {Text: l.T("account.mail.link"), Path: ed.Prefix + linkPath + token},
				{Text: l.T("account.mail.once", "n", int64(LinkFor/time.Minute))}, {Text: l.T("account.mail.not_you")}}})
	})
}

// enter signs somebody in; proof runs in the transaction that does, and tells whom.
func (s *Service) enter(ctx context.Context, via Via, f from, proof func(*db.Tx) (int64, error)) (token string, err error) {
	err = s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		id, err := proof(tx)
		if err == nil {
			token, err = begin(ctx, tx, id, via, web.Agent(f.agent), s.o.Now())
		}
		return err
	})
	return s.seal.Signed(token), err
}

// use signs in by a link.
func (s *Service) use(ctx context.Context, token string, f from) (string, error) {
	if !s.networks.Take(limit.Network(f.addr), s.o.Now()) {
		return "", tooMany()
	}
	signed, err := s.enter(ctx, ByLink, f, func(tx *db.Tx) (int64, error) {
		r, err := useLink(ctx, tx, token, s.o.Now())
		return r.ID, err
	})
	if err == nil {
		s.networks.Back(limit.Network(f.addr))
	}
	return signed, err
}

// finish signs in by what an authenticator answered.
func (s *Service) finish(ctx context.Context, kept string, answer []byte, f from) (string, error) {
	if s.keys == nil {
		return "", fault.New(fault.Conflict, "%s can have no passkeys", s.o.BaseURL)
	}
	if !s.networks.Take(limit.Network(f.addr), s.o.Now()) {
		return "", tooMany()
	}
	h, key, err := s.keys.FinishSignIn(kept, answer, func(handle []byte) (passkey.Holder, error) { return holder(ctx, s.d, handle) })
	if err != nil {
		return "", s.said(err)
	}
	return s.enter(ctx, ByPasskey, f, func(tx *db.Tx) (int64, error) {
		if err := spend(ctx, tx, kept, s.o.Now().Add(passkey.For)); err != nil {
			return 0, err
		}
		return h.ID, usedKey(ctx, tx, h.ID, key, s.o.Now())
	})
}

// said is an error of a ceremony as whoever tried hears it; the log has the rest.
func (s *Service) said(err error) error {
	if errors.Is(err, passkey.ErrLate) || errors.Is(err, passkey.ErrRefused) {
		s.o.Log.Info("a reader's passkey was refused", "error", err)
		return refused()
	}
	return err
}

// addKey adds the passkey that an authenticator made.
func (s *Service) addKey(ctx context.Context, r Reader, kept string, answer []byte, called string) error {
	if s.keys == nil {
		return fault.New(fault.Conflict, "%s can have no passkeys", s.o.BaseURL)
	}
	h, err := holderOf(ctx, s.d, r.ID)
	if err != nil {
		return err
	}
	key, err := s.keys.FinishAdd(h, kept, answer)
	if err != nil {
		return s.said(err)
	}
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := spend(ctx, tx, kept, s.o.Now().Add(passkey.For)); err != nil {
			return err
		}
		return addKey(ctx, tx, r.ID, key, called, s.o.Now())
	})
}

// Of tells who asks. NotFound: nobody who is signed in.
func (s *Service) Of(r *http.Request) (Reader, error) {
	who, _, err := s.of(r)
	return who, err
}

func (s *Service) of(r *http.Request) (Reader, int64, error) {
	token, ok := s.seal.Bare(s.cookie(r))
	if !ok {
		return Reader{}, 0, fault.New(fault.NotFound, "nobody is signed in")
	}
	return session(r.Context(), s.d, token, s.o.Now())
}

// leave begins the end of an account: from now on nobody can sign in to it, and within
// minutes every table that has something of it is without.
func (s *Service) leave(ctx context.Context, r Reader) error {
	return s.d.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := leave(ctx, tx, r.ID, s.o.Now()); err != nil {
			return err
		}
		return job.PutOutbox(ctx, tx, job.Event{Kind: goes, Ref: r.ID})
	})
}

// remove takes a reader out of every table, in one transaction with the note of it.
func (s *Service) remove(ctx context.Context, tx *db.Tx, e job.Row) error {
	r, err := byID(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	w := r.who()
	var own []Holding
	for _, h := range s.o.Holdings {
		if h.Table == "reader" { // what refers to it first
			own = append(own, h)
			continue
		}
		if h.Forget != nil {
			if err := h.Forget(ctx, tx, w); err != nil {
				return err
			}
		}
	}
	for _, h := range own {
		if err := h.Forget(ctx, tx, w); err != nil {
			return err
		}
	}
	return nil
}

func (r Reader) who() Who { return Who{ID: r.ID, Email: r.Email, Folded: mail.Fold(r.Email)} }

// Export is everything that is known of a reader, by the tables that hold it.
func (s *Service) export(ctx context.Context, r Reader) (map[string]any, error) {
	out := map[string]any{}
	for _, h := range s.o.Holdings {
		if h.Export == nil {
			continue
		}
		v, err := h.Export(ctx, s.d, r.who())
		if err != nil {
			return nil, err
		}
		out[h.Table] = v
	}
	return out, nil
}
