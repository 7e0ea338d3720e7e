package mail

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
)

const (
	event = "mail.letter"
	// KeptFor is how long a letter is kept that was not sent, and for how long it is
	// remembered that one was.
	KeptFor = 7 * 24 * time.Hour
)

// Options of a Post.
type Options struct {
	BaseURL  string // how readers reach the site: links in letters begin with it
	SMTP     *SMTP  // nil: letters stay in the outbox
	Newsroom func(ctx context.Context, lang string) (string, error)
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: slog.Default()
}

// Post takes letters and sends them.
type Post struct {
	d      *db.DB
	o      Options
	runner *job.Runner
}

// New makes a Post.
func New(d *db.DB, o Options) (*Post, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	p := &Post{d: d, o: o, runner: job.NewRunner(d, o.Log)}
	if o.SMTP.Set() {
		s, err := o.SMTP.check()
		if err != nil {
			return nil, err
		}
		p.o.SMTP = &s
		p.runner.Do(event, p.deliver)
	} else {
		p.o.SMTP = nil
	}
	return p, nil
}

// Sends tells whether letters are sent; if not they lie in the outbox.
func (p *Post) Sends() bool { return p.o.SMTP != nil }

// Server is where letters go, and from whom; "" where nothing is sent.
func (p *Post) Server() (server, from string) {
	if p.o.SMTP == nil {
		return "", ""
	}
	return p.o.SMTP.Server, p.o.SMTP.From
}

// Send has a letter sent once the transaction is committed.
func (p *Post) Send(ctx context.Context, tx *db.Tx, l Letter) error {
	l, err := l.canonical()
	if err != nil {
		return err
	}
	state := Kept
	if p.Sends() {
		state = Waiting
	}
	id, err := put(ctx, tx, l, rand.Text(), state, p.o.Now())
	if err != nil || !p.Sends() {
		return err
	}
	return job.PutOutbox(ctx, tx, job.Event{Kind: event, Ref: id})
}

// Run sends until ctx ends.
func (p *Post) Run(ctx context.Context) { p.runner.Run(ctx) }

// Once sends what is due now.
func (p *Post) Once(ctx context.Context) error { return p.runner.Once(ctx) }

// helo is the name under which the server is greeted: the site's, if it has one.
func (p *Post) helo() string {
	u, err := url.Parse(p.o.BaseURL)
	if err != nil || !strings.Contains(u.Hostname(), ".") {
		return "localhost"
	}
	return u.Hostname()
}

// deliver is the errand: it sends one letter.
func (p *Post) deliver(ctx context.Context, e job.Row) error {
	r, err := get(ctx, p.d, e.Ref)
	if fault.Is(err, fault.NotFound) { // thrown away meanwhile
		return nil
	}
	if err != nil || r.State != Waiting {
		return err
	}
	if !r.Until.IsZero() && !p.o.Now().Before(r.Until) {
		return p.over(ctx, r, Late, "")
	}
	newsroom, err := p.o.Newsroom(ctx, r.Lang)
	if err != nil {
		return err
	}
	m, err := p.compose(r, line(cmp.Or(newsroom, "Dateline"), 80))
	if err != nil {
		return err
	}
	err = p.o.SMTP.hand(ctx, way{helo: p.helo(), bulky: r.off() != ""}, r.To, m)
	switch {
	case err == nil:
		return p.over(ctx, r, Sent, "")
	case job.IsNever(err):
		return errors.Join(err, p.over(ctx, r, Failed, err.Error()))
	}
	return errors.Join(err, p.over(ctx, r, Waiting, err.Error()))
}

// over notes what has become of a letter, although the house is being closed.
func (p *Post) over(ctx context.Context, r row, state State, why string) error {
	ctx = context.WithoutCancel(ctx)
	return p.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error { return settle(ctx, tx, r.ID, state, why, p.o.Now()) })
}

// Again has a letter tried again at once that waits for its next try or has failed.
func (p *Post) Again(ctx context.Context, tx *db.Tx, id int64) error {
	r, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !p.Sends() || r.State != Waiting && r.State != Failed {
		return fault.New(fault.Conflict, "letter %d is %s", id, r.State)
	}
	list, err := job.Of(ctx, tx, []string{event}, id, 1)
	if err != nil {
		return err
	}
	if err := settle(ctx, tx, id, Waiting, "", p.o.Now()); err != nil {
		return err
	}
	if len(list) == 0 {
		return job.PutOutbox(ctx, tx, job.Event{Kind: event, Ref: id})
	}
	return job.Again(ctx, tx, list[0].ID)
}

// Forget throws away what is kept no longer.
func (p *Post) Forget(ctx context.Context) error {
	return p.d.Tx(ctx, db.Jobs, func(tx *db.Tx) error { return forget(ctx, tx, p.o.Now().Add(-KeptFor)) })
}
