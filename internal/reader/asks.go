package reader

import "net/http"

// Asks is the reader who makes a request, where one is signed in.
func (s *Service) Asks(r *http.Request) (Reader, bool) {
	who, _, err := s.of(r)
	return who, err == nil
}
