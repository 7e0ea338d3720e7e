package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"dateline/internal/app"
	"dateline/internal/importer"
)

type importCmd struct {
	WordPress wordpressCmd `cmd:"" name:"wordpress" help:"Read a WordPress export (WXR), plain or .gz, one or many files."`
}

type wordpressCmd struct {
	Files        []string `arg:"" help:"Files of one export." placeholder:"FILE"`
	Edition      string   `help:"Language of the edition that receives the articles." placeholder:"LANG"`
	AddEditions  bool     `help:"Make the editions that the export has articles for and the publication lacks."`
	Zone         string   `help:"Time zone of the old site's dates." placeholder:"ZONE"`
	Place        string   `help:"Where the articles were written, for datelines." placeholder:"NAME"`
	Uploads      string   `help:"The old site's wp-content/uploads folder." placeholder:"DIR"`
	Map          string   `help:"JSON file that says what becomes of categories, tags and types of posts." placeholder:"FILE"`
	CategoryBase string   `help:"What stood before the slugs of categories in the old site's addresses, if not category; / for nothing." placeholder:"WORD"`
	TagBase      string   `help:"The same for tags." placeholder:"WORD"`
	Report       string   `help:"Write the report here; JSON if it ends in .json." placeholder:"FILE"`
	Hurry        bool     `help:"Import at full speed although a site is served from the same database; its readers wait longer meanwhile."`
	KeepEmails   bool     `help:"Keep commenters' e-mail addresses."`

	out *os.File // where the report goes; nil: to the terminal
}

// What Go's memory may reach in an import before it is collected harder, in
// bytes; the whole process stays below 150 MB. SQLite's own memory comes on
// top, PostgreSQL's is another process's.
const (
	importMemory   = 83 << 20
	importMemoryPG = 106 << 20
)

func (i *wordpressCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	if i.Report != "" { // before hours of work whose report could not be kept
		f, err := os.OpenFile(i.Report, os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			return fmt.Errorf("the report: %w", err)
		}
		defer f.Close()
		i.out = f
	}
	report, err := i.bring(ctx, c, log)
	if errors.Is(err, context.Canceled) {
		err = errors.New("the import was stopped before its end; what it took stays, and running it again goes on")
	}
	if err != nil {
		return i.fail(report, err)
	}
	return i.write(report)
}

// words are those of the person at the terminal.
func words() *importer.Words { return importer.WordsOf(speech().WordsTag()) }

// said is an error in these words, with its place as it stands.
func said(err error) error {
	at, why := "", err.Error()
	if m := place.FindStringSubmatch(why); m != nil {
		at, why = m[1]+":"+m[2]+": ", m[3]
	}
	if out := words().Say(why); out != why {
		return errors.New(at + out)
	}
	return err
}

// bring imports the files. The report comes back in any case.
func (i *wordpressCmd) bring(ctx context.Context, c *common, log *slog.Logger) (*importer.Report, error) {
	none := &importer.Report{Files: i.Files}
	if c.Database != "" {
		debug.SetMemoryLimit(importMemoryPG)
	} else {
		debug.SetMemoryLimit(importMemory)
	}
	debug.SetGCPercent(400) // an import makes much garbage and keeps little; the limit above still holds
	opt := importer.Options{Files: i.Files, Edition: i.Edition, AddEditions: i.AddEditions, Zone: i.Zone, Place: i.Place, CategoryBase: i.CategoryBase, TagBase: i.TagBase, Hurry: i.Hurry, Log: log}
	if err := i.readMap(&opt); err != nil {
		return none, err
	}
	if i.Uploads != "" {
		root, err := os.OpenRoot(i.Uploads)
		if err != nil {
			return none, fmt.Errorf("the uploads folder: %w", err)
		}
		defer root.Close()
		opt.Uploads = func(path string) (io.ReadCloser, error) { return root.Open(filepath.FromSlash(path)) }
	}
	for _, f := range i.Files { // before anything is set up for them
		if _, err := os.Stat(f); err != nil {
			if p, ok := errors.AsType[*fs.PathError](err); ok {
				err = fmt.Errorf("%s: %w", f, p.Err)
			}
			return none, err
		}
	}
	yieldToOthers()
	conf := c.config(log)
	conf.DBCache = 8 << 10
	a, err := app.Open(ctx, conf)
	if err != nil {
		return none, err
	}
	defer a.Close()
	opt.Progress = progress()
	return a.ImportWordPress(ctx, i.KeepEmails, opt)
}

// fail writes the report all the same.
func (i *wordpressCmd) fail(r *importer.Report, err error) error {
	if r.Notes == nil {
		r.Notes = []importer.Remark{}
	}
	r.Notes = append(r.Notes, remark(err))
	if i.Report == "" && r.Taken == (importer.Taken{}) {
		return said(err) // nothing happened that a report could tell
	}
	return errors.Join(said(err), i.write(r))
}

// place is how the importer begins an error: "export.xml:17: why".
var place = regexp.MustCompile(`^(.+?):(\d+): (.*)$`)

// remark is an error as a line of the report.
func remark(err error) importer.Remark {
	out := importer.Remark{Level: "error", Kind: "file", Why: err.Error()}
	if m := place.FindStringSubmatch(out.Why); m != nil {
		out.File, out.Why = m[1], m[3]
		out.Line, _ = strconv.Atoi(m[2])
	}
	return out
}

func (i *wordpressCmd) write(r *importer.Report) error {
	if i.out == nil {
		r.WriteText(os.Stdout, words())
		return nil
	}
	var b bytes.Buffer
	if strings.HasSuffix(i.Report, ".json") {
		if err := r.WriteJSON(&b); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	} else {
		r.WriteText(&b, words())
	}
	_, err := b.WriteTo(i.out)
	if info, serr := i.out.Stat(); err == nil && serr == nil && info.Mode().IsRegular() { // of a longer one from before
		var end int64
		if end, err = i.out.Seek(0, io.SeekCurrent); err == nil {
			err = i.out.Truncate(end)
		}
	}
	if err = errors.Join(err, i.out.Close()); err != nil {
		r.WriteText(os.Stdout, words()) // rather than losing it
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (i *wordpressCmd) readMap(opt *importer.Options) error {
	if i.Map == "" {
		return nil
	}
	raw, err := os.ReadFile(i.Map)
	if err != nil {
		return fmt.Errorf("the mapping file: %w", err)
	}
	if err := json.Unmarshal(raw, &opt.Mapping); err != nil {
		return fmt.Errorf("the mapping file %s: %w", i.Map, err)
	}
	return opt.Mapping.Check()
}

// progress tells how far it is: on a terminal in one line, in a log now and then.
func progress() func(done, all int) {
	info, err := os.Stderr.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	last := time.Now()
	if terminal {
		last = time.Time{}
	}
	ended, says := false, words()
	return func(done, all int) {
		every := 10 * time.Second
		if terminal {
			every = 200 * time.Millisecond
		}
		if now := time.Now(); now.Sub(last) >= every || done == all && !ended {
			ended = done == all
			far := says.Say(fmt.Sprintf("%d of %d items", done, all))
			if last = now; terminal {
				fmt.Fprint(os.Stderr, "\r"+far)
			} else {
				fmt.Fprintln(os.Stderr, far)
			}
		}
		if terminal && done >= all-1 {
			fmt.Fprintln(os.Stderr)
		}
	}
}
