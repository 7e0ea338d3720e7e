package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"

	"dateline/internal/app"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

type settingsCmd struct {
	List  settingsListCmd  `cmd:"" default:"withargs" help:"List all settings with their values."`
	Get   settingsGetCmd   `cmd:"" help:"Print a value."`
	Set   settingsSetCmd   `cmd:"" help:"Set a value."`
	Unset settingsUnsetCmd `cmd:"" help:"Take a value away."`
}

// speech is the language of the person at the terminal (POSIX.1-2017 §8.2).
func speech() *lang.Locale {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			tag, _, _ := strings.Cut(v, ".")
			return lang.Of(strings.ReplaceAll(tag, "_", "-"))
		}
	}
	return lang.Of("en")
}

// inWords says a fault that has words in the language of who reads it.
func inWords(err error) error {
	text, ok := speech().Say(err)
	if !ok {
		return err
	}
	if f, is := errors.AsType[*fault.Error](err); is && f.Field != "" {
		text = f.Field + ": " + text
	}
	return errors.New(text)
}

// settings opens what is there and reads its settings, and the languages of its
// editions: of the one that somebody names, else of all.
func (c *common) settings(ctx context.Context, log *slog.Logger, lang string) (*app.App, edition.Values, []string, error) {
	a, err := c.look(ctx, log)
	if err != nil {
		return nil, edition.Values{}, nil, inWords(err)
	}
	site, err := a.Editions.Site(ctx)
	langs := site.Langs()
	if ed, ok := site.ByLang(lang); ok {
		langs = []string{ed.Lang}
	} else if err == nil && lang != "" {
		err = usageError{fmt.Errorf("--edition %s: there are %s", lang, strings.Join(langs, ", "))}
	}
	var v edition.Values
	if err == nil {
		v, err = a.Editions.Settings(ctx)
	}
	if err != nil {
		a.Close()
		return nil, v, nil, err
	}
	return a, v, langs, nil
}

type settingsListCmd struct {
	Edition string `help:"Only what holds in the edition of this language." placeholder:"LANG"`
	Help    bool   `help:"Say what each setting is for." name:"words" short:"w"`
}

func (l *settingsListCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	a, v, langs, err := c.settings(ctx, log, l.Edition)
	if err != nil {
		return inWords(err)
	}
	defer a.Close()
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	words := speech()
	for _, s := range edition.Settings() {
		if l.Help {
			fmt.Fprintf(w, "\n# %s\n", words.T(s.HelpKey()))
		}
		said := false
		say := func(lang, value string) error {
			shown, err := a.Shown(ctx, s.Key, value)
			first, rest, more := strings.Cut(shown, "\n")
			if more {
				first += fmt.Sprintf(" … (+%d)", 1+strings.Count(rest, "\n"))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", s.Key, lang, first)
			said = true
			return err
		}
		if own, ok := v.Own(s.Key, ""); ok {
			if err := say("", own); err != nil {
				return err
			}
		}
		if s.PerEdition {
			for _, tag := range langs {
				if own, ok := v.Own(s.Key, tag); ok {
					if err := say(tag, own); err != nil {
						return err
					}
				}
			}
		}
		if !said {
			fmt.Fprintf(w, "%s\t\t%s\n", s.Key, s.Default)
		}
	}
	return w.Flush()
}

type settingsGetCmd struct {
	Key     string `arg:"" help:"Name of the setting."`
	Edition string `help:"What holds in the edition of this language." placeholder:"LANG"`
}

func (g *settingsGetCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	if _, err := edition.Lookup(g.Key); err != nil {
		return inWords(err)
	}
	a, v, langs, err := c.settings(ctx, log, g.Edition)
	if err != nil {
		return inWords(err)
	}
	defer a.Close()
	if g.Edition != "" {
		g.Edition = langs[0]
	}
	shown, err := a.Shown(ctx, g.Key, v.Get(g.Key, g.Edition))
	fmt.Println(shown)
	return err
}

type settingsSetCmd struct {
	Key     string `arg:"" help:"Name of the setting."`
	Value   string `arg:"" help:"The value; a picture is named by its file; - reads it from the standard input."`
	Edition string `help:"For the edition of this language only." placeholder:"LANG"`
}

func (s *settingsSetCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	if s.Value == "-" {
		text, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
		if err != nil {
			return fmt.Errorf("reading the value: %w", err)
		}
		s.Value = string(text)
	}
	return set(ctx, c, log, s.Key, s.Edition, s.Value)
}

type settingsUnsetCmd struct {
	Key     string `arg:"" help:"Name of the setting."`
	Edition string `help:"For the edition of this language only." placeholder:"LANG"`
}

func (s *settingsUnsetCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return set(ctx, c, log, s.Key, s.Edition, "")
}

func set(ctx context.Context, c *common, log *slog.Logger, key, edition, value string) error {
	a, err := c.look(ctx, log)
	if err != nil {
		return inWords(err)
	}
	defer a.Close()
	if err := a.Set(ctx, key, edition, value); err != nil {
		return inWords(err)
	}
	return nil
}
