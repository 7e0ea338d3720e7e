package views

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dateline/internal/fault"
)

// The method, which /privacy tells readers in words:
const (
	oncePer  = 30 * time.Minute      // a person counts once per article in this time
	keyLives = 12 * time.Hour        // the key of the hashes; with the overlap below it is gone within 24 h
	holdFor  = 25 * time.Millisecond // reads are held for a common commit; at most 50 ms
	maxSeen  = 400_000               // hashes remembered per half; above it the older half is forgotten early
	commitIn = 5 * time.Second       // a commit that takes longer is answered 503
	asideFor = time.Second           // what only the desk's charts need waits so long for a commit
	knownFor = 10 * time.Second      // that an article is public is believed so long
	maxKnown = 100_000
	crowd    = 5    // a site is named once so many readers came from it within an hour
	maxHosts = 2000 // sites waiting for that; beyond it further ones stay unnamed
)

// Counter counts reads. A read is acknowledged once it is on disk; so
// acknowledged ≤ stored ≤ sent, whatever kills the process.
//
// A person is a keyed hash of address, agent and article. Key and hashes are
// in memory only: after a restart somebody may be counted once more, which is
// the price for keeping nothing about anybody.
type Counter struct {
	store *Store
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex
	key     [32]byte
	old     [32]byte // the key before, until its hashes have run out
	keyFrom time.Time
	seen    [2]map[person]int64 // when, UnixMilli; 0 the younger half. Without pointers: the collector need not look at so many
	turned  time.Time
	known   map[int64]public // public articles
	agents  map[string]bool  // what IsBot said of agents: few are different, and it looks for a hundred words

	hosts   map[site]*arrivals // sites from which few came in this hour; what they are called is in memory alone
	hostsOf int64              // their hour

	pending *batch
	wake    chan struct{}

	aside  *aside    // Run's alone
	asided time.Time // since when something waits in it

	stored, failed atomic.Int64
}

// Stored is how many reads were stored since the start.
func (c *Counter) Stored() int64 { return c.stored.Load() }

// Failed is how many reads could not be stored; they were answered so.
func (c *Counter) Failed() int64 { return c.failed.Load() }

type person [12]byte

// public is an article that everybody may read, as it is believed for a while.
type public struct {
	until   time.Time
	edition int64
}

// source is a kind of site from which an edition is reached; site is one by name.
type source struct {
	edition int64
	Source
}

type site struct {
	edition int64
	host    string
}

// arrivals are those who came from a site in this hour, until there are enough of
// them for its name to be kept.
type arrivals struct {
	persons map[person]bool // nil: enough
	n       int64           // reads that were not stored under the name
}

// aside is what is known of stored reads for the desk's charts: in which minutes, and
// from where they came. Storing it with each group of reads costs as much again as the
// numbers themselves, so it waits in memory for a moment; a kill loses that moment of
// the charts, and no read.
type aside struct {
	slots   map[spot[int64]]int64 // by span of minutes and article
	sources map[spot[source]]int64
	sites   map[spot[site]]int64
}

// spot is something in a span of time: an hour, or minutes.
type spot[K comparable] struct {
	when int64
	what K
}

func newAside() *aside {
	return &aside{map[spot[int64]]int64{}, map[spot[source]]int64{}, map[spot[site]]int64{}}
}

// take adds what is known of a batch's reads, which were stored at now.
func (a *aside) take(b *batch, now time.Time) {
	for id, n := range b.n {
		a.slots[spot[int64]{Slot(now), id}] += n
	}
	for k, n := range b.sources {
		a.sources[spot[source]{Hour(now), k}] += n
	}
	for k, n := range b.sites {
		a.sites[spot[site]{Hour(now), k}] += n
	}
}

// batch is what one commit will store.
type batch struct {
	n       map[int64]int64
	sources map[source]int64
	sites   map[site]int64
	persons []person
	done    chan struct{}
	err     error
}

// NewCounter makes a counter. Run must run for reads to be stored.
func NewCounter(s *Store, now func() time.Time, log *slog.Logger) *Counter {
	c := &Counter{store: s, now: now, log: log, known: map[int64]public{}, hosts: map[site]*arrivals{}, agents: map[string]bool{}, wake: make(chan struct{}, 1), aside: newAside()}
	c.seen = [2]map[person]int64{{}, {}}
	c.keyFrom, c.turned = now(), now()
	rand.Read(c.key[:])
	c.old = c.key
	s.d.OnChange(c.forget)
	return c
}

// forget drops what is believed about articles that changed.
func (c *Counter) forget([]string) {
	c.mu.Lock()
	clear(c.known)
	c.mu.Unlock()
}

// Count counts a read of an article by whoever has this address and agent, who came
// to it from somewhere, and returns when it is durable. Bots and repeats are not
// counted, and not told. fault NotFound: no such article, or not public.
func (c *Counter) Count(ctx context.Context, article int64, addr netip.Addr, agent string, from From) error {
	edition, err := c.public(ctx, article)
	if err != nil {
		return err
	}
	if c.isBot(agent) {
		return nil
	}
	b := c.add(article, edition, addr, agent, from)
	if b == nil {
		return nil
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "counting a read: %w", ctx.Err())
	}
}

// maxAgents bounds what is remembered of agents; they are of at most 1 KiB.
const maxAgents = 2000

func (c *Counter) isBot(agent string) bool {
	c.mu.Lock()
	bot, ok := c.agents[agent]
	c.mu.Unlock()
	if ok || len(agent) > 1024 {
		return bot || !ok
	}
	bot = IsBot(agent)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.agents) >= maxAgents {
		clear(c.agents)
	}
	c.agents[agent] = bot
	return bot
}

// public makes sure that everybody may read the article, and gives its edition.
func (c *Counter) public(ctx context.Context, article int64) (edition int64, err error) {
	now := c.now()
	c.mu.Lock()
	p, ok := c.known[article]
	c.mu.Unlock()
	if ok && now.Before(p.until) {
		return p.edition, nil
	}
	edition, err = c.store.publicIn(ctx, article, now)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	if len(c.known) >= maxKnown {
		clear(c.known)
	}
	c.known[article] = public{now.Add(knownFor), edition}
	c.mu.Unlock()
	return edition, nil
}

// add puts a read into the next commit; nil when the person was counted already.
func (c *Counter) add(article, edition int64, addr netip.Addr, agent string, from From) *batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.turn(now)
	p := who(&c.key, article, addr, agent)
	if c.counted(p, now) || c.old != c.key && c.counted(who(&c.old, article, addr, agent), now) {
		return nil
	}
	c.seen[0][p] = now.UnixMilli()
	if c.pending == nil {
		c.pending = &batch{n: map[int64]int64{}, sources: map[source]int64{}, sites: map[site]int64{}, done: make(chan struct{})}
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	c.pending.n[article]++
	c.pending.sources[source{edition, from.Source}]++
	if from.Source == Other {
		c.arrive(site{edition, from.Host}, addr, agent, now)
	}
	c.pending.persons = append(c.pending.persons, p)
	return c.pending
}

// arrive notes that somebody came from a site. Its name is stored only once several
// people came from it within the hour; before that it is forgotten with the hour.
func (c *Counter) arrive(from site, addr netip.Addr, agent string, now time.Time) {
	if h := Hour(now); h != c.hostsOf {
		clear(c.hosts)
		c.hostsOf = h
	}
	a := c.hosts[from]
	if a == nil {
		if len(c.hosts) >= maxHosts {
			return
		}
		a = &arrivals{persons: map[person]bool{}}
		c.hosts[from] = a
	}
	a.n++
	if a.persons != nil {
		// The site's name is hashed, too: what is remembered of somebody at one of
		// them says nothing at another.
		a.persons[who(&c.key, 0, addr, agent+" "+from.host)] = true
		if len(a.persons) < crowd {
			return
		}
		a.persons = nil
	}
	c.pending.sites[from] += a.n
	a.n = 0
}

// counted reports whether a person was counted within oncePer.
func (c *Counter) counted(p person, now time.Time) bool {
	for _, half := range c.seen {
		if at, ok := half[p]; ok && now.UnixMilli()-at < oncePer.Milliseconds() {
			return true
		}
	}
	return false
}

// turn forgets hashes older than oncePer, and the key when its time is over.
func (c *Counter) turn(now time.Time) {
	if now.Sub(c.turned) >= oncePer || len(c.seen[0]) >= maxSeen {
		c.seen[1], c.seen[0] = c.seen[0], map[person]int64{}
		c.turned = now
	}
	if age := now.Sub(c.keyFrom); age >= keyLives {
		c.old = c.key
		rand.Read(c.key[:])
		if c.keyFrom = now; age >= 2*keyLives {
			c.old = c.key // nobody came for so long that nothing hangs on it
		}
	} else if age >= oncePer {
		c.old = c.key
	}
}

// who hashes a person. Of an IPv6 address only the first 64 bits count: the
// rest a reader may choose. The key stands before what is hashed and nobody ever
// sees the hash, so HMAC's second pass, which twice as much time goes into, would
// protect nothing.
func who(key *[32]byte, article int64, addr netip.Addr, agent string) (p person) {
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			addr = prefix.Addr()
		}
	}
	var room [256]byte // for most agents
	a := addr.As16()
	b := append(append(room[:0], key[:]...), a[:]...)
	b = append(binary.BigEndian.AppendUint64(b, uint64(article)), agent...)
	sum := sha256.Sum256(b)
	copy(p[:], sum[:])
	return p
}

// Run stores reads until ctx ends, and then what is still held.
func (c *Counter) Run(ctx context.Context) {
	late := time.NewTimer(asideFor) // when no read comes that could take with it what waits aside
	for {
		select {
		case <-ctx.Done():
			c.commit(context.WithoutCancel(ctx), true)
			c.commit(context.WithoutCancel(ctx), true) // what the one before put aside
			return
		case <-c.wake:
			hold := time.NewTimer(holdFor)
			select {
			case <-hold.C:
			case <-ctx.Done():
			}
		case <-late.C:
		}
		c.commit(context.WithoutCancel(ctx), false)
		late.Reset(asideFor)
	}
}

// Forget drops what was kept of the last hours and is no longer asked for.
func (c *Counter) Forget(ctx context.Context) error { return c.store.forget(ctx, c.now()) }

// commit stores the reads held so far and tells those who wait. What could not
// be stored is as if it had never been read: the next try counts. What the charts
// need goes with it when it has waited for long enough, or when all is to go.
func (c *Counter) commit(ctx context.Context, all bool) {
	c.mu.Lock()
	b := c.pending
	c.pending = nil
	c.mu.Unlock()
	var n map[int64]int64
	if b != nil {
		n = b.n
	}
	var waited *aside
	if len(c.aside.slots) > 0 && (all || time.Since(c.asided) >= asideFor) {
		waited = c.aside
	}
	if b == nil && waited == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, commitIn)
	defer cancel()
	now := c.now()
	err := c.store.add(ctx, Hour(now), n, waited)
	if err == nil && waited != nil {
		c.aside = newAside()
	}
	if b == nil {
		if err != nil {
			c.log.Error("from where reads came could not be stored, and is tried again", "error", err)
		}
		return
	}
	if b.err = err; err != nil {
		c.failed.Add(int64(len(b.persons)))
		c.log.Error("reads could not be stored", "reads", len(b.persons), "error", err)
		c.mu.Lock()
		for _, p := range b.persons {
			delete(c.seen[0], p)
			delete(c.seen[1], p)
		}
		c.mu.Unlock()
	} else {
		c.stored.Add(int64(len(b.persons)))
		if len(c.aside.slots) == 0 {
			c.asided = time.Now()
		}
		c.aside.take(b, now)
	}
	close(b.done)
}
