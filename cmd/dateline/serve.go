package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"dateline/internal/app"
	"dateline/internal/desk"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/user"
)

type serveCmd struct {
	Addr        string `help:"Where to listen." default:":8080" env:"DATELINE_ADDR"`
	MetricsAddr string `help:"Where to listen for you alone: the health page and figures for Prometheus. Nobody else is to reach it." env:"DATELINE_METRICS_ADDR" placeholder:"ADDR"`
	DeskAddr    string `help:"Where to listen for the desk alone; without it the desk is at /desk/ beside readers' pages." env:"DATELINE_DESK_ADDR" placeholder:"ADDR"`
	deskFlags
	mailFlags
	Comments string   `help:"open: readers' comments are taken at once and for ever, whatever is set. For trying things out." enum:"set,open" default:"set" env:"DATELINE_COMMENTS"`
	Proxy    []string `help:"Networks whose X-Forwarded-For is believed." env:"DATELINE_PROXY" placeholder:"CIDR"`
	themeFlags
}

// deskFlags say how people reach the desk and come in.
type deskFlags struct {
	DeskURL    string `help:"How staff reach the desk, without /desk/, where it is another address than --base-url." name:"desk-url" env:"DATELINE_DESK_URL" placeholder:"URL"`
	SecretFile string `help:"File of the installation's secret, the same for every node. Without it DATA/secret, which is made when there is none." env:"DATELINE_SECRET_FILE" placeholder:"FILE"`
	OIDCIssuer string `help:"Single sign-on: the issuer of OpenID Connect." name:"oidc-issuer" env:"DATELINE_OIDC_ISSUER" placeholder:"URL"`
	OIDCClient string `help:"Single sign-on: the id of this client there." name:"oidc-client" env:"DATELINE_OIDC_CLIENT" placeholder:"ID"`
	OIDCSecret string `help:"Single sign-on: the client's secret. Better in the environment or the file of settings than on the command line." name:"oidc-secret" env:"DATELINE_OIDC_SECRET" placeholder:"SECRET"`
	OIDCName   string `help:"Single sign-on: what its button is called." name:"oidc-name" env:"DATELINE_OIDC_NAME" placeholder:"NAME"`
}

func (f deskFlags) apply(c *app.Config) {
	c.DeskURL, c.SecretFile = strings.TrimRight(f.DeskURL, "/"), f.SecretFile
	if f.OIDCIssuer != "" {
		c.OIDC = &user.OIDC{Issuer: f.OIDCIssuer, ClientID: f.OIDCClient, Secret: f.OIDCSecret, Name: f.OIDCName}
	}
}

// mailFlags say over which server letters go out.
type mailFlags struct {
	SMTP         string `help:"Mail server, HOST:PORT. Without one letters stay in the outbox that the desk shows." name:"smtp" env:"DATELINE_SMTP" placeholder:"HOST:PORT"`
	SMTPTLS      string `help:"How the way there is kept: starttls, tls (from the first byte) or none (a server on this machine)." name:"smtp-tls" env:"DATELINE_SMTP_TLS" default:"starttls" enum:"starttls,tls,none"`
	SMTPUser     string `help:"Name that signs in there." name:"smtp-user" env:"DATELINE_SMTP_USER" placeholder:"NAME"`
	SMTPPassword string `help:"Its password. Better in the environment or the file of settings than on the command line." name:"smtp-password" env:"DATELINE_SMTP_PASSWORD" placeholder:"PASSWORD"`
	SMTPCA       string `help:"File of certificates (PEM) of an authority of your own that the server's is signed by." name:"smtp-ca" env:"DATELINE_SMTP_CA" placeholder:"FILE"`
	MailFrom     string `help:"Address that letters come from." name:"mail-from" env:"DATELINE_MAIL_FROM" placeholder:"ADDRESS"`
	DKIMKey      string `help:"File of the private key (PEM, RSA or Ed25519) that signs letters; none where the mail server signs." name:"dkim-key" env:"DATELINE_DKIM_KEY" placeholder:"FILE"`
	DKIMSelector string `help:"Name under which its public half stands in DNS: NAME._domainkey." name:"dkim-selector" env:"DATELINE_DKIM_SELECTOR" placeholder:"NAME"`
}

func (f mailFlags) apply(c *app.Config) error {
	if f.SMTP == "" {
		return nil
	}
	m := &mail.SMTP{Server: f.SMTP, TLS: mail.TLS(f.SMTPTLS), User: f.SMTPUser, Password: f.SMTPPassword, From: f.MailFrom, DKIMSelector: f.DKIMSelector}
	for _, file := range []struct {
		name string
		into *[]byte
	}{{f.SMTPCA, &m.Roots}, {f.DKIMKey, &m.DKIMKey}} {
		if file.name == "" {
			continue
		}
		text, err := os.ReadFile(file.name)
		if err != nil {
			return fmt.Errorf("mail: %w", err)
		}
		*file.into = text
	}
	c.Mail = m
	return nil
}

// themeFlags say how pages are set.
type themeFlags struct {
	Theme     string `help:"Folder of theme files that go before the built-in ones." env:"DATELINE_THEME" placeholder:"DIR"`
	ThemeName string `help:"Built-in theme for every page, whatever the newsroom has set." env:"DATELINE_THEME_NAME" placeholder:"NAME"`
	Dev       bool   `help:"Read the theme's files anew for each page." env:"DATELINE_DEV"`
}

func (f themeFlags) apply(c *app.Config) { c.Theme, c.ThemeName, c.Dev = f.Theme, f.ThemeName, f.Dev }

func (s *serveCmd) Run(ctx context.Context, c *common, log *slog.Logger) error {
	spacious()
	conf := c.config(log)
	conf.Serves = true
	conf.OpenComments = s.Comments == "open"
	s.themeFlags.apply(&conf)
	s.deskFlags.apply(&conf)
	if err := s.mailFlags.apply(&conf); err != nil {
		return err
	}
	for _, p := range s.Proxy {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return usageError{fmt.Errorf("--proxy %s: %w", p, err)}
		}
		conf.Proxies = append(conf.Proxies, prefix)
	}
	doors, err := app.Listen(s.Addr, s.MetricsAddr, s.DeskAddr)
	if err != nil {
		return err
	}
	defer doors.Close()
	a, err := app.Open(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	if a.BaseURL == "" {
		a.BaseURL = localURL(doors.Readers)
		if doors.Desk != nil && a.DeskURL == "" {
			a.DeskURL = localURL(doors.Desk)
		}
	}
	if err := a.Public(); err != nil {
		return err
	}
	if err := a.Desk(doors.Desk != nil); err != nil {
		return err
	}
	if _, err := a.Editions.Site(ctx); fault.Is(err, fault.NotFound) {
		log.Warn("there is no publication yet: import an archive (dateline import wordpress FILE…) or try dateline demo")
	}
	if err := a.DB.Writable(ctx); err != nil {
		log.Warn("readers are served, but nothing can be stored", "error", err)
	}
	log.Info("serving", "url", a.BaseURL, "data", conf.Data)
	if own := doors.Operator; own != nil {
		log.Info("health and figures", "url", "http://"+own.Addr().String()+"/health")
	}
	log.Info("the desk", "url", a.DeskURL+desk.Root)
	return a.Serve(ctx, doors)
}

// What Go's memory may reach in a site that is served before it is collected
// more often, in bytes: pages that are kept (64 MiB), pictures that are drawn,
// and as much again in garbage.
const servingMemory = 256 << 20

// spacious has garbage collected at four times what is in use, not at twice, as
// long as that is little: a site that is read makes much garbage and keeps
// little, and collecting it takes a twentieth of what a counted page costs
// (docs/performance.md). GOGC and GOMEMLIMIT go before it.
func spacious() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(servingMemory)
	}
}

// localURL is how somebody on this machine reaches a listener. localhost and
// not an IP address: a passkey cannot be tied to one.
func localURL(l net.Listener) string {
	return fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port)
}

// look opens what is there and makes nothing: a mistyped folder is not to look
// healthy.
func (c *common) look(ctx context.Context, log *slog.Logger) (*app.App, error) {
	if c.Database == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "dateline.db")); err != nil {
			return nil, lang.Wrong("doctor.no_database", "folder", c.Data, "commands", "dateline serve, dateline import, dateline demo")
		}
	}
	conf := c.config(log)
	conf.Looks = true
	return app.Open(ctx, conf)
}

type routesCmd struct{}

func (routesCmd) Run(ctx context.Context, log *slog.Logger) error {
	dir, err := os.MkdirTemp("", "dateline-routes-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := app.Open(ctx, app.Config{Data: dir, BaseURL: "http://localhost", Log: log})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Public(); err != nil {
		return err
	}
	if err := a.Desk(false); err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range a.Router.Routes() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Method, r.Pattern, r.Room, r.Permission)
	}
	return w.Flush()
}
