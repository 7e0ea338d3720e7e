package edition

import (
	"regexp"
	"slices"

	"dateline/internal/theme"
)

// settings are all that a newsroom can decide. Each has its sentence in
// locales ("setting." + Key).
var settings = []Setting{
	{Key: "name", Kind: Text, PerEdition: true, Pages: true, max: 80, column: "name"},
	{Key: "tagline", Kind: Text, PerEdition: true, Pages: true, max: 160, column: "tagline"},
	{Key: "colophon", Kind: Lines, PerEdition: true, Pages: true, max: 4000, column: "colophon"},
	{Key: "contact", Kind: Email, PerEdition: true, Pages: true},

	{Key: "theme", Kind: Choice, Pages: true, Choices: theme.Names()},
	{Key: "accent", Kind: Colour, Pages: true},
	{Key: "accent_dark", Kind: Colour, Pages: true},
	{Key: "lamp", Kind: Colour, Pages: true},
	{Key: "font_text", Kind: Choice, Pages: true, Choices: theme.Families()},
	{Key: "font_interface", Kind: Choice, Pages: true, Choices: theme.Families()},
	{Key: "logo", Kind: Medium, PerEdition: true, Pages: true},
	{Key: "icon", Kind: Medium, Pages: true},

	{Key: "menu", Kind: Topics, PerEdition: true, Pages: true},
	{Key: "follow", Kind: Links, PerEdition: true, Pages: true},
	{Key: "footer", Kind: Links, PerEdition: true, Pages: true, Headings: true},

	// What has to be before an article is published.
	{Key: "review", Kind: Bool, Default: "false"},
	{Key: "preview_embargo", Kind: Bool, Default: "false"},
	{Key: "must", Kind: Lines, Default: "headline\nbody", line: mustLine},
	// Whether readers are told of what a reader's report puts right.
	{Key: "report_fix", Kind: Choice, Default: "facts", Choices: []string{"facts", "silent", "correction"}},

	// What readers write under articles.
	{Key: "comments", Kind: Choice, PerEdition: true, Default: "open", Choices: []string{"open", "closed"}},
	{Key: "comments_moderation", Kind: Choice, PerEdition: true, Default: "newcomers", Choices: []string{"newcomers", "after", "before"}},
	{Key: "comments_days", Kind: Number, Default: "30", max: 5},
	{Key: "comments_slow", Kind: Number, Default: "0", max: 5},
	{Key: "comments_edit", Kind: Number, Default: "15", max: 4},

	// What machines read.
	{Key: "websub_hub", Kind: URL},
	{Key: "dzen", Kind: Bool, Default: "false"},
	{Key: "security_contact", Kind: Lines, line: contactLine},
	{Key: "security_policy", Kind: URL},
	{Key: "trust_txt", Kind: Lines, line: trustLine.MatchString},
	{Key: "ads_txt", Kind: Lines, line: adsLine.MatchString},
	{Key: "robots_txt", Kind: Lines, line: robotsLine.MatchString},

	// What a publisher says of itself (schema.org NewsMediaOrganization).
	{Key: "founded", Kind: Text, max: 10, line: foundedDate},
	{Key: "policy_principles", Kind: URL, PerEdition: true},
	{Key: "policy_ethics", Kind: URL, PerEdition: true},
	{Key: "policy_corrections", Kind: URL, PerEdition: true},
	{Key: "policy_verification", Kind: URL, PerEdition: true},
	{Key: "policy_sources", Kind: URL, PerEdition: true},
	{Key: "policy_ownership", Kind: URL, PerEdition: true},
	{Key: "policy_masthead", Kind: URL, PerEdition: true},
	{Key: "policy_feedback", Kind: URL, PerEdition: true},
	{Key: "policy_diversity", Kind: URL, PerEdition: true},
}

var dateShape = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

// foundedDate is a year, a month or a day (ISO 8601).
func foundedDate(s string) bool { return dateShape.MatchString(s) }

// fits looks at a value beside the others that are set.
func fits(key, value string, now Values) error {
	switch key {
	case "accent", "accent_dark":
		return accentFits(key, value, now)
	case "lamp":
		return lampFits(key, value, now)
	case "theme":
		return themeFits(value, now)
	}
	return nil
}

// accentFits refuses a colour that cannot be read on the paper of the theme.
func accentFits(key, value string, now Values) error {
	name, grounds, err := groundsNow(now.Get("theme", ""))
	if err != nil {
		return err
	}
	ground := grounds.Paper
	if key == "accent_dark" {
		ground = grounds.PaperDark
	}
	return contrast(key, value, ground, name)
}

// lampFits refuses a lamp that cannot be read on the theme's dark strips.
func lampFits(key, value string, now Values) error {
	name, grounds, err := groundsNow(now.Get("theme", ""))
	if err != nil {
		return err
	}
	if err := contrast(key, value, grounds.Night, name); err != nil {
		return err
	}
	return contrast(key, value, grounds.NightDark, name)
}

// themeFits refuses a theme on whose grounds the present colours cannot be
// read: they are to be changed first.
func themeFits(value string, now Values) error {
	then := now.with("theme", value)
	for _, key := range []string{"accent", "accent_dark", "lamp"} {
		if colour := now.Get(key, ""); colour != "" {
			if err := fits(key, colour, then); err != nil {
				return err
			}
		}
	}
	return nil
}

func groundsNow(name string) (string, theme.Grounds, error) {
	if name == "" {
		name = theme.DefaultName
	}
	g, err := theme.GroundsOf(name)
	return name, g, err
}

// contrast refuses a colour of letters below WCAG's 4.5 : 1 and gives the figure.
func contrast(key, value string, ground theme.Colour, name string) error {
	c, err := theme.ParseColour(value)
	if err != nil {
		return Wrong(key, "colour", "value", value)
	}
	if f := theme.Contrast(c, ground); f < theme.MinContrast {
		return Wrong(key, "contrast", "colour", value, "figure", f, "ground", ground.String(), "theme", name, "least", theme.MinContrast)
	}
	return nil
}

// Checks are what the desk looks at before an article is published, by their names.
func Checks() []string {
	return []string{"headline", "standfirst", "body", "byline", "section", "picture", "alt", "credit", "licence", "rights", "place", "tags", "translated", "original", "glossary"}
}

func mustLine(s string) bool { return slices.Contains(Checks(), s) }
