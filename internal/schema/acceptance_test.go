//go:build acceptance

package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVocabulary holds that every type and member that we write is schema.org's
// own, and that each member is one that the type, or what it is a kind of, has.
func TestVocabulary(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(os.Getenv("DATELINE_MATERIAL"), "06-feeds", "schemaorg", "schemaorg-current-https.jsonld"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Graph []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	terms := map[string]map[string]any{}
	for _, x := range file.Graph {
		id, _ := x["@id"].(string)
		terms[strings.TrimPrefix(id, "schema:")] = x
	}
	// above are the types of which one is a kind, itself included.
	var above func(string) []string
	above = func(name string) []string {
		out := []string{name}
		for _, up := range ids(terms[name]["rdfs:subClassOf"]) {
			out = append(out, above(up)...)
		}
		return out
	}
	members := 0
	check := func(kind, list string) {
		for _, m := range strings.Fields(list) {
			if strings.HasPrefix(m, "@") {
				continue
			}
			members++
			of := ids(terms[m]["schema:domainIncludes"])
			if !slices.ContainsFunc(above(kind), func(k string) bool { return slices.Contains(of, k) }) {
				t.Errorf("schema.org: a %s has no %s", kind, m)
			}
		}
	}
	for name, k := range kinds {
		if terms[name] == nil || terms[name]["@type"] != "rdfs:Class" {
			t.Errorf("schema.org has no type %s", name)
			continue
		}
		if k.of != "" && !slices.Contains(above(name), k.of) {
			t.Errorf("schema.org: %s is no kind of %s", name, k.of)
		}
		check(name, k.must+" "+k.may)
	}
	check("AdvertiserContentArticle", articleMust+" "+articleMay)
	check("NewsArticle", articleMust+" "+articleMay+" dateline")
	t.Logf("%d types, %d members", len(kinds), members)
}

func ids(v any) (out []string) {
	switch v := v.(type) {
	case map[string]any:
		id, _ := v["@id"].(string)
		out = append(out, strings.TrimPrefix(id, "schema:"))
	case []any:
		for _, x := range v {
			out = append(out, ids(x)...)
		}
	}
	return out
}
