package views

import "testing"

func TestFromHost(t *testing.T) {
	for told, want := range map[string]From{
		"":                                    {Source: None},
		"lamp.example":                        {Source: Own},
		"www.lamp.example":                    {Source: Own},
		"www.google.com":                      {Source: Search},
		"google.co.uk":                        {Source: Search},
		"www.google.kz":                       {Source: Search},
		"google.com.evil.example":             {Source: Other, Host: "google.com.evil.example"},
		"notgoogle.com":                       {Source: Other, Host: "notgoogle.com"},
		"mail.google.com":                     {Source: Mail},
		"news.google.com":                     {Source: Feed},
		"yandex.ru":                           {Source: Search},
		"mail.yandex.kz":                      {Source: Mail},
		"t.me":                                {Source: Social},
		"not.me":                              {Source: Other, Host: "not.me"},
		"l.facebook.com":                      {Source: Social},
		"org.telegram.messenger":              {Source: Social},
		"feedly.com":                          {Source: Feed},
		"https://Some.Example/a?who=roza":     {Source: Other, Host: "some.example"},
		"some.example:8080":                   {Source: Other, Host: "some.example"},
		"192.0.2.7":                           {Source: None},
		"router":                              {Source: None},
		"<b>x</b>.example":                    {Source: None},
		"xn--80aswg.xn--p1ai":                 {Source: Other, Host: "xn--80aswg.xn--p1ai"},
		"-.example":                           {Source: None},
		"a" + string(make([]byte, 200)) + ".": {Source: None},
	} {
		if got := FromHost(told, "https://lamp.example:8443"); got != want {
			t.Errorf("%.60q: %v, want %v", told, got, want)
		}
	}
	if got := FromHost("localhost", "http://localhost:8080"); got.Source != Own {
		t.Errorf("our own page on this machine: %v", got)
	}
}

func FuzzFromHost(f *testing.F) {
	f.Add("https://www.google.com/search?q=x")
	f.Add("t.me")
	f.Fuzz(func(t *testing.T, told string) {
		from := FromHost(told, "lamp.example")
		if from.Source != Other && from.Host != "" || len(from.Host) > maxHost || from.Host != hostOf(from.Host) && from.Host != "" {
			t.Errorf("%q: %v", told, from)
		}
	})
}
