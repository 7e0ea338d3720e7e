package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"dateline/internal/app"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/user"
)

type staffCmd struct {
	Add      staffAddCmd      `cmd:"" help:"Give somebody an account, and print a link that signs in once."`
	List     staffListCmd     `cmd:"" help:"List everybody with an account."`
	Link     staffLinkCmd     `cmd:"" help:"Print a new link that signs somebody in once."`
	Role     staffRoleCmd     `cmd:"" help:"Give somebody another role; it ends their sessions."`
	Block    staffBlockCmd    `cmd:"" help:"Shut somebody out; it ends their sessions."`
	Unblock  staffUnblockCmd  `cmd:"" help:"Let somebody in again."`
	Sessions staffSessionsCmd `cmd:"" help:"List somebody's sessions, or end them."`
}

// commander is who does what a command does, for the audit log.
var commander = user.Actor{Name: "dateline staff"}

// staffed opens the house for a command about staff.
func (c *common) staffed(ctx context.Context, log *slog.Logger, f func(a *app.App, pub int64) error) error {
	a, err := c.look(ctx, log)
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := a.Editions.Site(ctx)
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no publication yet that anybody could work for: import an archive (dateline import wordpress FILE…) or try dateline demo")
	}
	if err != nil {
		return err
	}
	return f(a, s.Publication.ID)
}

// meant runs f for the account of an address.
func (c *common) meant(ctx context.Context, log *slog.Logger, email string, f func(a *app.App, who user.Account) error) error {
	return c.staffed(ctx, log, func(a *app.App, pub int64) error {
		who, err := a.Users.ByEmail(ctx, pub, email)
		if fault.Is(err, fault.NotFound) {
			return fmt.Errorf("nobody has an account with the address %s; dateline staff list shows who has one", email)
		}
		if err != nil {
			return err
		}
		return inWords(f(a, who))
	})
}

// linkFlags say where a link leads.
type linkFlags struct {
	DeskURL string `help:"How staff reach the desk, where it is another address than --base-url." name:"desk-url" env:"DATELINE_DESK_URL" placeholder:"URL"`
}

// printLink makes and prints a link.
func (f linkFlags) printLink(ctx context.Context, c *common, a *app.App, who user.Account) error {
	token, until, err := a.Users.NewLink(ctx, commander, who.ID)
	if err != nil {
		return err
	}
	base := cmp.Or(strings.TrimRight(f.DeskURL, "/"), strings.TrimRight(c.BaseURL, "/"), "http://localhost:8080")
	fmt.Println(base + desk.LinkPath(token))
	hint := ""
	if c.BaseURL == "" && f.DeskURL == "" {
		hint = " If the site is at another address, put that in place of " + base + " (or give --base-url)."
	}
	fmt.Fprintf(os.Stderr, "The link signs %s in once, until %s.%s\n", who.Name, until.Local().Format("2006-01-02 15:04"), hint)
	return nil
}

type staffAddCmd struct {
	Email string `help:"E-mail address." required:"" placeholder:"ADDRESS"`
	Name  string `help:"Name." required:"" placeholder:"NAME"`
	Role  string `help:"What they are: ${enum}." required:"" enum:"admin,editor,author,translator,moderator" placeholder:"ROLE"`
	Lang  string `help:"Language of the desk for them; the default edition's, if the desk speaks it." placeholder:"LANG"`
	linkFlags
}

func (s *staffAddCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.staffed(ctx, log, func(a *app.App, pub int64) error {
		if s.Lang == "" {
			site, err := a.Editions.Site(ctx)
			if err != nil {
				return err
			}
			s.Lang = lang.Of(site.Default().Lang).WordsTag()
		}
		who, err := a.Users.Add(ctx, commander, pub, user.Input{Email: s.Email, Name: s.Name, Role: user.Role(s.Role), Lang: s.Lang})
		if err != nil {
			return inWords(err)
		}
		return s.printLink(ctx, c, a, who)
	})
}

type staffListCmd struct{}

func (staffListCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.staffed(ctx, log, func(a *app.App, pub int64) error {
		list, err := a.Users.List(ctx, pub)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		for _, l := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d passkeys\t%d sessions\n", l.Email, l.Name, l.Role, l.State, l.Passkeys, l.Sessions)
		}
		return w.Flush()
	})
}

type staffLinkCmd struct {
	Email string `help:"Whose." required:"" placeholder:"ADDRESS"`
	Reset bool   `help:"Take every other way in away first: passkeys, password, sessions. For a lost or stolen device."`
	linkFlags
}

func (s *staffLinkCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.meant(ctx, log, s.Email, func(a *app.App, who user.Account) error {
		if s.Reset {
			if err := a.Users.Reset(ctx, commander, who.ID); err != nil {
				return err
			}
		}
		return s.printLink(ctx, c, a, who)
	})
}

type staffRoleCmd struct {
	Email string `help:"Whose." required:"" placeholder:"ADDRESS"`
	Role  string `help:"What they are from now on: ${enum}." required:"" enum:"admin,editor,author,translator,moderator" placeholder:"ROLE"`
}

func (s *staffRoleCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.meant(ctx, log, s.Email, func(a *app.App, who user.Account) error {
		return a.Users.SetRole(ctx, commander, who.ID, user.Role(s.Role))
	})
}

type staffBlockCmd struct {
	Email string `help:"Whom." required:"" placeholder:"ADDRESS"`
}

func (s *staffBlockCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.meant(ctx, log, s.Email, func(a *app.App, who user.Account) error { return a.Users.Block(ctx, commander, who.ID) })
}

type staffUnblockCmd struct {
	Email string `help:"Whom." required:"" placeholder:"ADDRESS"`
}

func (s *staffUnblockCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.meant(ctx, log, s.Email, func(a *app.App, who user.Account) error { return a.Users.Unblock(ctx, commander, who.ID) })
}

type staffSessionsCmd struct {
	Email string `help:"Whose." required:"" placeholder:"ADDRESS"`
	End   bool   `help:"End all of them."`
}

func (s *staffSessionsCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	return c.meant(ctx, log, s.Email, func(a *app.App, who user.Account) error {
		if s.End {
			return a.Users.EndSessions(ctx, commander, who.ID, 0)
		}
		list, err := a.Users.Sessions(ctx, who.ID)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		for _, one := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\n", one.Begun.Local().Format(time.DateTime), one.Via, one.Agent)
		}
		return w.Flush()
	})
}
