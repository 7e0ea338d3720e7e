//go:build acceptance

package feed

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	expects  = regexp.MustCompile(`Expect:\s*(!?)([A-Za-z0-9]+)(?:\{([^}]*)\})?`)
	comments = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// The faults of the W3C's validator that our own check must find. What concerns
// how a text could be nicer (warnings), or the world outside the document
// (registries, hosts), is not among them.
var faults = strings.Fields(`MissingElement MissingAttribute DuplicateElement NotBlank InvalidFullLink InvalidLink InvalidRFC2822Date InvalidRFC3339Date
	InvalidHttpGUID InvalidPermalink InvalidInteger InvalidPositiveInteger InvalidMIMEType InvalidLanguage InvalidContact DuplicateValue`)

// Where the elements stand that we write.
var places = map[string]map[string][]string{
	"rss":  {"item": {"title", "link", "description", "guid", "pubDate", "enclosure"}, "channel": {"title", "link", "description", "language", "lastBuildDate"}},
	"atom": {"entry": {"id", "title", "updated", "published", "author", "content", "category"}, "feed": {"id", "title", "updated", "author"}},
}

// transplant puts the elements of a case in the place of ours in a feed that
// is valid: so that the check has nothing else to object to.
func transplant(feed, kind, donor, parent, element string) (string, bool) {
	open := "<" + parent
	donor = comments.ReplaceAllString(donor, "")
	from := strings.Index(donor, open)
	if from < 0 {
		return "", false
	}
	donor = donor[from:]
	child := map[string]string{"channel": "<item", "feed": "<entry"}[parent]
	if child != "" {
		donor, _, _ = strings.Cut(donor, child)
	} else {
		donor, _, _ = strings.Cut(donor, "</"+parent)
	}
	re := regexp.MustCompile(`(?s)<` + element + `(\s[^>]*)?(/>|>.*?</` + element + `\s*>)`)
	theirs := strings.Join(re.FindAllString(donor, -1), "")
	at := strings.Index(feed, open)
	end := strings.Index(feed[at:], "</"+parent)
	if child != "" {
		end = strings.Index(feed[at:], child)
	}
	head, mine, tail := feed[:at], feed[at:at+end], feed[at+end:]
	tag := strings.IndexByte(mine, '>') + 1
	return head + mine[:tag] + theirs + re.ReplaceAllString(mine[tag:], "") + tail, true
}

// TestW3CCorpus tries the check on the validator's own cases.
func TestW3CCorpus(t *testing.T) {
	f, err := os.Open(filepath.Join(os.Getenv("DATELINE_MATERIAL"), "06-feeds", "feedvalidator.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rss, err := RSS(sample())
	if err != nil {
		t.Fatal(err)
	}
	atom, err := Atom(sample())
	if err != nil {
		t.Fatal(err)
	}
	valid := map[string]string{"rss": string(rss), "atom": string(atom)}
	var bad, found, good, passed int
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(h.Name, ".xml") {
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "<rdf:RDF") || strings.Contains(h.Name, "authorless") {
			continue // RSS 1.0, which is another format; our feeds name an author for all of their entries
		}
		kind := "rss"
		if strings.Contains(string(b), "<feed") {
			kind = "atom"
		}
		m := expects.FindStringSubmatch(string(b))
		if m == nil {
			continue
		}
		parent, element := about(m[3])
		if !slices.Contains(places[kind][parent], element) {
			continue
		}
		text, ok := transplant(valid[kind], kind, string(b), parent, element)
		if !ok {
			continue
		}
		switch err := Check(kind, []byte(text)); {
		case m[1] == "" && slices.Contains(faults, m[2]):
			if bad++; err != nil {
				found++
			} else {
				t.Errorf("%s passes: %s", h.Name, m[0])
			}
		case m[1] == "!" && slices.Contains(faults, m[2]) || strings.HasPrefix(m[2], "Valid"):
			if good++; err == nil {
				passed++
			} else {
				t.Logf("stricter than the W3C: %s: %v", h.Name, err)
			}
		}
	}
	if bad < 30 || passed < 4 {
		t.Errorf("the corpus tells little: %d faults, %d that are none", bad, passed)
	}
	t.Logf("%d of %d faults found; %d of %d that are none pass", found, bad, passed, good)
}

// about tells of which element in what a message speaks.
func about(detail string) (parent, element string) {
	for _, part := range strings.Split(detail, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		switch name {
		case "parent":
			parent = value
		case "element":
			element = value
		}
	}
	return parent, element
}
