package article

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"dateline/internal/fault"
)

// canonical gives the bytes that are hashed and kept: JSON with the fields in
// the order of Content, no HTML escaping, no trailing newline.
func canonical(c *Content) ([]byte, error) {
	c.V = 1
	c.Dateline.Millis = millis(c.Dateline.At)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// chain is a revision's hash: over the hash before it and its own bytes, so
// that none can be changed or left out unseen.
func chain(before string, snapshot []byte) string {
	h := sha256.New()
	h.Write([]byte(before))
	h.Write([]byte{'\n'})
	h.Write(snapshot)
	return hex.EncodeToString(h.Sum(nil))
}

func parseContent(snapshot string) (Content, error) {
	var c Content
	if err := json.Unmarshal([]byte(snapshot), &c); err != nil {
		return c, fault.New(fault.Internal, "reading a revision: %w", err)
	}
	c.Dateline.At = instant(c.Dateline.Millis)
	return c, nil
}

// Verify reports whether a chain of revisions, oldest first, is whole.
func Verify(list []Revision) error {
	before := ""
	for _, r := range list {
		b, err := canonical(&r.Content)
		if err != nil {
			return err
		}
		if r.Before != before || chain(before, b) != r.SHA256 {
			return fault.New(fault.Internal, "revision %d of article %d is not what was stored", r.Number, r.ArticleID)
		}
		before = r.SHA256
	}
	return nil
}

// instants are integer milliseconds UTC; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func itoa(id int64) string { return strconv.FormatInt(id, 10) }
