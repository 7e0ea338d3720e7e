package site

import (
	"net/http"
	"strings"
	"time"

	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/feed"
)

// machine answers the fixed names that programs ask for. ok is false when the
// path is none of them. Those of the whole site stand at its root only.
func (s *Site) machine(q *request) (p *cache.Page, ok bool, err error) {
	files := map[string]func(*request) (textFile, error){
		"/robots.txt": s.robots, "/ads.txt": s.ads, "/trust.txt": s.trust, "/.well-known/trust.txt": s.trust,
		"/.well-known/security.txt": s.security,
	}
	if make, ok := files[q.full]; ok {
		f, err := make(q)
		if err != nil {
			return nil, true, err
		}
		for _, err := range f.refused {
			s.told(q, "a line was left out", "", err)
		}
		if len(f.body) == 0 {
			return nil, true, fault.New(fault.NotFound, "nothing is set for %s", q.full)
		}
		return s.document(q, feed.TextType, f.body), true, nil
	}
	if size, ok := icons[q.full]; ok {
		p, err = s.icon(q, size)
		return p, true, err
	}
	switch q.full {
	case "/security.txt": // where it was before RFC 9116 §3
		return q.redirect(http.StatusMovedPermanently, "/.well-known/security.txt"), true, nil
	case "/sitemap_index.xml", "/wp-sitemap.xml": // where crawlers knew it of the system before
		return q.redirect(http.StatusMovedPermanently, "/sitemap.xml"), true, nil
	case "/sitemap.xml":
		p, err = s.sitemapIndex(q)
		return p, true, err
	}
	if name, ok := strings.CutPrefix(q.path, "/feed/"); ok {
		if name, ok = strings.CutSuffix(name, ".xml"); ok {
			p, err = s.dialect(q, name)
			return p, true, err
		}
	}
	name, ok := strings.CutPrefix(q.path, "/sitemap-")
	if name, ok2 := strings.CutSuffix(name, ".xml"); ok && ok2 && !strings.Contains(name, "/") {
		p, err = s.sitemap(q, name)
		return p, true, err
	}
	return nil, false, nil
}

// textFile is a file made of settings, and what of them was left out.
type textFile struct {
	body    []byte
	refused []error
}

// document is a page for programs.
func (s *Site) document(q *request, contentType string, body []byte) *cache.Page {
	p := q.made.page(contentType, body)
	p.Header = s.feedHeader()
	return p
}

// robots keeps crawlers from what has no end (search) and what is no page.
func (s *Site) robots(q *request) (textFile, error) {
	var disallow []string
	sitemaps := []string{s.BaseURL + "/sitemap.xml"}
	for _, e := range q.site.Editions {
		// The search itself and its answers, not a page whose name begins like it
		// (RFC 9309 §2.2.3: a rule is a beginning, unless $ ends it).
		disallow = append(disallow, urlOf(e, searchPath)+"$", urlOf(e, searchPath)+"?")
		sitemaps = append(sitemaps, s.BaseURL+urlOf(e, "/sitemap-news.xml"))
	}
	disallow = append(disallow, "/desk/", "/api/", "/-/")
	var f textFile
	f.body, f.refused = feed.RobotsTxt(disallow, []string{"/-/oembed"}, q.setting("robots_txt"), sitemaps)
	return f, nil
}

func (s *Site) ads(q *request) (textFile, error) {
	var f textFile
	f.body, f.refused = feed.AdsTxt(q.setting("ads_txt"))
	return f, nil
}

// trust names as "social" what the newsroom leads its readers to.
func (s *Site) trust(q *request) (textFile, error) {
	var social []string
	for _, e := range q.site.Editions {
		q.made.on("edition", e.ID)
		for _, l := range q.set.Links("follow", e.Lang) {
			social = append(social, l.URL)
		}
	}
	var f textFile
	f.body, f.refused = feed.TrustTxt(q.setting("trust_txt"), social)
	return f, nil
}

// security says until when it holds: for a half-year from the beginning of the
// next month, at which it is made anew. RFC 9116 §2.5.5 wants less than a year.
func (s *Site) security(q *request) (textFile, error) {
	y, m, _ := q.now.UTC().Date()
	next := time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)
	q.made.till(next)
	policy := q.setting("security_policy")
	if strings.HasPrefix(policy, "/") {
		policy = s.BaseURL + policy
	}
	var f textFile
	f.body, f.refused = feed.SecurityTxt(feed.Security{Contact: q.setting("security_contact"), Policy: policy, Langs: q.site.Langs(),
		Canonical: s.BaseURL + "/.well-known/security.txt", Expires: next.AddDate(0, 6, 0)})
	return f, nil
}
