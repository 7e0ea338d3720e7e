package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/outbound"
)

// OIDC is a newsroom's single sign-on.
type OIDC struct {
	Issuer           string // where its configuration lies, below /.well-known/
	ClientID, Secret string
	Name             string // what stands on the button; "": the issuer's host
}

// SSOPath is where the single sign-on sends people back to.
const SSOPath = "/desk/sign-in/sso/done"

type sso struct {
	o    OIDC
	back string

	mu       sync.Mutex
	provider *oidc.Provider // nil until it has answered once
}

func newSSO(o OIDC, desk string) (*sso, error) {
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || o.ClientID == "" {
		return nil, fault.New(fault.Invalid, "single sign-on needs an issuer's address and a client's id: %q, %q", o.Issuer, o.ClientID)
	}
	if o.Name == "" {
		o.Name = u.Hostname()
	}
	return &sso{o: o, back: desk + SSOPath}, nil
}

// found asks the issuer for its configuration, once it has answered never again.
func (s *sso) found(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	// The provider keeps the context's client for the keys it will fetch, so the
	// context must not end with the request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), outbound.Configured()), s.o.Issuer)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the single sign-on does not answer: %w", err)
	}
	s.provider = p
	return p, nil
}

func (s *sso) config(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.o.ClientID, ClientSecret: s.o.Secret, Endpoint: p.Endpoint(), RedirectURL: s.back,
		Scopes: []string{oidc.ScopeOpenID, "email"}}
}

// leaving is what a browser keeps while its person is at the single sign-on.
type leaving struct{ State, Nonce, Verifier, Next string }

// BeginSSO gives the address to go to, and what the browser is to keep. next is
// where to go afterwards.
func (g *Gate) BeginSSO(ctx context.Context, next string) (address, kept string, err error) {
	if g.sso == nil {
		return "", "", fault.New(fault.NotFound, "there is no single sign-on")
	}
	p, err := g.sso.found(ctx)
	if err != nil {
		return "", "", err
	}
	l := leaving{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next}
	if kept, err = g.seal.Seal("sso", l, g.o.Now().Add(10*time.Minute)); err != nil {
		return "", "", err
	}
	return g.sso.config(p).AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)), kept, nil
}

// claimed is what the single sign-on says of somebody.
type claimed struct {
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // some say "true"
}

func (c claimed) email() string {
	if c.Verified == true || c.Verified == "true" {
		return FoldEmail(c.Email)
	}
	return ""
}

// FinishSSO signs in somebody who has come back with state and code. An account
// must be there: it is known by the identity that it signed in with before, else by
// the address that the single sign-on has verified.
func (g *Gate) FinishSSO(ctx context.Context, kept, state, code string, from From) (o *Opened, next string, err error) {
	if g.sso == nil {
		return nil, "", fault.New(fault.NotFound, "there is no single sign-on")
	}
	if err := g.try(from, ""); err != nil {
		return nil, "", err
	}
	var l leaving
	if err := g.seal.Unseal("sso", kept, &l, g.o.Now()); err != nil {
		return nil, "", g.late(err)
	}
	if subtle.ConstantTimeCompare([]byte(l.State), []byte(state)) != 1 || code == "" {
		return nil, "", refused()
	}
	token, err := g.sso.redeem(ctx, l, code, g.o.Now)
	if err != nil {
		g.o.Log.Warn("the single sign-on's answer was refused", "error", err)
		return nil, "", refused()
	}
	var who claimed
	if err := token.Claims(&who); err != nil {
		return nil, "", refused()
	}
	id, err := g.meant(ctx, token, who)
	if err != nil {
		return nil, "", err
	}
	o, err = g.open(ctx, ByOIDC, from, func(tx *db.Tx) (int64, error) {
		if err := spend(ctx, tx, kept, g.o.Now().Add(10*time.Minute)); err != nil {
			return 0, refused()
		}
		return id, g.identify(ctx, tx, id, token.Issuer, token.Subject)
	})
	return o, l.Next, err
}

// meant is the account of whom the single sign-on names.
func (g *Gate) meant(ctx context.Context, token *oidc.IDToken, who claimed) (int64, error) {
	id, err := g.identified(ctx, token.Issuer, token.Subject)
	if !fault.Is(err, fault.NotFound) {
		return id, err
	}
	if who.email() == "" {
		return 0, refused()
	}
	publication, err := g.o.Publication(ctx)
	if err != nil {
		return 0, err
	}
	a, err := g.ByEmail(ctx, publication, who.email())
	if fault.Is(err, fault.NotFound) {
		return 0, refused()
	}
	return a.ID, err
}

// redeem turns a code into what the issuer has signed.
func (s *sso) redeem(ctx context.Context, l leaving, code string, now func() time.Time) (*oidc.IDToken, error) {
	p, err := s.found(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, outbound.Configured())
	got, err := s.config(p).Exchange(ctx, code, oauth2.VerifierOption(l.Verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := got.Extra("id_token").(string)
	token, err := p.Verifier(&oidc.Config{ClientID: s.o.ClientID, Now: now}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(l.Nonce)) != 1 || strings.TrimSpace(token.Subject) == "" {
		return nil, fault.New(fault.Forbidden, "another sign-in was meant")
	}
	return token, nil
}
