package reader

import (
	"context"
	"net/http"

	"dateline/internal/db"
)

// Asks is the reader who makes a request, where one is signed in.
func (s *Service) Asks(r *http.Request) (Reader, bool) {
	who, _, err := s.of(r)
	return who, err == nil
}

// ByID gives a reader for whoever writes to them. NotFound: there is no such account.
func (s *Service) ByID(ctx context.Context, q db.Querier, id int64) (Reader, error) {
	return byID(ctx, q, id)
}
