//go:build acceptance

package acceptance

import (
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/test/fixtures"
)

// visit is an old address and on which host it is asked for.
type visit struct{ path, host string }

// addresses asks a running site for every old address of what was public, articles,
// pages, their categories and tags: each
// answers 301 to a 200, or, where it is the present address, 200 itself.
func addresses(t *testing.T, s *fixtures.Store, d *sql.DB, x *export) {
	var visits []visit
	seen := map[visit]bool{}
	elsewhere := 0
	add := func(raw string, feed bool) {
		u, err := url.Parse(strings.TrimSpace(raw))
		if err != nil || raw == "" {
			return
		}
		if u.IsAbs() && strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") != x.site {
			elsewhere++ // a link of another site is none of ours
			return
		}
		path := u.EscapedPath()
		if path == "" {
			path = "/"
		}
		if path == "/" && u.RawQuery == "" {
			return // the front page
		}
		hosts := []string{""}
		if x.site != "" {
			hosts = append(hosts, x.site)
		}
		paths := []string{path}
		if u.RawQuery != "" {
			paths[0] += "?" + u.RawQuery
		} else if feed {
			paths = append(paths, strings.TrimRight(path, "/")+"/feed/")
		}
		for _, p := range paths {
			for _, h := range hosts {
				if v := (visit{p, h}); !seen[v] {
					seen[v] = true
					visits = append(visits, v)
				}
			}
		}
	}
	hidden := map[string]bool{} // ids that something not public has too
	for _, it := range x.items {
		if !it.public() {
			hidden[it.id] = true
		}
	}
	for _, it := range x.items {
		if !it.public() {
			continue
		}
		add(it.link, true)
		add(it.guid, false)
		if it.id != "" && !hidden[it.id] {
			add("/?p="+it.id, false)
			if it.kind == "page" {
				add("/?page_id="+it.id, false)
			}
		}
	}
	for term := range x.openTerms { // where WordPress puts them when nobody says otherwise
		kind, slug, _ := strings.Cut(term, "/")
		add(map[string]string{"category": "/category/", "post_tag": "/tag/"}[kind]+slug+"/", true)
	}
	if elsewhere > 0 {
		t.Logf("%d links and guids name another host than %s", elsewhere, x.site)
	}
	if len(visits) == 0 {
		return
	}
	current := map[string]bool{}
	for _, p := range fixtures.Strings(t, d, "SELECT path FROM address WHERE current = TRUE") {
		current["/"+strings.TrimPrefix(p, "/")] = true
	}
	server := s.Serve(t, "/")
	walk(t, server.Base, visits, current)
}

// walk visits with a few readers at once.
func walk(t *testing.T, base string, visits []visit, current map[string]bool) {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	get := func(path, host string) (int, string, error) {
		r, err := http.NewRequest("GET", base+path, nil)
		if err != nil {
			return 0, "", err
		}
		if r.Host = host; host == "" {
			r.Host = r.URL.Host
		}
		w, err := client.Do(r)
		if err != nil {
			return 0, "", err
		}
		defer w.Body.Close()
		_, err = io.Copy(io.Discard, w.Body)
		return w.StatusCode, w.Header.Get("Location"), err
	}
	var (
		mu      sync.Mutex
		targets = map[string]int{} // Location → its status
		wrong   int
		group   sync.WaitGroup
	)
	fail := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		if wrong++; wrong <= 20 {
			t.Errorf(format, args...)
		}
	}
	one := func(v visit) {
		status, to, err := get(v.path, v.host)
		if err != nil {
			fail("%s: %v", v.path, err)
			return
		}
		if status == http.StatusOK && present(v.path, current) {
			return
		}
		if status != http.StatusMovedPermanently {
			fail("%s on %q: %d", v.path, v.host, status)
			return
		}
		mu.Lock()
		second, ok := targets[to]
		mu.Unlock()
		if !ok {
			u, err := url.Parse(to)
			if err != nil {
				fail("%s: Location %q: %v", v.path, to, err)
				return
			}
			if second, _, err = get(u.RequestURI(), ""); err != nil {
				second = 0
			}
			mu.Lock()
			targets[to] = second
			mu.Unlock()
		}
		if second != http.StatusOK {
			fail("%s on %q: 301 to %s, which answers %d", v.path, v.host, to, second)
		}
	}
	queue := make(chan visit)
	for range 4 {
		group.Go(func() {
			for v := range queue {
				one(v)
			}
		})
	}
	for _, v := range visits {
		queue <- v
	}
	close(queue)
	group.Wait()
	if wrong > 20 {
		t.Errorf("and %d more", wrong-20)
	}
	t.Logf("%d addresses, %d wrong", len(visits), wrong)
}

// present tells whether an old address is also the present one.
func present(path string, current map[string]bool) bool {
	u, err := url.Parse(path)
	return err == nil && u.RawQuery == "" && current[u.Path]
}
