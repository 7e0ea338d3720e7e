package site

import (
	"strconv"
	"time"

	"dateline/internal/cache"
	"dateline/internal/tag"
)

// made collects what a page is made of, and until when the clock leaves it as
// it is.
type made struct {
	tags  []string
	seen  map[string]struct{}
	until time.Time
}

func newMade() *made { return &made{seen: map[string]struct{}{}} }

// of notes plain tags: "settings".
func (m *made) of(tags ...string) {
	for _, tag := range tags {
		if _, ok := m.seen[tag]; !ok {
			m.seen[tag] = struct{}{}
			m.tags = append(m.tags, tag)
		}
	}
}

// on notes the tag of a thing: on("article", 17) is "article:17", on("month",
// 2, 202611) is "month:2:202611". The id 0 stands for nothing.
func (m *made) on(kind string, ids ...int64) {
	tag := kind
	for _, id := range ids {
		if id == 0 {
			return
		}
		tag += ":" + strconv.FormatInt(id, 10)
	}
	m.of(tag)
}

// within notes the piece of a list between two instants, both included; a zero
// one leaves that end open.
func (m *made) within(kind string, id int64, from, to time.Time) {
	if id == 0 {
		return
	}
	span := tag.Always
	if !from.IsZero() {
		span.From = from.UnixMilli()
	}
	if !to.IsZero() {
		span.To = to.UnixMilli()
	}
	m.of(tag.Join(kind+":"+strconv.FormatInt(id, 10), span))
}

// till notes an instant at which the clock alone changes the page.
func (m *made) till(t time.Time) {
	if !t.IsZero() && (m.until.IsZero() || t.Before(m.until)) {
		m.until = t
	}
}

func (m *made) page(contentType string, body []byte) *cache.Page {
	return &cache.Page{Status: 200, ContentType: contentType, Body: body, Tags: m.tags, Until: m.until}
}
