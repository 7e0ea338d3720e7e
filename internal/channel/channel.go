package channel

import (
	"context"
	"log/slog"
	"time"

	"dateline/internal/article"
	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/job"
)

// published is the event that article writes when an article is news.
const published = "article.published"

// newsFor is how long a publication is news that channels are told of: what lay in the
// outbox for longer, because nothing was set up then, is not.
const newsFor = 48 * time.Hour

// Channel is a way to readers.
type Channel interface {
	// Kind is the kind of its errands, "websub.ping": also the word under which the desk
	// names them, "channel.kind." + Kind.
	Kind() string
	// Plan says what is to be delivered of an article that has been published; nothing
	// where the channel is not set up.
	Plan(ctx context.Context, tx *db.Tx, a article.Article) ([]job.Event, error)
	// Deliver carries an errand out. Its errors are job.Errand's.
	Deliver(ctx context.Context, e job.Row) error
}

// Rooms are what channels are made of.
type Rooms struct {
	DB       *db.DB
	Articles *article.Store
	Editions *edition.Store
	Now      func() time.Time
	Log      *slog.Logger
}

// Channels are those of this newsroom, and the ledger.
type Channels struct {
	Rooms
	runner *job.Runner
	list   []Channel
	kinds  []string
}

// New makes the ledger with its channels.
func New(r Rooms, list ...Channel) *Channels {
	c := &Channels{Rooms: r, runner: job.NewRunner(r.DB, r.Log), list: list}
	c.runner.Plan(published, c.plan)
	for _, one := range list {
		c.kinds = append(c.kinds, one.Kind())
		c.runner.Do(one.Kind(), one.Deliver)
	}
	return c
}

// Run delivers until ctx ends.
func (c *Channels) Run(ctx context.Context) { c.runner.Run(ctx) }

// Once delivers what is due now.
func (c *Channels) Once(ctx context.Context) error { return c.runner.Once(ctx) }

// Forget throws away what was delivered long ago.
func (c *Channels) Forget(ctx context.Context) error { return job.Forget(ctx, c.DB) }

// plan has every channel say what is to be delivered of an article. One that is not
// public at this moment – withdrawn meanwhile, or scheduled anew, which is another event –
// is delivered nowhere.
func (c *Channels) plan(ctx context.Context, tx *db.Tx, e job.Row) error {
	now := c.Now()
	if now.Sub(e.NotBefore) > newsFor {
		return nil
	}
	a, err := c.Articles.Get(ctx, tx, e.Ref)
	if fault.Is(err, fault.NotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if a.Visibility().At(now) != article.Published {
		return nil
	}
	for _, one := range c.list {
		errands, err := one.Plan(ctx, tx, a)
		if err != nil {
			return err
		}
		for _, errand := range errands {
			if err := job.PutOutbox(ctx, tx, errand); err != nil {
				return err
			}
		}
	}
	return nil
}
