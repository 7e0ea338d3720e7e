package views

import (
	"net/url"
	"slices"
	"strings"
)

// Source is the kind of site from which somebody came to a page.
type Source string

// The sources, in the order in which the desk shows what is equal.
const (
	Own    Source = "own"    // another page of ours
	Search Source = "search" // a search engine
	Social Source = "social" // a social network or messenger
	Mail   Source = "mail"   // mail that is read in a browser or an application that tells
	Feed   Source = "feed"   // a reader of feeds, an aggregator
	Other  Source = "other"  // any other site
	None   Source = "none"   // nowhere, or nobody told
)

// Sources are all of them.
func Sources() []Source { return []Source{Own, Search, Social, Mail, Feed, Other, None} }

// From is from where somebody came. Host is the site's name, of Other alone.
type From struct {
	Source Source
	Host   string
}

// known are the sites that say what they are by their names, the longer names first
// where one ends in another. A name that ends in a dot stands for every country's.
var known = []struct {
	Source
	hosts []string
}{
	{Mail, []string{"mail.google.", "com.google.android.gm", "mail.yandex.", "ru.yandex.mail", "e.mail.ru", "touch.mail.ru", "ru.mail.mailapp", "mail.rambler.ru",
		"outlook.live.com", "outlook.office.com", "outlook.office365.com", "com.microsoft.office.outlook", "mail.yahoo.com", "mail.proton.me", "app.fastmail.com",
		"navigator.gmx.", "icloud.com", "mail.kz"}},
	{Feed, []string{"feedly.com", "inoreader.com", "newsblur.com", "theoldreader.com", "netvibes.com", "feedbin.com", "bazqux.com", "freshrss.org", "flipboard.com",
		"smartnews.com", "news.google.", "dzen.ru", "zen.yandex.", "newsapp.com", "getpocket.com", "instapaper.com", "com.google.android.apps.magazines"}},
	{Search, []string{"google.", "com.google.android.googlequicksearchbox", "bing.com", "yandex.", "ya.ru", "ru.yandex.searchplugin", "duckduckgo.com", "search.yahoo.com",
		"yahoo.co.jp", "baidu.com", "sogou.com", "so.com", "naver.com", "seznam.cz", "ecosia.org", "qwant.com", "startpage.com", "search.brave.com", "kagi.com", "mojeek.com",
		"nova.rambler.ru", "go.mail.ru", "search.marginalia.nu"}},
	{Social, []string{"t.me", "telegram.org", "telegram.me", "org.telegram.messenger", "org.telegram.messenger.web", "vk.com", "vk.ru", "com.vkontakte.android", "ok.ru",
		"ru.ok.android", "facebook.com", "fb.com", "com.facebook.katana", "instagram.com", "threads.net", "threads.com", "twitter.com", "x.com", "t.co",
		"com.twitter.android", "linkedin.com", "lnkd.in", "com.linkedin.android", "reddit.com", "com.reddit.frontpage", "youtube.com", "tiktok.com", "whatsapp.com", "wa.me",
		"com.whatsapp", "viber.com", "pinterest.com", "mastodon.social", "bsky.app", "discord.com", "slack.com", "com.slack", "livejournal.com", "weibo.com", "line.me"}},
}

const maxHost = 100 // signs

// FromHost tells a kind of site by its name, as a browser gives it: what it sends of
// the page before, a name or an address. own is the name that this site has for
// whoever asks.
func FromHost(told, own string) From {
	host := hostOf(told)
	if host == "" {
		return From{Source: None}
	}
	if own = hostOf(own); host == own {
		return From{Source: Own}
	}
	for _, k := range known {
		if slices.ContainsFunc(k.hosts, func(name string) bool { return named(host, name) }) {
			return From{Source: k.Source}
		}
	}
	return From{Source: Other, Host: host}
}

// named tells whether a host is a site or below it.
func named(host, name string) bool {
	if bare, ok := strings.CutSuffix(name, "."); ok {
		for host != "" {
			if rest, ok := strings.CutPrefix(host, bare+"."); ok && strings.Count(rest, ".") <= 1 {
				return true
			}
			_, host, _ = strings.Cut(host, ".")
		}
		return false
	}
	return host == name || strings.HasSuffix(host, "."+name)
}

// hostOf is the name of a site, in small letters and without "www."; empty for what
// is none, a number of the network among it.
func hostOf(s string) string {
	if strings.Contains(s, "/") {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		s = u.Host
	}
	s, _, _ = strings.Cut(s, ":")
	s = strings.TrimPrefix(strings.ToLower(s), "www.")
	dot := strings.LastIndexByte(s, '.')
	if len(s) > maxHost || s == "" || s[0] == '.' || s[0] == '-' || s != "localhost" && (dot < 0 || dot == len(s)-1 || s[dot+1] <= '9') {
		return ""
	}
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return ""
		}
	}
	return s
}
