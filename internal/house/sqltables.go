package house

import (
	"regexp"
	"slices"
	"strings"
)

var (
	sqlToken  = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"[^"]*"|[A-Za-z_][A-Za-z0-9_]*|\$\d+|\d+|%[sdvq]|\S`)
	cteName   = regexp.MustCompile(`(?is)(?:\bwith\s+(?:recursive\s+)?|,\s*)([a-z_]\w*)\s*(?:\([^)]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s+)?\(`)
	identLike = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// commonNames lists what WITH names in a statement.
func commonNames(s string) []string {
	var names []string
	for _, m := range cteName.FindAllStringSubmatch(s, -1) {
		names = append(names, strings.ToLower(m[1]))
	}
	return names
}

// Words that can follow a table's name where an alias could stand.
var notAlias = []string{
	"where", "join", "left", "right", "inner", "outer", "full", "cross", "on", "using", "order", "group", "limit", "union",
	"except", "intersect", "set", "values", "select", "returning", "having", "for", "window", "offset", "natural", "indexed",
	"default", "lateral",
}

// TablesIn lists the tables and views that SQL text names after FROM, JOIN, INTO,
// UPDATE, TABLE and in lists after FROM and USING. It reads enough of both
// engines' SQL for our own statements; it is no parser.
func TablesIn(s string) []string {
	var tokens []string
	for _, t := range sqlToken.FindAllString(s, -1) {
		if strings.HasPrefix(t, "--") || strings.HasPrefix(t, "/*") {
			continue
		}
		tokens = append(tokens, t)
	}
	word := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(strings.Trim(tokens[i], `"`))
	}
	with := commonNames(s)
	var found []string
	add := func(i int, function bool) {
		name := word(i)
		if i >= len(tokens) || !identLike.MatchString(strings.Trim(tokens[i], `"`)) {
			return
		}
		if name == "select" || name == computed || function && word(i+1) == "(" || slices.Contains(with, name) || slices.Contains(found, name) {
			return
		}
		found = append(found, name)
	}
	for i := range tokens {
		switch word(i) {
		case "from", "using":
			prev := word(i - 1)
			if prev == "distinct" || prev == "both" || prev == "leading" || prev == "trailing" || inCall(tokens, i) {
				continue // IS DISTINCT FROM, TRIM(BOTH FROM), EXTRACT(YEAR FROM x)
			}
			if word(i) == "using" && word(i+1) == "(" {
				continue // JOIN … USING (id)
			}
			j := i + 1
			for {
				if word(j) == "only" || word(j) == "lateral" {
					j++
				}
				add(j, true)
				j++
				if word(j) == "as" {
					j++
				}
				if identLike.MatchString(word(j)) && !slices.Contains(notAlias, word(j)) {
					j++
				}
				if word(j) != "," {
					break
				}
				j++
			}
		case "join":
			j := i + 1
			if word(j) == "lateral" {
				j++
			}
			add(j, true)
		case "into":
			add(i+1, false)
		case "update":
			// FOR UPDATE, DO UPDATE SET, ON UPDATE CASCADE
			if p := word(i - 1); p == "for" || p == "do" || p == "on" {
				continue
			}
			if word(i+1) == "only" {
				i++
			}
			add(i+1, false)
		case "table":
			j := i + 1
			for word(j) == "if" || word(j) == "not" || word(j) == "exists" {
				j++
			}
			add(j, false)
		}
	}
	return found
}

// inCall answers whether token i stands in the parentheses of a function that
// takes FROM as a keyword.
func inCall(tokens []string, i int) bool {
	depth := 0
	for j := i - 1; j > 0; j-- {
		switch tokens[j] {
		case ")":
			depth++
		case "(":
			if depth == 0 {
				return slices.Contains([]string{"extract", "substring", "trim", "overlay", "position"}, strings.ToLower(tokens[j-1]))
			}
			depth--
		}
	}
	return false
}
