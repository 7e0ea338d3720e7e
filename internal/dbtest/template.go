package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	_ "github.com/jackc/pgx/v5/stdlib"

	"dateline/internal/db"
)

var errNoServer = errors.New("dbtest: DATELINE_TEST_POSTGRES names no server; run the tests by `make test` or tools/testenv/with.sh go test …")

// server reads which PostgreSQL to use; "" for none, an error where one must be.
func server(getenv func(string) string) (string, error) {
	u := getenv("DATELINE_TEST_POSTGRES")
	if u == "" && getenv("DATELINE_TEST_REQUIRE") != "" {
		return "", errNoServer
	}
	return u, nil
}

// A folder's files, by name: SQLite's database is one, two more if it was not
// written back into the first on closing.
type folder map[string][]byte

func (f folder) writeTo(dir string) error {
	for name, data := range f {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

var sqliteTemplate = sync.OnceValues(func() (folder, error) {
	dir, err := os.MkdirTemp("", "dateline-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrated(db.Config{Dir: dir}); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := folder{}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") {
			continue // an index of the -wal, made anew
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
})

func migrated(c db.Config) error {
	d, err := db.Open(context.Background(), c)
	if err != nil {
		return err
	}
	return d.Close()
}

// Databases of tests are named after the process, so that those a killed run has
// left can be told and dropped by the next.
const prefix = "dateline_test_"

type postgres struct {
	admin    *sql.DB
	template string
}

var postgresTemplate = sync.OnceValues(func() (*postgres, error) {
	u := os.Getenv("DATELINE_TEST_POSTGRES")
	admin, err := sql.Open("pgx", u)
	if err != nil {
		return nil, err
	}
	admin.SetMaxOpenConns(2)
	if err := dropLeft(admin); err != nil {
		return nil, err
	}
	p := &postgres{admin, fmt.Sprintf("%s%d_template", prefix, os.Getpid())}
	if _, err := admin.Exec("CREATE DATABASE " + p.template); err != nil {
		return nil, fmt.Errorf("making a template: %w", err)
	}
	in, err := inDatabase(u, p.template)
	if err != nil {
		return nil, err
	}
	return p, migrated(db.Config{URL: in, Conns: 2})
})

// postgresFresh makes a database and returns its address and how to drop it.
func postgresFresh(u string) (fresh string, drop func() error, err error) {
	p, err := postgresTemplate()
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("%s%d_%s", prefix, os.Getpid(), strings.ToLower(rand.Text()[:10]))
	if _, err := p.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + p.template); err != nil {
		return "", nil, fmt.Errorf("making a database: %w", err)
	}
	fresh, err = inDatabase(u, name)
	return fresh, func() error {
		_, err := p.admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
		return err
	}, err
}

// dropLeft drops what runs that are over have left. It asks only about processes
// of this machine, so on a server that several machines use nothing is dropped
// that belongs to a number running here.
func dropLeft(admin *sql.DB) error {
	rows, err := admin.Query("SELECT datname FROM pg_database WHERE datname LIKE $1", strings.ReplaceAll(prefix, "_", `\_`)+"%")
	if err != nil {
		return err
	}
	var left []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		var pid int
		if _, err := fmt.Sscanf(strings.TrimPrefix(name, prefix), "%d_", &pid); err != nil || pid == 0 {
			continue
		}
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || pid == os.Getpid() {
			left = append(left, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range left {
		if _, err := admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

func inDatabase(u, name string) (string, error) {
	parsed, err := url.Parse(u)
	if err != nil {
		return "", fmt.Errorf("DATELINE_TEST_POSTGRES is no URL: %w", err)
	}
	parsed.Path = "/" + name
	return parsed.String(), nil
}
