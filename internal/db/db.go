package db

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"dateline/internal/fault"
)

// Engine is one of the two databases.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says which database to open.
type Config struct {
	Dir    string           // SQLite: the data folder; the file is Dir/dateline.db
	URL    string           // PostgreSQL: postgres://…; not empty wins over Dir
	Conns  int              // connections for reading; 0: 4 on SQLite, 16 on PostgreSQL; the desk has 2 and 4 of its own
	Cache  int              // SQLite page cache of a connection in KiB; 0: 16 MiB
	Serves bool             // pages to readers: other processes are to know (Serving)
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: slog.Default
}

// DB is an open database. Its methods may be called from many goroutines.
type DB struct {
	engine Engine
	url    string // PostgreSQL
	dir    string // SQLite
	read   pool
	desk   pool // for AtDesk; opens a connection when the first is needed
	write  *sql.DB
	wstmts sync.Map // SQL text → *sql.Stmt on the writing connection (SQLite only)
	turn   turnstile
	now    func() time.Time
	log    *slog.Logger
	serves bool
	beside *sql.DB // SQLite: says that we serve, as long as it is open
	origin string  // tells our own change rows from those of other processes
	hear   listeners
	held   held
	pulse  pulse
	stop   context.CancelFunc
	wait   sync.WaitGroup
}

// Open opens the database, brings its schema up to date and begins to listen
// for changes made by other processes.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{now: c.Now, log: c.Log, serves: c.Serves, origin: rand.Text()[:12]}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	var err error
	if c.URL != "" {
		err = d.openPostgres(ctx, c)
	} else {
		err = d.openSQLite(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx); err != nil {
		if refused := d.refusal(ctx, err); refused != nil {
			err = fault.New(fault.Unavailable, "the schema is of another version and cannot be brought up to date: %w", refused)
		}
		d.closePools()
		return nil, err
	}
	wctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	if err := d.watch(wctx); err != nil {
		stop()
		d.closePools()
		return nil, err
	}
	return d, nil
}

// openSQLite opens one connection for writing and a pool for reading.
func (d *DB) openSQLite(ctx context.Context, c Config) error {
	d.engine, d.dir = SQLite, c.Dir
	cache := c.Cache
	if cache == 0 {
		cache = 16 << 10
	}
	// The DSN's pragmas are run as SQL: nothing here comes from outside but the
	// folder's name, which is escaped.
	path := filepath.Join(c.Dir, "dateline.db")
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_txlock=immediate&_dqs=0&_time_format=sqlite" +
		"&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)" + fmt.Sprintf("&_pragma=cache_size(-%d)", cache)
	living := dsn + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(2000)&_pragma=journal_size_limit(67108864)"
	var err error
	if d.write, err = openWriter(ctx, living); refuses(err) && still(path) {
		living = dsn + "&immutable=1"
		d.write, err = openWriter(ctx, living)
	}
	if err != nil {
		if refused := d.refusal(ctx, err); refused != nil {
			err = refused
		}
		return fault.New(fault.Unavailable, "opening %s: %w", path, err)
	}
	dsn = living
	// mode=ro would refuse to create the shared memory of a fresh WAL, so the
	// reading pool is held to reading by query_only.
	for p, n := range map[*pool]int{&d.read: cmp.Or(c.Conns, 4), &d.desk: 2} {
		if p.DB, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
			d.write.Close()
			return fault.New(fault.Unavailable, "opening %s: %w", path, err)
		}
		p.SetMaxOpenConns(n)
		p.SetMaxIdleConns(n)
	}
	if d.serves {
		// Reading anything makes a transaction one that reads; somebody may just
		// be looking whether we do.
		if d.beside, err = d.lockFile(ctx, Serving, heldFor, "BEGIN", "SELECT count(*) FROM sqlite_schema"); err != nil {
			if refuses(err) { // nor can anybody import into such a folder
				return nil
			}
			return errors.Join(fault.New(fault.Unavailable, "the lock file in %s: %w", c.Dir, err), d.closePools())
		}
	}
	return nil
}

// openWriter opens the one connection that writes.
func openWriter(ctx context.Context, dsn string) (*sql.DB, error) {
	w, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// still reports whether a database that nobody writes lies there whole: without
// a log beside it that would have to be read with it. In a folder where nothing
// can be made it is opened as what never changes.
func still(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	log, err := os.Stat(path + "-wal")
	return errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0
}

func (d *DB) openPostgres(ctx context.Context, c Config) error {
	d.engine, d.url = Postgres, c.URL
	conf, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return fault.New(fault.Unavailable, "opening the database %s: %w", Redact(c.URL), err)
	}
	for p, n := range map[*pool]int{&d.read: cmp.Or(c.Conns, 16), &d.desk: 4} {
		p.DB = stdlib.OpenDB(*conf, stdlib.OptionAfterConnect(lz4))
		p.SetMaxOpenConns(n)
		p.SetMaxIdleConns(n)
		p.SetConnMaxIdleTime(5 * time.Minute)
	}
	d.write = d.read.DB
	if err := d.read.PingContext(ctx); err != nil {
		d.read.Close()
		d.desk.Close()
		return fault.New(fault.Unavailable, "connecting to the database %s: %w", Redact(c.URL), err)
	}
	return nil
}

// lz4 has long texts kept in the form that is made and read faster. A server
// that was built without it goes on in its own way.
func lz4(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, "SET default_toast_compression = 'lz4'")
	if _, refused := errors.AsType[*pgconn.PgError](err); refused {
		return nil
	}
	return err
}

// Close stops listening and closes every connection.
func (d *DB) Close() error {
	d.stop()
	d.wait.Wait()
	d.held.mu.Lock()
	if d.held.timer != nil {
		d.held.timer.Stop()
	}
	d.held.mu.Unlock()
	return d.closePools()
}

func (d *DB) closePools() error {
	for _, m := range []*sync.Map{&d.read.stmts, &d.desk.stmts, &d.wstmts} {
		m.Range(func(_, v any) bool { v.(*sql.Stmt).Close(); return true })
	}
	err := cmp.Or(d.read.Close(), d.desk.Close())
	if d.beside != nil {
		d.beside.Close()
	}
	if d.write != d.read.DB {
		if werr := d.write.Close(); err == nil {
			err = werr
		}
	}
	return err
}

// Engine tells which database it is.
func (d *DB) Engine() Engine { return d.engine }

// Now is the clock the database was opened with.
func (d *DB) Now() time.Time { return d.now() }

// Analyze has the database look at how its tables are filled. PostgreSQL plans
// by that, and its own look comes a minute late: an import into empty tables
// would read them whole, slower with every article. SQLite gets no statistics:
// its plans are to be right without (docs/adr/016).
func (d *DB) Analyze(ctx context.Context) error {
	if d.engine == SQLite {
		return nil
	}
	_, err := d.write.ExecContext(ctx, "ANALYZE")
	return Wrap(err)
}

// Settle has the database write down which pages of tables everybody may see,
// after much was stored in them: until PostgreSQL's own cleaning comes by,
// minutes later, it looks up in a table what it has found in an index. SQLite
// has nothing of the kind.
func (d *DB) Settle(ctx context.Context, tables ...string) error {
	if d.engine == SQLite {
		return nil
	}
	_, err := d.write.ExecContext(ctx, "VACUUM (ANALYZE) "+strings.Join(tables, ", "))
	return Wrap(err)
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	if err := d.QueryRow(ctx, "SELECT 1").Scan(&one); err != nil {
		return Wrap(err)
	}
	return nil
}

// Redact gives a database URL without its password, wherever it stands.
func Redact(dsn string) string {
	u, err := url.Parse(dsn)
	switch {
	case err != nil:
		if _, rest, ok := strings.Cut(dsn, "@"); ok {
			return "postgres://…@" + rest
		}
		return "postgres://…"
	case u.Scheme == "": // "host=… password=…"
		return "postgres://…"
	case u.RawQuery != "":
		u.RawQuery = ""
		return u.Redacted() + "?…"
	}
	return u.Redacted()
}
