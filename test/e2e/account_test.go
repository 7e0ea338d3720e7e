//go:build e2e

package e2e

import (
	"context"
	"strings"
	"testing"
)

// A reader signs in by a link without any script, and by a passkey; every page on the way
// is as sound as those that everybody reads.
func TestReaderAccount(t *testing.T) {
	k := openDesk(t)
	link := func() string {
		t.Helper()
		list, err := k.app.Post.List(context.Background(), 0, 1)
		if err != nil || len(list) != 1 {
			t.Fatal("no letter", err)
		}
		for _, part := range list[0].Parts {
			if part.Path != "" {
				return k.url + part.Path
			}
		}
		t.Fatal("the letter leads nowhere")
		return ""
	}
	sound := func(*tab, string) {} // axe needs scripts
	enter := func(p *tab, edition string) {
		t.Helper()
		p.goTo(t, k.url+edition+"/account")
		sound(p, edition+" signing in")
		each(t, "kept on the device", "signing in", p.kept(t))
		p.write(t, "#f-email", "asel@lamp.example")
		p.submit(t, "#link button")
		p.arrived(t, edition+"/account/sent")
		sound(p, edition+" a letter is on its way")
		p.goTo(t, link())
		sound(p, edition+" what a link leads to")
		each(t, "kept on the device", "what a link leads to", p.kept(t))
		p.submit(t, ".account form button")
		p.arrived(t, edition+"/account")
	}

	p := k.b.open(t, k.url+"/kk/account", false, 1280, 900)
	enter(p, "/kk")
	if !strings.Contains(visibleText(t, p), "asel@lamp.example") || eval[bool](t, p, "document.querySelector('[data-passkey]').checkVisibility()") {
		t.Errorf("the account without scripts:\n%s", visibleText(t, p))
	}
	p.write(t, "#f-name", "Асель <b>")
	p.submit(t, "#profile button")
	if !eval[bool](t, p, "document.querySelector('#f-name').matches('[aria-invalid=true]')") {
		t.Error("a name that cannot be was taken")
	}
	p.write(t, "#f-name", "Асель")
	p.submit(t, "#profile button")
	p.arrived(t, "/kk/account/saved")
	p.submit(t, "#sessions > form button")
	p.arrived(t, "/kk/account")
	each(t, "kept after signing out", "signed out", p.kept(t))
	p.close()

	p = k.b.open(t, k.url+"/account", true, 1280, 900)
	p.attach(t)
	sound = func(p *tab, where string) { p.deskSound(t, where) }
	enter(p, "")
	p.press(t, "#passkeys > form button")
	p.arrived(t, "/account/added")
	p.deskSound(t, "the account with a passkey")
	p.submit(t, "#sessions > form button")
	p.arrived(t, "/account")
	p.submit(t, "#passkey button")
	p.arrived(t, "/account")
	if text := visibleText(t, p); !strings.Contains(text, "asel@lamp.example") || !strings.Contains(text, "by a passkey") {
		t.Fatalf("a passkey does not sign in:\n%s", text)
	}
	p.press(t, "#f-sure")
	p.submit(t, "#delete button")
	p.arrived(t, "/account/gone")
	p.deskSound(t, "the account is going")
	each(t, "kept after deletion", "gone", p.kept(t))
	p.quiet(t, "a reader's account")
	p.close()

	admin := k.signIn(k.chief)
	admin.goTo(t, k.url+"/desk/outbox")
	admin.press(t, "details summary")
	admin.deskSound(t, "/desk/outbox")
	admin.quiet(t, "the outbox")
	admin.close()
}
