package feed

import (
	"strings"
	"testing"
	"time"
)

func TestSecurityTxt(t *testing.T) {
	until := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	got, refused := SecurityTxt(Security{Contact: "editors@lamp.example https://lamp.example/report http://lamp.example/x tel:+7-701-000", Policy: "https://lamp.example/policy",
		Encryption: "ftp://lamp.example/key", Langs: []string{"en", "kk"}, Canonical: "https://lamp.example/.well-known/security.txt", Expires: until})
	want := "Contact: mailto:editors@lamp.example\nContact: https://lamp.example/report\nContact: tel:+7-701-000\nExpires: 2027-06-01T00:00:00Z\n" +
		"Preferred-Languages: en, kk\nCanonical: https://lamp.example/.well-known/security.txt\nPolicy: https://lamp.example/policy\n"
	if string(got) != want || len(refused) != 2 {
		t.Errorf("%s%v", got, refused)
	}
	for _, contact := range []string{"", "  ", "http://lamp.example/", "lamp.example", "mailto:", "mailto:a b", "javascript:x@y"} {
		if got, _ := SecurityTxt(Security{Contact: contact, Expires: until}); got != nil {
			t.Errorf("%q: %s", contact, got)
		}
	}
	if got, _ := SecurityTxt(Security{Contact: "a@b.example", Canonical: "http://localhost/x", Expires: until}); strings.Contains(string(got), "Canonical") {
		t.Error("RFC 9116 §2.5.2: a canonical address is https")
	}
}

func TestTrustTxt(t *testing.T) {
	got, refused := TrustTxt("# ours\nMember = https://news.example/\nmember=https://news.example/\nowner=https://x.example/\ndatatrainingallowed=NO\n"+
		"datatrainingallowed=yes\ncontact=editors@lamp.example\nsocial=lamp\nsocial", []string{"https://t.example/lamp", "/local"})
	want := "member=https://news.example/\ndatatrainingallowed=no\ncontact=editors@lamp.example\nsocial=https://t.example/lamp\n"
	if string(got) != want || len(refused) != 4 {
		t.Errorf("%s%v", got, refused)
	}
	if got, _ := TrustTxt("", []string{"https://t.example/lamp"}); got != nil {
		t.Errorf("nothing was set: %s", got)
	}
}

func TestAdsTxt(t *testing.T) {
	got, refused := AdsTxt("Ads.example, 12, direct, abc # ours\nads.example, 13, RESELLER;x=1\nOwnerDomain = no\nownerdomain=lamp.example\n" +
		"ads, 1, DIRECT\nads.example, , DIRECT\nads.example, 1, MAYBE\nads.example")
	want := "ads.example, 12, DIRECT, abc\nads.example, 13, RESELLER\nownerdomain=lamp.example\n"
	if string(got) != want || len(refused) != 5 {
		t.Errorf("%s%v", got, refused)
	}
	if got, refused := AdsTxt("\n#\n"); got != nil || refused != nil {
		t.Errorf("%s%v", got, refused)
	}
}

func TestRobotsTxt(t *testing.T) {
	got, refused := RobotsTxt([]string{"/search"}, []string{"/-/oembed"}, "Disallow: /x\nUser-agent: a\nUser-agent: b\nDisallow: /\nAllow: y\nDisallow:\nNoindex: /z\nSitemap: /s",
		[]string{"https://lamp.example/sitemap.xml"})
	want := "User-agent: *\nAllow: /-/oembed\nDisallow: /search\n\nUser-agent: a\nUser-agent: b\nDisallow: /\nDisallow:\n\nSitemap: https://lamp.example/sitemap.xml\n"
	if string(got) != want || len(refused) != 4 {
		t.Errorf("%s%v", got, refused)
	}
}

// FuzzTexts holds that whatever somebody sets, no line of another kind comes
// out, and what came out is taken again as it is.
func FuzzTexts(f *testing.F) {
	f.Add("member=https://x.example/\r\nsocial=https://y.example/#a")
	f.Add("a.example, 1, DIRECT\x00\u2028User-agent: *")
	f.Fuzz(func(t *testing.T, text string) {
		ads, _ := AdsTxt(text)
		if again, refused := AdsTxt(string(ads)); string(again) != string(ads) || len(refused) > 0 {
			t.Errorf("%q became %q: %v", ads, again, refused)
		}
		trust, _ := TrustTxt(text, nil)
		if again, refused := TrustTxt(string(trust), nil); string(again) != string(trust) || len(refused) > 0 {
			t.Errorf("%q became %q: %v", trust, again, refused)
		}
		robots, _ := RobotsTxt(nil, nil, text, nil)
		for _, l := range strings.Split(string(robots), "\n") {
			if name, _, ok := strings.Cut(l, ":"); l != "" && (!ok || !strings.Contains("user-agent allow disallow crawl-delay sitemap", strings.ToLower(name))) {
				t.Errorf("%q of %q", l, text)
			}
		}
		file, _ := SecurityTxt(Security{Contact: text, Policy: text})
		if n := strings.Count(string(file), "\nExpires: "); file != nil && n != 1 {
			t.Errorf("%d dates in %q", n, file)
		}
	})
}
