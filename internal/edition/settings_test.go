package edition

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/lang"
)

// Every setting explains itself in every language and accepts its default.
func TestSettingsExplainThemselves(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings() {
		if seen[s.Key] {
			t.Errorf("%s stands twice", s.Key)
		}
		seen[s.Key] = true
		for _, tag := range lang.Known() {
			if !lang.Of(tag).Has(s.HelpKey()) {
				t.Errorf("%s: no words in %s", s.Key, tag)
			}
		}
		if got, err := s.Canonical(s.Default); s.Key != "name" && (err != nil || got != s.Default) {
			t.Errorf("%s: its default is %q, %v", s.Key, got, err)
		}
		if (s.Kind == Choice) != (len(s.Choices) > 0) {
			t.Errorf("%s: a choice among %q", s.Key, s.Choices)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ key, in, want, why string }{
		{"accent", " #0E5A45 ", "#0e5a45", ""}, {"accent", "fff", "#ffffff", ""}, {"accent", "green", "", "colour"}, {"accent", "#12345", "", "colour"},
		{"name", "The Lamp", "The Lamp", ""}, {"name", "", "", "empty"}, {"name", strings.Repeat("ә", 81), "", "long"}, {"name", "a\nb", "", "control"}, {"name", "a\xffb", "", "utf8"},
		{"colophon", "one\r\n\r\ntwo ", "one\n\ntwo", ""},
		{"contact", "editors@lamp.example", "editors@lamp.example", ""}, {"contact", "Editors <editors@lamp.example>", "", "email"}, {"contact", "nobody", "", "email"},
		{"theme", "default", "default", ""}, {"theme", "../x", "", "choice"},
		{"logo", "17", "17", ""}, {"logo", "logo.png", "", "medium"}, {"logo", "0", "", "medium"}, {"logo", "-3", "", "medium"},
		{"menu", "3\n\n 1\n3", "3\n1", ""}, {"menu", "town", "", "topics"},
		{"follow", "Telegram|https://t.example/lamp| telegram\n\nVK | https://vk.example/lamp", "Telegram | https://t.example/lamp | telegram\nVK | https://vk.example/lamp", ""},
		{"follow", "Telegram", "", "links"}, {"follow", "# Heading", "", "links"}, {"follow", "X | javascript:alert(1)", "", "link_url"},
		{"footer", "#Us\nAbout | /about", "# Us\nAbout | /about", ""}, {"footer", "About | //evil.example", "", "link_url"}, {"footer", "About | https://a:b@evil.example/", "", "link_url"},
		{"websub_hub", "https://hub.example/", "https://hub.example/", ""}, {"websub_hub", "hub.example", "", "url"}, {"websub_hub", "https://", "", "url"},
		{"dzen", "Yes", "true", ""}, {"dzen", "жоқ", "false", ""}, {"dzen", "maybe", "", "bool"},
		{"security_contact", "mailto:a@lamp.example\nhttps://lamp.example/security", "mailto:a@lamp.example\nhttps://lamp.example/security", ""},
		{"security_contact", "a@lamp.example", "", "line"}, {"security_contact", "http://lamp.example", "", "line"},
		{"trust_txt", "# ours\nsocial=https://t.example/lamp", "# ours\nsocial=https://t.example/lamp", ""}, {"trust_txt", "friend=https://x.example", "", "line"},
		{"ads_txt", "ads.example, 123, DIRECT, f08c47fec0942fa0\ncontact=ads@lamp.example", "ads.example, 123, DIRECT, f08c47fec0942fa0\ncontact=ads@lamp.example", ""}, {"ads_txt", "ads.example, 123", "", "line"},
		{"founded", "1998-04", "1998-04", ""}, {"founded", "in May", "", "date"},
		{"policy_ethics", "/ethics", "/ethics", ""}, {"policy_ethics", "/a b", "", "url"},
	} {
		s, err := Lookup(c.key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Canonical(c.in)
		if c.why == "" {
			if err != nil || got != c.want {
				t.Errorf("%s %q: %q, %v; want %q", c.key, c.in, got, err, c.want)
			}
			continue
		}
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Kind != fault.Invalid || f.Field != c.key || f.Word != "setting.wrong."+c.why {
			t.Errorf("%s %q: %v, want the fault %s", c.key, c.in, err, c.why)
		}
	}
	if _, err := Lookup("colour"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown key: %v", err)
	}
}

// What is taken is taken again as it is: a stored value never becomes a bad one.
func FuzzCanonical(f *testing.F) {
	for _, s := range Settings() {
		f.Add(s.Key, "Name | https://x.example\n# a")
	}
	f.Add("security_contact", "mailto:a@b")
	f.Fuzz(func(t *testing.T, key, value string) {
		s, err := Lookup(key)
		if err != nil {
			return
		}
		once, err := s.Canonical(value)
		if err != nil {
			return
		}
		if twice, err := s.Canonical(once); err != nil || twice != once {
			t.Errorf("%s %q → %q → %q, %v", key, value, once, twice, err)
		}
	})
}

func TestSetAndGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), New(d)
		site := setup(t, d, s)
		ru, _ := site.ByLang("ru")
		var changed []string
		d.OnChange(func(tags []string) { changed = slices.Sorted(slices.Values(tags)) })
		set := func(key, lang, value string, tags ...string) {
			t.Helper()
			write(t, d, func(tx *db.Tx) error { return s.Set(ctx, tx, key, lang, value) })
			slices.Sort(tags)
			if diff := cmp.Diff(tags, changed); diff != "" {
				t.Errorf("%s announces (-want +got):\n%s", key, diff)
			}
		}
		get := func(key, lang, want string) {
			t.Helper()
			v, err := s.Settings(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Get(key, lang); got != want {
				t.Errorf("%s in %q: %q, want %q", key, lang, got, want)
			}
		}
		get("logo", "ru", "")
		set("logo", "", "7", "setting:logo", "settings")
		set("logo", "ru", "8", "setting:logo", tag(ru.ID))
		get("logo", "ru", "8")
		get("logo", "kk", "7")
		set("logo", "RU", "", "setting:logo", tag(ru.ID))
		get("logo", "ru", "7")
		set("websub_hub", "", "https://hub.example/", "setting:websub_hub")
		get("websub_hub", "kk", "https://hub.example/")
		get("dzen", "", "false")

		set("tagline", "kk", "дала жаңалықтары", "publication", "setting:tagline", "settings", tag(site.Editions[2].ID))
		get("tagline", "kk", "дала жаңалықтары")
		if site, err := s.Site(ctx); err != nil || site.Editions[2].Tagline != "дала жаңалықтары" {
			t.Errorf("the edition: %+v, %v", site.Editions, err)
		}
		set("follow", "ru", "Телеграм | https://t.example/lamp | telegram", "setting:follow", tag(ru.ID))
		get("follow", "ru", "Телеграм | https://t.example/lamp | telegram")
		if links, err := s.FollowLinks(ctx, ru.ID); err != nil || len(links) != 1 || links[0].Kind != "telegram" {
			t.Errorf("links: %v, %v", links, err)
		}
		for _, c := range []struct{ key, lang, value, why string }{
			{"accent", "", "#ffff00", "contrast"}, {"accent_dark", "", "#202020", "contrast"}, {"lamp", "", "#202020", "contrast"},
			{"accent", "ru", "#0e5a45", "publication"}, {"name", "", "X", "which_edition"}, {"follow", "", "A | /a", "which_edition"}, {"logo", "fr", "7", "edition"},
		} {
			err := d.Tx(ctx, db.Desk, func(tx *db.Tx) error { return s.Set(ctx, tx, c.key, c.lang, c.value) })
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || f.Word != "setting.wrong."+c.why {
				t.Errorf("%s %s %q: %v, want %s", c.key, c.lang, c.value, err, c.why)
			}
			if text, _ := lang.Of("ru").Say(err); ok && c.value == "#ffff00" && !strings.Contains(text, "1,07 : 1") {
				t.Errorf("%s: the figure is not told: %v", c.key, err)
			}
		}
		set("accent", "", "#7a1f3d", "setting:accent", "settings")
		v, err := s.Settings(ctx)
		if err != nil || v.Looks().Accent != "#7a1f3d" || len(v.Bad) != 0 || len(v.Unknown()) != 0 {
			t.Errorf("looks %+v, bad %v, %v", v.Looks(), v.Bad, err)
		}
	})
}

// A value that today's rules refuse, and a key of another program, reach no page.
func TestStoredNonsense(t *testing.T) {
	d := dbtest.New(t)
	ctx, s := context.Background(), New(d)
	pub := setup(t, d, s).Publication.ID
	write(t, d, func(tx *db.Tx) error {
		for key, value := range map[string]string{"accent": "url(x)", "logo@ru": "a", "of_tomorrow": "1", "dzen": "true"} {
			if _, err := tx.Exec(ctx, "INSERT INTO setting (publication_id, key, value) VALUES ($1, $2, $3)", pub, key, value); err != nil {
				return err
			}
		}
		tx.Changed("settings")
		return nil
	})
	v, err := s.Settings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if v.Get("accent", "") != "" || v.ID("logo", "ru") != 0 || !v.Bool("dzen", "") {
		t.Error("nonsense is taken")
	}
	if len(v.Bad) != 2 || v.Bad[0].Key != "accent" || v.Bad[1].Lang != "ru" {
		t.Errorf("bad: %+v", v.Bad)
	}
	if diff := cmp.Diff([]string{"of_tomorrow"}, v.Unknown()); diff != "" {
		t.Error(diff)
	}
}
