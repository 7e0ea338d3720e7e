package comment

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline/internal/conduct"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Rule is a house rule. Its number is its place, from 1.
type Rule struct {
	Number   int            `json:"-"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Tests    []conduct.Test `json:"tests,omitempty"` // what a machine looks for; none: people judge
	Category string         `json:"category"`        // of the Commission's list, for statements of reasons
}

// Rules are an edition's, of one version.
type Rules struct {
	Edition int64
	Version int
	Lang    string // of their words, where nobody has written some in the edition's
	List    []Rule
	Made    time.Time // zero: those that Dateline begins with
	Staff   int64
}

// ByNumber finds a rule.
func (r Rules) ByNumber(n int) (Rule, bool) {
	if n < 1 || n > len(r.List) {
		return Rule{}, false
	}
	return r.List[n-1], true
}

// Finding is what a machine finds in a text, and the rule that does not want it.
type Finding struct {
	conduct.Finding
	Rule Rule
}

// Look gives what a machine finds in a text: what is sure before what is not.
func (r Rules) Look(text string) (Finding, bool) {
	var suspect Finding
	found := false
	for _, rule := range r.List {
		for _, t := range rule.Tests {
			f, ok := t.Look(text)
			if ok && f.Sure {
				return Finding{f, rule}, true
			}
			if ok && !found {
				suspect, found = Finding{f, rule}, true
			}
		}
	}
	return suspect, found
}

// Of gives the rule that has a machine look for something; the first where none has.
func (r Rules) Of(k conduct.Kind) Rule {
	for _, rule := range r.List {
		if slices.ContainsFunc(rule.Tests, func(t conduct.Test) bool { return t.Kind == k }) {
			return rule
		}
	}
	return Rule{}
}

// Most is how many signs a comment may have.
func (r Rules) Most() int {
	for _, rule := range r.List {
		for _, t := range rule.Tests {
			if t.Kind == conduct.Length && t.Most > 0 {
				return min(t.Most, mostText)
			}
		}
	}
	return mostText
}

// Categories are those of the Commission's list that a comment can fall under.
func Categories() []string {
	return []string{"CYBER_VIOLENCE", "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "ILLEGAL_OR_HARMFUL_SPEECH", "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
		"NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS", "PROTECTION_OF_MINORS", "RISK_FOR_PUBLIC_SECURITY", "SCAMS_AND_FRAUD", "SELF_HARM", "VIOLENCE", "OTHER_VIOLATION_TC"}
}

const (
	mostRules = 30
	mostTitle = 200
	mostWord  = 500 // words of a list
)

// check refuses rules that nobody could be held to.
func (r Rules) check() error {
	if len(r.List) == 0 || len(r.List) > mostRules {
		return lang.Wrong("talk.wrong.rules", "n", mostRules)
	}
	for i, rule := range r.List {
		switch {
		case strings.TrimSpace(rule.Title) == "" || utf8.RuneCountInString(rule.Title) > mostTitle:
			return lang.Wrong("talk.wrong.title", "number", i+1, "n", mostTitle)
		case utf8.RuneCountInString(rule.Text) > 2000:
			return lang.Wrong("talk.wrong.rule_text", "number", i+1, "n", 2000)
		case !slices.Contains(Categories(), rule.Category):
			return fault.Field("category", "%q is no category", rule.Category)
		}
		for _, t := range rule.Tests {
			if !slices.Contains(conduct.Kinds(), t.Kind) || len(t.Words) > mostWord || t.Most < 0 {
				return fault.Field("tests", "no test %q of %d words", t.Kind, len(t.Words))
			}
		}
	}
	return nil
}

//go:embed rules/*.json
var starting embed.FS

// startingRules are those that an edition has where the newsroom has written none, in
// its language or, where nobody has put them into it, in English.
func startingRules(edition int64, tag string) (Rules, error) {
	primary, _, _ := strings.Cut(tag, "-")
	text, err := starting.ReadFile("rules/" + primary + ".json")
	if err != nil {
		primary = "en"
		if text, err = starting.ReadFile("rules/en.json"); err != nil {
			return Rules{}, err
		}
	}
	return readRules(Rules{Edition: edition, Version: 1, Lang: primary}, text)
}

func readRules(r Rules, text []byte) (Rules, error) {
	if err := json.Unmarshal(text, &r.List); err != nil {
		return r, fault.New(fault.Internal, "rules %d of edition %d: %w", r.Version, r.Edition, err)
	}
	for i := range r.List {
		r.List[i].Number = i + 1
	}
	return r, nil
}
