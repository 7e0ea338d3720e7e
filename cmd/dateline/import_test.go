package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dateline/internal/importer"
)

// anExport writes an export with one article and tells where.
func anExport(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "export.xml")
	text := `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link><language>en-GB</language>
<item><title>One</title><link>https://old.example/one/</link><wp:post_id>1</wp:post_id><wp:post_date>2014-05-12 23:30:00</wp:post_date>
<wp:post_name>one</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestReportFirst: an import whose report cannot be written does not begin; a
// shorter report leaves nothing of a longer one.
func TestReportFirst(t *testing.T) {
	data, export := filepath.Join(t.TempDir(), "data"), anExport(t)
	if code := run([]string{"import", "wordpress", export, "--data", data, "--report", filepath.Join(t.TempDir(), "none", "r.json")}); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the import began although its report cannot be kept: %v", err)
	}
	report := filepath.Join(t.TempDir(), "r.json")
	if err := os.WriteFile(report, []byte(strings.Repeat("x", 100_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"import", "wordpress", export, "--data", data, "--report", report}); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	if r := readReport(t, report); r.Taken.Articles.Published != 1 {
		t.Errorf("the report: %+v", r)
	}
}

func readReport(t *testing.T, file string) (r importer.Report) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("%v: %.200s", err, raw)
	}
	return r
}

// TestImportStopped: whoever stops an import is told what that means.
func TestImportStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	report := filepath.Join(t.TempDir(), "r.json")
	cmd := wordpressCmd{Files: []string{anExport(t)}, Report: report}
	err := cmd.Run(ctx, &common{Data: t.TempDir()}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if want := "running it again goes on"; err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "context") {
		t.Errorf("the error is %v, and is to say %q", err, want)
	}
	if r := readReport(t, report); len(r.Notes) == 0 || !strings.Contains(r.Notes[len(r.Notes)-1].Why, "stopped") {
		t.Errorf("the report does not say it: %+v", r.Notes)
	}
}

// TestImportTerminal: the report and why it failed are told in the terminal's language;
// the form for programs stays as it is.
func TestImportTerminal(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.xml")
	if err := os.WriteFile(broken, []byte(`<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><link>https://old.example</link><language>en-GB</language>
<item><title>One</title><wp:post_id>1</wp:post_id><wp:post_date>2014-05-12 23:30:00</wp:post_date><wp:status>private</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Two</title>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for locale, want := range map[string]struct{ err, report string }{
		"ru_RU.UTF-8": {"broken.xml:3: файл обрывается", "«One»: была личной; теперь это черновик"},
		"kk_KZ.UTF-8": {"broken.xml:3: файл осы жерден", "«One»: жеке жазба еді; енді нобай"},
		"C":           {"broken.xml:3: the file ends inside", "“One”: it was private; it is a draft now"},
	} {
		t.Setenv("LC_ALL", locale)
		for _, name := range []string{"r.txt", "r.json"} {
			report := filepath.Join(t.TempDir(), name)
			cmd := wordpressCmd{Files: []string{broken}, Report: report}
			err := cmd.Run(t.Context(), &common{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), want.err) {
				t.Errorf("%s: the error is %v, and is to say %q", locale, err, want.err)
			}
			told, rerr := os.ReadFile(report)
			if rerr != nil {
				t.Fatal(rerr)
			}
			says := want.report
			if name == "r.json" {
				says = "“One”: it was private; it is a draft now"
			}
			if !strings.Contains(string(told), says) {
				t.Errorf("%s, %s: does not say %q:\n%s", locale, name, says, told)
			}
		}
	}
}

// TestFlagsFromEnvironment: every flag of every command is a variable, too.
func TestFlagsFromEnvironment(t *testing.T) {
	data, report := t.TempDir(), filepath.Join(t.TempDir(), "r.json")
	for name, value := range map[string]string{"DATA": data, "ZONE": "Europe/Berlin", "PLACE": "Berlin", "REPORT": report, "ADD_EDITIONS": "true"} {
		t.Setenv("DATELINE_"+name, value)
	}
	if code := run([]string{"import", "wordpress", anExport(t)}); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	if r := readReport(t, report); r.Taken.Articles.Published != 1 {
		t.Errorf("the report: %+v", r)
	}
	t.Setenv("DATELINE_ZONE", "Europe/Nowhere")
	if code := run([]string{"import", "wordpress", anExport(t)}); code != 1 {
		t.Errorf("DATELINE_ZONE names no zone, and the exit status is %d", code)
	}
	t.Setenv("DATELINE_ZONE", "") // as if it were not set
	if code := run([]string{"import", "wordpress", anExport(t)}); code != 0 {
		t.Errorf("an empty variable: exit status %d", code)
	}
	p, err := kong.New(&cli{}, kong.Name("dateline"), kong.DefaultEnvars("DATELINE"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	var look func(n *kong.Node)
	look = func(n *kong.Node) {
		for _, f := range n.Flags {
			want := "DATELINE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
			if seen++; f.Name != "help" && (len(f.Envs) != 1 || f.Envs[0] != want) {
				t.Errorf("--%s of %s is %v in the environment, want %s", f.Name, n.Path(), f.Envs, want)
			}
		}
		for _, c := range n.Children {
			look(c)
		}
	}
	look(p.Model.Node)
	if seen < 20 {
		t.Errorf("%d flags were looked at", seen)
	}
}
