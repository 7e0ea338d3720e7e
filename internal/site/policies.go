package site

import (
	"net/url"
	"strings"

	"dateline/internal/fault"
	"dateline/internal/schema"
)

// policies are the settings that say where the newsroom's statements stand, by
// the field they fill. A value is an address, or a path of this site.
var policies = []struct {
	key string
	at  func(*schema.Organization) *string
}{
	{"policy_principles", func(o *schema.Organization) *string { return &o.Principles }},
	{"policy_ethics", func(o *schema.Organization) *string { return &o.Ethics }},
	{"policy_corrections", func(o *schema.Organization) *string { return &o.Corrections }},
	{"policy_ownership", func(o *schema.Organization) *string { return &o.Ownership }},
	{"policy_feedback", func(o *schema.Organization) *string { return &o.Feedback }},
	{"policy_sources", func(o *schema.Organization) *string { return &o.Sources }},
	{"policy_verification", func(o *schema.Organization) *string { return &o.Verification }},
	{"policy_diversity", func(o *schema.Organization) *string { return &o.Diversity }},
	{"policy_masthead", func(o *schema.Organization) *string { return &o.Masthead }},
}

// policies fills what the newsroom says of itself. A page that nobody can read
// is not named.
func (s *Site) policies(q *request, o *schema.Organization) error {
	o.FoundingDate = q.setting("founded")
	for _, p := range policies {
		v := q.setting(p.key)
		if v == "" {
			continue
		}
		u, err := s.statement(q, v)
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Gone) {
			return err
		}
		*p.at(o) = u
	}
	return nil
}

// statement is the absolute address of a policy; NotFound for a page that
// nobody can read.
func (s *Site) statement(q *request, v string) (string, error) {
	if u, err := url.Parse(v); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return u.String(), nil
	}
	path := "/" + strings.Trim(v, "/")
	ed, rest := q.site.Split(path)
	q.made.on("pages", ed.ID)
	t, _, err := s.Addresses.Lookup(q.ctx, ed.ID, strings.Trim(rest, "/"))
	if err != nil {
		return "", err
	}
	if t.Kind != "article" {
		return "", fault.New(fault.NotFound, "%q is no page", v)
	}
	urls, err := s.articleURLs(q, []int64{t.ID})
	if err != nil {
		return "", err
	}
	if urls[t.ID].url == "" {
		return "", fault.New(fault.NotFound, "nobody can read the page at %q", v)
	}
	return s.BaseURL + urls[t.ID].url, nil
}
