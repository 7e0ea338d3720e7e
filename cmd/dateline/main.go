// Command dateline is a newsroom in one program: it serves the site, imports
// an archive, and shows a fictional newsroom to try it with.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"dateline/internal/app"
	"dateline/internal/fault"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "dev"

// common are the flags of every command. Each is also DATELINE_… in the
// environment and a line "name = value" in a file given with --config.
type common struct {
	Data     string `help:"Folder of the database, files and secrets." default:"data" env:"DATELINE_DATA" placeholder:"DIR"`
	Database string `help:"PostgreSQL instead of SQLite in the data folder." env:"DATELINE_DATABASE" placeholder:"postgres://…"`
	BaseURL  string `help:"How readers reach the site." name:"base-url" env:"DATELINE_BASE_URL" placeholder:"URL"`
	Verbose  bool   `help:"Log more." short:"v" env:"DATELINE_VERBOSE"`
}

type cli struct {
	common
	Config kong.ConfigFlag `help:"File of settings: JSON with the names of the flags." placeholder:"FILE" env:"DATELINE_CONFIG"`

	Demo     demoCmd     `cmd:"" help:"Try Dateline with a fictional newsroom in three languages."`
	Serve    serveCmd    `cmd:"" help:"Serve the site."`
	Import   importCmd   `cmd:"" help:"Bring an archive from another system."`
	Staff    staffCmd    `cmd:"" help:"Accounts of those who work at the desk."`
	Settings settingsCmd `cmd:"" help:"List and change what the newsroom has decided: name, colours, menu, what machines read."`
	Doctor   doctorCmd   `cmd:"" help:"Show the effective configuration and check what the site depends on."`
	Routes   routesCmd   `cmd:"" help:"List every route with its room and permission."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit status: 0 done, 1 failed, 2 wrong usage.
func run(args []string) int {
	var c cli
	p, err := kong.New(&c, kong.Name("dateline"), kong.Description("A newsroom in one program."), kong.DefaultEnvars("DATELINE"),
		kong.Configuration(kong.JSON), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: false}),
		kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(os.Stderr, "dateline:", err)
		return 2
	}
	if len(args) == 0 || args[0] == "help" {
		args = append(args[min(len(args), 1):], "--help")
	}
	k, err := p.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "dateline:", err)
		return 2
	}
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(&c.common, log); err != nil {
		fmt.Fprintln(os.Stderr, "dateline:", strings.ReplaceAll(err.Error(), "\n", "; "))
		if u := (usageError{}); errors.As(err, &u) || fault.Is(err, fault.Invalid) && u.err != nil {
			return 2
		}
		return 1
	}
	return 0
}

// usageError is a mistake on the command line that only the command can see.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }

// config is what the common flags say.
func (c *common) config(log *slog.Logger) app.Config {
	return app.Config{Data: c.Data, Database: c.Database, BaseURL: strings.TrimRight(c.BaseURL, "/"), Log: log}
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("dateline", version)
	return nil
}
