package site

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline/internal/db"
)

// monthSizes remembers how many articles months have: counting a whole archive
// for each new version of the index would cost the more the older it is, and
// past months hardly change.
type monthSizes struct {
	mu    sync.Mutex
	epoch int // counts changes, so that what was counted before one is not kept after it
	n     map[[2]int64]monthSize
}

type monthSize struct {
	articles int
	until    time.Time // when the clock alone may change it; zero: never
}

// Changed tells the site what changed, as db.DB.OnChange does.
func (s *Site) Changed(tags []string) {
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	s.months.epoch++
	for _, tag := range tags {
		if tag == db.All {
			s.months.n = nil
			continue
		}
		if rest, ok := strings.CutPrefix(tag, "month:"); ok {
			ed, month, _ := strings.Cut(rest, ":")
			e, _ := strconv.ParseInt(ed, 10, 64)
			m, _ := strconv.ParseInt(month, 10, 64)
			delete(s.months.n, [2]int64{e, m})
		}
	}
}

// monthSize is how many articles a month (yyyymm) of an edition has at q.now.
func (s *Site) monthSize(q *request, edition int64, month int) (int, error) {
	key := [2]int64{edition, int64(month)}
	s.months.mu.Lock()
	have, ok := s.months.n[key]
	epoch := s.months.epoch
	s.months.mu.Unlock()
	if ok && (have.until.IsZero() || q.now.Before(have.until)) {
		return have.articles, nil
	}
	n, err := s.Archive.Count(q.ctx, edition, month*100, month*100+31, q.now)
	if err != nil {
		return 0, err
	}
	next, err := s.Archive.NextChange(q.ctx, edition, q.now)
	if err != nil {
		return 0, err
	}
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	if s.months.epoch == epoch {
		if s.months.n == nil {
			s.months.n = map[[2]int64]monthSize{}
		}
		s.months.n[key] = monthSize{n, next}
	}
	return n, nil
}
