package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"

	"dateline/internal/app"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/operator"
)

type doctorCmd struct {
	themeFlags
	mailFlags
	Feeds bool `help:"Make every kind of document that programs read (feeds, sitemaps, data in pages) and say what of it is refused."`
}

// Run prints the configuration without its secrets, then checks one thing
// after another, in the language of the terminal; it fails if a check does.
func (d *doctorCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	p := patient{words: speech(), w: tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)}
	p.examine(ctx, d, c, log)
	if err := p.w.Flush(); err != nil {
		return err
	}
	if p.failed > 0 {
		return errors.New(p.words.T("doctor.failures", "n", p.failed))
	}
	return nil
}

// patient is what doctor has found so far.
type patient struct {
	words  *lang.Locale
	w      *tabwriter.Writer
	failed int
}

func (p *patient) say(name, value string) { fmt.Fprintf(p.w, "%s\t%s\n", name, value) }

// check says good under a name of the words, or what failed.
func (p *patient) check(name string, err error, good string) {
	if err != nil {
		p.failed++
		good = p.words.T("doctor.failed", "why", p.why(err))
	}
	p.say(p.words.T(name), good)
}

// why is an error in words; what the database or the machine has said stays as
// it is, and is said to be theirs.
func (p *patient) why(err error) string {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, e := range all.Unwrap() {
			lines = append(lines, p.why(e))
		}
		return strings.Join(lines, "; ")
	}
	text, ok := p.words.Say(err)
	if !ok {
		return p.words.T("doctor.system", "why", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if f, is := errors.AsType[*fault.Error](err); is && f.Field != "" {
		text = f.Field + ": " + text
	}
	return strings.ReplaceAll(text, "\n", "; ")
}

func (p *patient) examine(ctx context.Context, d *doctorCmd, c *common, log *slog.Logger) {
	t := p.words.T
	p.say(t("doctor.version"), version)
	p.say(t("doctor.data"), c.Data)
	database := t("doctor.sqlite", "engine", "SQLite")
	if c.Database != "" {
		database = db.Redact(c.Database)
	}
	p.say(t("doctor.database"), database)
	switch u, err := url.Parse(c.BaseURL); {
	case c.BaseURL == "":
		p.say("base-url", t("doctor.base_none", "address", "http://localhost", "flag", "--base-url"))
	case err != nil || u.Host == "":
		p.failed++
		p.say("base-url", t("doctor.failed", "why", t("doctor.no_address", "value", p.words.Quote(c.BaseURL))))
	default:
		p.say("base-url", c.BaseURL)
	}
	p.mail(ctx, d)
	a, err := c.look(ctx, log)
	p.check("doctor.opening", err, t("doctor.opened"))
	if a != nil {
		defer a.Close()
		p.inside(ctx, d, a)
	}
	for _, tool := range []string{"cwebp", "avifenc"} {
		if path, err := exec.LookPath(tool); err == nil {
			p.say(tool, path)
		} else {
			p.say(tool, t("doctor.tool_missing"))
		}
	}
}

// mail says how letters go out, and tries the server's door.
func (p *patient) mail(ctx context.Context, d *doctorCmd) {
	t := p.words.T
	var conf app.Config
	switch err := d.mailFlags.apply(&conf); {
	case err != nil:
		p.check("doctor.mail", err, "")
	case conf.Mail == nil:
		p.say(t("doctor.mail"), t("doctor.mail_none", "flag", "--smtp"))
	default:
		m := conf.Mail
		secret, key := t("doctor.mail_open"), t("doctor.mail_unsigned", "flag", "--dkim-key")
		if m.User != "" {
			secret = t("doctor.mail_user", "name", m.User, "password", "••••••")
		}
		if m.DKIMKey != nil {
			key = t("doctor.mail_signed", "dkim", "DKIM", "selector", m.DKIMSelector)
		}
		p.say(t("doctor.mail"), t("doctor.mail_is", "server", m.Server, "tls", string(m.TLS), "from", m.From)+"; "+secret+"; "+key)
		p.check("doctor.mail_answers", m.Check(ctx), t("doctor.yes"))
	}
}

// inside looks at what the database holds and at how it is shown.
func (p *patient) inside(ctx context.Context, d *doctorCmd, a *app.App) {
	t := p.words.T
	p.check("doctor.answers", a.DB.Ping(ctx), t("doctor.yes"))
	p.check("doctor.writes", a.DB.Writable(ctx), t("doctor.yes"))
	s, err := a.Editions.Site(ctx)
	if fault.Is(err, fault.NotFound) {
		p.say(t("doctor.publication"), t("doctor.publication_none", "import", "dateline import", "demo", "dateline demo"))
	} else {
		p.check("doctor.publication", err, t("doctor.publication_is", "key", s.Publication.Key, "zone", s.Publication.Zone, "editions", strings.Join(s.Langs(), ", ")))
	}
	set, unknown, problems := a.SettingsReport(ctx)
	for _, name := range unknown {
		set = append(set, t("doctor.settings_unknown", "name", name))
	}
	p.check("doctor.settings", problems, strings.Join(append(set, t("doctor.settings_rest")), ", "))
	if a.BaseURL == "" {
		a.BaseURL = "http://localhost:8080"
	}
	d.themeFlags.apply(&a.Config)
	if broken := a.Public(); broken != nil {
		p.check("doctor.themes", broken, "")
		return
	}
	var broken error
	for _, one := range a.Engine.Problems() {
		broken = errors.Join(broken, one)
	}
	p.check("doctor.themes", broken, t("doctor.themes_complete", "names", strings.Join(a.Engine.Themes(), ", ")))
	if d.Feeds && err == nil {
		p.feeds(ctx, a)
	}
}

// feeds tells the health of every document that programs read. One that is
// refused whole fails; what goes without some of its lines or articles is served,
// and said.
func (p *patient) feeds(ctx context.Context, a *app.App) {
	list, err := a.Documents(ctx, p.words)
	if err != nil {
		p.check("doctor.feeds", err, "")
		return
	}
	for _, d := range list {
		p.say(d.Path, d.Line(p.words))
		if d.State == operator.Refused {
			p.failed++
		}
	}
}
