//go:build acceptance

package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"dateline/internal/db"
	"dateline/internal/dbtest"
)

// TestSitemapSchemas holds every sitemap of the demo to the schemas of
// sitemaps.org and Google (xmllint, Debian's libxml2-utils).
func TestSitemapSchemas(t *testing.T) {
	xsd, err := filepath.Abs(filepath.Join(os.Getenv("DATELINE_MATERIAL"), "06-feeds", "sitemap", "xsd"))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d, &clock{t: monday}, 1)
		dir := t.TempDir()
		write := func(name, text string) string {
			name = filepath.Join(dir, name)
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return name
		}
		all := write("all.xsd", `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="`+xsd+`/sitemap.xsd"/>
<xsd:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="`+xsd+`/sitemap-news.xsd"/>
<xsd:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="`+xsd+`/xhtml1-strict.xsd"/></xsd:schema>`)
		valid := func(schema, file string) {
			t.Helper()
			if out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
				t.Errorf("%v\n%.2000s", err, out)
			}
		}
		index, _ := h.document("/sitemap.xml")
		valid(filepath.Join(xsd, "siteindex.xsd"), write("index.xml", index))
		n := 0
		paths := []string{"/sitemap-news.xml", "/ru/sitemap-news.xml", "/kk/sitemap-news.xml"}
		for _, m := range located.FindAllStringSubmatch(index, -1) {
			paths = append(paths, m[1])
		}
		for _, p := range paths {
			text, _ := h.document(p)
			valid(all, write("map.xml", text))
			n++
		}
		bad := write("bad.xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><lastmod>x</lastmod></url></urlset>`)
		if exec.Command("xmllint", "--noout", "--nonet", "--schema", all, bad).Run() == nil {
			t.Error("the schema takes anything")
		}
		t.Logf("%d sitemaps", n)
	})
}
