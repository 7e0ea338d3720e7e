package main

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	demofiles "dateline/demo"
	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/demo"
	"dateline/internal/lang"
)

// spoken are the languages that doctor can say all of its words in.
var spoken = []string{"en", "ru", "kk"}

// examined is doctor's report in a language.
func examined(t *testing.T, tag string, d doctorCmd, c common) (report string, failed int) {
	t.Helper()
	var b strings.Builder
	p := patient{words: lang.Of(tag), w: tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)}
	p.examine(t.Context(), &d, &c, slog.New(slog.DiscardHandler))
	if err := p.w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String(), p.failed
}

// newsroom fills a folder with the demo, or leaves it without a publication.
func newsroom(t *testing.T, full bool) string {
	t.Helper()
	dir := t.TempDir()
	a, err := app.Open(t.Context(), app.Config{Data: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if !full {
		return dir
	}
	rooms := demo.Rooms{DB: a.DB, Editions: a.Editions, Entities: a.Entities, Topics: a.Topics, Authors: a.Authors, Media: a.Media,
		Articles: a.Articles, Comments: a.Comments, Corrections: a.Corrections, Front: a.Front, Views: a.Views}
	if err := demo.Fill(t.Context(), rooms, demofiles.Files); err != nil {
		t.Fatal(err)
	}
	site, err := a.Editions.Site(t.Context())
	if err == nil {
		// What another version has set, and what has become wrong since.
		err = a.DB.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO setting (publication_id, key, value) VALUES ($1, 'of_tomorrow', 'x'), ($1, 'accent', 'green')`, site.Publication.ID)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var columns = regexp.MustCompile(`^(.*?) {2,}(.*)$`)

// TestDoctorSpeaks reads every report in every language: a line that is the same as
// in English is code, and no piece of an English sentence stands in another one.
func TestDoctorSpeaks(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"css/95-own.css": `a{background:url(nowhere.png)}`, "parts/footer.html": `{{define "footer"}}{{.NoSuch}}{{end}}`} {
		if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	empty, full := newsroom(t, false), newsroom(t, true)
	for name, c := range map[string]struct {
		d      doctorCmd
		c      common
		failed int
	}{
		"no database":      {doctorCmd{}, common{Data: t.TempDir(), BaseURL: "nonsense"}, 2},
		"no publication":   {doctorCmd{}, common{Data: empty}, 0},
		"a broken theme":   {doctorCmd{themeFlags: themeFlags{Theme: folder}, Feeds: true}, common{Data: full, BaseURL: "https://lamp.example"}, 2},
		"an unknown one":   {doctorCmd{themeFlags: themeFlags{ThemeName: "none"}}, common{Data: full, BaseURL: "https://lamp.example"}, 2},
		"mail":             {doctorCmd{mailFlags: mailFlags{SMTP: "127.0.0.1:1", SMTPTLS: "starttls", SMTPUser: "news", SMTPPassword: "secret", MailFrom: "news@lamp.example"}}, common{Data: empty, BaseURL: "https://lamp.example"}, 1},
		"mail from nobody": {doctorCmd{mailFlags: mailFlags{SMTP: "mail.example", SMTPTLS: "tls"}}, common{Data: empty, BaseURL: "https://lamp.example"}, 1},
		"no such folder":   {doctorCmd{themeFlags: themeFlags{Theme: filepath.Join(folder, "none")}}, common{Data: empty}, 1},
		"a database away":  {doctorCmd{}, common{Data: empty, Database: "postgres://nobody:secret@127.0.0.1:1/none?connect_timeout=1"}, 1},
	} {
		english, failed := examined(t, "en", c.d, c.c)
		if failed != c.failed {
			t.Errorf("%s: %d checks failed, not %d:\n%s", name, failed, c.failed, english)
		}
		if strings.Contains(english, "secret") || strings.Contains(english, "[") {
			t.Errorf("%s says what it should not:\n%s", name, english)
		}
		lines := strings.Split(strings.TrimSpace(english), "\n")
		for _, tag := range spoken[1:] {
			report, again := examined(t, tag, c.d, c.c)
			own := strings.Split(strings.TrimSpace(report), "\n")
			if again != failed || len(own) != len(lines) {
				t.Errorf("%s is another report in %s:\n%s\n%s", name, tag, english, report)
				continue
			}
			for i, line := range own {
				en, here := columns.FindStringSubmatch(lines[i]), columns.FindStringSubmatch(line)
				if en == nil || here == nil {
					t.Errorf("%s: no two columns: %q, %q", name, lines[i], line)
					continue
				}
				if en[1] == here[1] && !strings.HasPrefix(en[1], "/") && !slices.Contains([]string{"base-url", "cwebp", "avifenc"}, en[1]) {
					t.Errorf("%s, %s: the name is English: %s", name, tag, line)
				}
				if en[2] == here[2] && !slices.Contains([]string{version, c.c.Data, c.c.BaseURL, db.Redact(c.c.Database)}, en[2]) && !filepath.IsAbs(en[2]) {
					t.Errorf("%s, %s: the value is English: %s", name, tag, line)
				}
			}
			for _, piece := range englishPieces() {
				if strings.Contains(report, piece) {
					t.Errorf("%s, %s: says %q:\n%s", name, tag, piece, report)
				}
			}
		}
	}
}

var gap = regexp.MustCompile(`\{[a-z]+\}`)

// englishPieces are what stands between the placeholders of doctor's sentences.
func englishPieces() []string {
	var out []string
	for _, key := range lang.Of("en").Keys() {
		if !strings.HasPrefix(key, "doctor.") && !strings.HasPrefix(key, "theme.problem.") && !strings.HasPrefix(key, "setting.wrong.") {
			continue
		}
		for _, piece := range gap.Split(lang.Of("en").T(key), -1) {
			if piece = strings.TrimSpace(piece); strings.Contains(piece, " ") {
				out = append(out, piece)
			}
		}
	}
	return out
}

// TestDoctorWords: every key that doctor says is there in every language that it
// speaks, in words of its own, and none is there for nothing.
func TestDoctorWords(t *testing.T) {
	said := map[string]bool{}
	for _, dir := range []string{".", "../../internal/app", "../../internal/theme"} {
		files, err := fs.Glob(os.DirFS(dir), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`"((?:doctor|theme\.problem)\.[a-z_]+)"`).FindAllSubmatch(raw, -1) {
				said[string(m[1])] = true
			}
		}
	}
	if len(said) < 25 {
		t.Fatalf("the test sees only %d keys", len(said))
	}
	for key := range said {
		for _, tag := range spoken {
			if l := lang.Of(tag); !l.Has(key) || l.Lent(key) != "" {
				t.Errorf("%s has no words for %s", tag, key)
			}
		}
	}
	for _, key := range lang.Of("en").Keys() {
		if (strings.HasPrefix(key, "doctor.") || strings.HasPrefix(key, "theme.problem.")) && !said[key] {
			t.Errorf("nobody says %s", key)
		}
	}
}

// TestDoctorTerminal: the language is the terminal's, to the last line.
func TestDoctorTerminal(t *testing.T) {
	for locale, want := range map[string]string{"kk_KZ.UTF-8": "1 тексеру сәтсіз болды", "ru_RU.UTF-8": "не пройдена 1 проверка", "C": "1 check failed", "": "1 check failed"} {
		t.Setenv("LC_ALL", locale)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", "")
		err := (&doctorCmd{}).Run(context.Background(), &common{Data: t.TempDir(), BaseURL: "https://lamp.example"}, slog.New(slog.DiscardHandler))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", locale, err, want)
		}
	}
}
