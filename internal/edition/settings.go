package edition

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/theme"
)

// SettingKind is what a setting's value is and how it is written. A value is
// always a text; the empty one is the setting's absence.
type SettingKind string

// The kinds of settings.
const (
	Text   SettingKind = "text"   // one line
	Lines  SettingKind = "lines"  // any lines
	Colour SettingKind = "colour" // "#rrggbb"
	URL    SettingKind = "url"    // https://…, http://… or a path of this site
	Email  SettingKind = "email"  // one address (RFC 5322 addr-spec)
	Choice SettingKind = "choice" // one of Setting.Choices
	Links  SettingKind = "links"  // a line each: "Name | URL" or "Name | URL | kind"; "# Heading" begins a group
	Medium SettingKind = "medium" // the id of a picture in media
	Topics SettingKind = "topics" // ids of shelves, a line each, in order
	Number SettingKind = "number" // a whole number, 0 or more
	Bool   SettingKind = "bool"   // "true" or "false"
)

// Setting is one thing that a newsroom decides.
type Setting struct {
	Key  string
	Kind SettingKind
	// PerEdition settings may be set for one edition; what is set for the
	// publication holds in the editions that have nothing of their own.
	PerEdition bool
	// Default is the value where nothing is set; empty: none.
	Default string
	// Choices of a Choice.
	Choices []string
	// Headings lets a list of links have headings.
	Headings bool
	// Pages: every page of the site may show it, so changing it makes all of
	// them anew. Others concern those who note "setting:" + Key.
	Pages bool

	max    int               // runes of a value
	line   func(string) bool // each line of Lines
	column string            // of table edition, where it is kept there
}

// HelpKey is the key of the sentence that explains the setting.
func (s Setting) HelpKey() string { return "setting." + s.Key }

// Wrong is a fault that names a setting and says what is wrong, with words
// (locales, "setting.wrong.…") for whoever reads it in another language.
func Wrong(key, why string, args ...any) error {
	err := lang.Wrong("setting.wrong."+why, args...)
	err.Field = key
	return err
}

// Lookup finds a setting; fault NotFound names what is close to the key.
func Lookup(key string) (Setting, error) {
	for _, s := range settings {
		if s.Key == key {
			return s, nil
		}
	}
	err := Wrong(key, "key", "key", key)
	err.(*fault.Error).Kind = fault.NotFound
	return Setting{}, err
}

// Settings lists all of them in the order in which people look for them.
func Settings() []Setting { return slices.Clone(settings) }

// Canonical checks a value by itself and gives the form in which it is stored.
// Faults: Invalid, naming the setting and what is wrong with the value.
func (s Setting) Canonical(value string) (string, error) {
	value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
	if value == "" {
		if s.column == "name" {
			return "", Wrong(s.Key, "empty")
		}
		return "", nil
	}
	many := s.Kind == Lines || s.Kind == Links || s.Kind == Topics
	limit := s.max
	if limit == 0 {
		limit = 200
		if many {
			limit = 10_000
		}
	}
	switch {
	case !utf8.ValidString(value):
		return "", Wrong(s.Key, "utf8")
	case utf8.RuneCountInString(value) > limit:
		return "", Wrong(s.Key, "long", "n", limit)
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && !(many && (r == '\n' || r == '\t')) }):
		return "", Wrong(s.Key, "control")
	}
	return s.kind(value)
}

func (s Setting) kind(value string) (string, error) {
	switch s.Kind {
	case Colour:
		c, err := theme.ParseColour(value)
		if err != nil {
			return "", Wrong(s.Key, "colour", "value", value)
		}
		return c.String(), nil
	case URL:
		if !webURL(value) {
			return "", Wrong(s.Key, "url", "value", value)
		}
	case Email:
		a, err := mail.ParseAddress(value)
		if err != nil || a.Address != value {
			return "", Wrong(s.Key, "email", "value", value)
		}
	case Choice:
		if !slices.Contains(s.Choices, value) {
			return "", Wrong(s.Key, "choice", "value", value, "choices", strings.Join(s.Choices, ", "))
		}
	case Medium, Number:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 || s.Kind == Medium && n == 0 {
			return "", Wrong(s.Key, string(s.Kind), "value", value)
		}
		return strconv.FormatInt(n, 10), nil
	case Bool:
		switch strings.ToLower(value) {
		case "true", "yes", "on", "1", "да", "иә":
			return "true", nil
		case "false", "no", "off", "0", "нет", "жоқ":
			return "false", nil
		}
		return "", Wrong(s.Key, "bool", "value", value)
	case Links:
		return s.links(value)
	case Text:
		if s.line != nil && !s.line(value) {
			return "", Wrong(s.Key, "date", "value", value)
		}
	case Topics, Lines:
		return s.lines(value)
	}
	return value, nil
}

func (s Setting) lines(value string) (string, error) {
	var out []string
	for i, line := range strings.Split(value, "\n") {
		line = strings.TrimRight(line, " \t")
		if s.Kind == Topics {
			line = strings.TrimSpace(line)
			if n, err := strconv.ParseInt(line, 10, 64); line != "" && (err != nil || n < 1) {
				return "", Wrong(s.Key, "topics", "line", i+1, "value", line)
			}
			if line == "" || slices.Contains(out, line) {
				continue
			}
		}
		if s.line != nil && line != "" && !s.line(line) {
			return "", Wrong(s.Key, "line", "line", i+1, "value", line)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n"), nil
}

// Link is a line of a Links setting. Without URL it is a heading.
type Link struct{ Name, URL, Kind string }

func (s Setting) links(value string) (string, error) {
	var out []string
	for i, line := range strings.Split(value, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		l := readLink(line)
		switch {
		case l.Name == "" || l.URL == "" && !s.Headings:
			return "", Wrong(s.Key, "links", "line", i+1, "value", line)
		case l.URL != "" && !webURL(l.URL):
			return "", Wrong(s.Key, "link_url", "line", i+1, "value", l.URL)
		}
		out = append(out, l.String())
	}
	return strings.Join(out, "\n"), nil
}

func readLink(line string) Link {
	if heading, ok := strings.CutPrefix(line, "#"); ok {
		return Link{Name: strings.TrimSpace(heading)}
	}
	parts := strings.Split(line, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	switch len(parts) {
	case 2:
		return Link{Name: parts[0], URL: parts[1]}
	case 3:
		return Link{Name: parts[0], URL: parts[1], Kind: parts[2]}
	}
	return Link{}
}

// String is the line of the link.
func (l Link) String() string {
	switch {
	case l.URL == "":
		return "# " + l.Name
	case l.Kind == "":
		return l.Name + " | " + l.URL
	}
	return l.Name + " | " + l.URL + " | " + l.Kind
}

// webURL lets through what a reader may be sent to, and nothing with a space,
// a control character or somebody's password in it.
func webURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \t\n\"<>\\") || u.User != nil {
		return false
	}
	if u.Scheme == "" {
		return safeURL(s) && u.Host == ""
	}
	return safeURL(s) && u.Host != ""
}

// trustLine is "attribute=https://…" or a comment (trust.txt 1.0 §3).
var trustLine = regexp.MustCompile(`^(#.*|(member|belongto|control|controlledby|social|vendor|customer|disclosure|contact|datatrainingallowed)=\S+)$`)

// adsLine is a record, a variable or a comment (IAB ads.txt 1.1 §3.4).
var adsLine = regexp.MustCompile(`^(#.*|[A-Za-z]+=\S.*|[^,=\s]+\s*,\s*[^,]+,\s*(DIRECT|RESELLER|direct|reseller)\s*(,\s*[^,]+)?(#.*)?)$`)

// robotsLine is a rule or a comment (RFC 9309 §2.2).
var robotsLine = regexp.MustCompile(`^(?i)(#.*|(user-agent|allow|disallow|crawl-delay|sitemap)\s*:.*)$`)

// contactLine is a URI (RFC 9116 §2.5.3).
func contactLine(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \t") {
		return false
	}
	switch u.Scheme {
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return u.Scheme == "https" && u.Host != ""
}
