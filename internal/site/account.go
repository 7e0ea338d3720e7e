package site

import (
	"net/http"
	"strings"

	"dateline/internal/fault"
)

// accountPath is where readers' accounts begin in each edition (room reader).
const accountPath = "/account"

// account hands over what concerns one reader: nothing of it is kept, and no other page
// looks at who asks.
func (s *Site) account(w http.ResponseWriter, r *http.Request, path string) (bool, error) {
	if s.Account == nil || !strings.Contains(path, accountPath) {
		return false, nil
	}
	site, err := s.Editions.Site(r.Context())
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	ed, rest := site.Split(path)
	return s.Account(w, r, ed, rest)
}

// accountURL is where a reader's account is; "" where readers have none.
func (s *Site) accountURL(q *request) string {
	if s.Account == nil {
		return ""
	}
	return q.url(accountPath)
}
