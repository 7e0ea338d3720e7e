package wordpress

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// widgetOf tells whether an element is one that a script fills, what it shows,
// and what an editor is told where nobody can say.
func widgetOf(name string, a map[string]string) (widget, bool) {
	class := strings.Fields(a["class"])
	is := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(class, n) })
	}
	shows := func(address, title string) (widget, bool) { return widget{address: address, title: title}, true }
	switch name {
	case "fb:post", "fb:video":
		return shows(absoluteURL(a["href"]), "")
	case "a":
		if a["data-pin-do"] == "embedPin" || a["data-pin-do"] == "embedBoard" {
			return shows(absoluteURL(a["href"]), "")
		}
		return widget{}, false
	case "oembed":
		return shows(absoluteURL(a["url"]), "")
	case "div", "section", "blockquote", "span":
	default:
		return widget{}, false
	}
	for _, key := range []string{"data-instgrm-permalink", "data-text-post-permalink", "data-pym-src", "data-oembed-url", "data-embed-url"} {
		if to := absoluteURL(a[key]); to != "" {
			return shows(to, "")
		}
	}
	id := strings.TrimSpace(a["data-id"])
	switch {
	case is("fb-post", "fb-video", "fb-page", "fb-comment-embed"):
		return shows(absoluteURL(a["data-href"]), "")
	case is("tiktok-embed"):
		if to := absoluteURL(a["cite"]); to != "" {
			return shows(to, "")
		} else if n := a["data-video-id"]; plainID.MatchString(n) {
			return shows("https://www.tiktok.com/embed/v2/"+n, "")
		}
	case is("infogram-embed") && plainID.MatchString(id):
		return shows("https://e.infogram.com/"+id, a["data-title"])
	case is("flourish-embed"):
		src, _, _ := strings.Cut(a["data-src"], "?")
		if to := absoluteURL(a["data-url"]); to != "" {
			return shows(to, "")
		} else if flourish.MatchString(src) {
			return shows("https://public.flourish.studio/"+src+"/", "")
		}
	case is("imgur-embed-pub") && imgur.MatchString(id):
		return shows("https://imgur.com/"+id, "")
	case is("bluesky-embed"):
		if m := bluesky.FindStringSubmatch(a["data-bluesky-uri"]); m != nil {
			return shows("https://bsky.app/profile/"+m[1]+"/post/"+m[2], "")
		}
	case is("typeform-widget") && absoluteURL(a["data-url"]) != "":
		return shows(absoluteURL(a["data-url"]), "")
	case is("issuuembed") && issuu.MatchString(a["data-configid"]):
		return shows("https://e.issuu.com/embed.html#"+a["data-configid"], "")
	}
	// Posts of these have their own address in the last of their links.
	if name == "blockquote" {
		return widget{last: true}, is("twitter-tweet", "twitter-video", "instagram-media", "text-post-media", "reddit-card", "reddit-embed-bq",
			"imgur-embed-pub", "bluesky-embed", "mastodon-embed", "tiktok-embed")
	}
	if name == "span" || !filled(a) {
		return widget{}, false
	}
	return widget{lost: called(name, a)}, true
}

var (
	plainID  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	flourish = regexp.MustCompile(`^(?:visualisation|story)/\d+$`)
	imgur    = regexp.MustCompile(`^(?:a/)?[A-Za-z0-9]{2,20}$`)
	bluesky  = regexp.MustCompile(`^at://(did:[a-z]+:[A-Za-z0-9.:_-]+)/app\.bsky\.feed\.post/([A-Za-z0-9]+)$`)
	issuu    = regexp.MustCompile(`^\d+/\d+$`)
	altText  = regexp.MustCompile(`(?is)<img[^>]*\salt\s*=\s*(?:"([^"]*)"|'([^']*)')`)

	// What plugins and services call what they fill.
	widgetName = regexp.MustCompile(`(?i)embed|widget|player|chart|graph|\bmap|poll|quiz|survey|video|audio|slider|timeline|\bvk_`)
)

// filled tells an element, should it be empty, from one that merely stands in
// a layout: its name is that of a service's, or it has data for a script.
func filled(a map[string]string) bool {
	if widgetName.MatchString(a["class"] + " " + a["id"]) {
		return true
	}
	for _, key := range []string{"data-id", "data-item", "data-game", "data-key"} {
		if a[key] != "" {
			return true
		}
	}
	for key, value := range a {
		if strings.HasPrefix(key, "data-") && absoluteURL(value) != "" {
			return true
		}
	}
	return false
}

// called names an element for an editor who looks for it: its class or id, and
// the address or number that it has.
func called(name string, a map[string]string) string {
	switch {
	case a["class"] != "":
		name += " " + a["class"]
	case a["id"] != "":
		name += " " + a["id"]
	}
	best := ""
	for key, value := range a {
		if strings.HasPrefix(key, "data-") && absoluteURL(value) != "" && (best == "" || value < best) {
			best = value
		}
	}
	if best == "" {
		best = firstOf(a["data-id"], a["data-item"], a["data-game"], a["data-key"])
	}
	return oneLine(strings.TrimSpace(name + " " + best))
}

var (
	vkPost     = regexp.MustCompile(`VK\.Widgets\.Post\(\s*["']([^"']+)["']\s*,\s*["']?(-?\d+)["']?\s*,\s*["']?(\d+)`)
	vkPlaylist = regexp.MustCompile(`VK\.Widgets\.Playlist\(\s*["']([^"']+)["']\s*,\s*["']?(-?\d+)["']?\s*,\s*["']?(\d+)`)
	vkArticle  = regexp.MustCompile(`VK\.Widgets\.Article\(\s*["']([^"']+)["']\s*,\s*["']@?([A-Za-z0-9._-]+)["']`)
	telegram   = regexp.MustCompile(`^[A-Za-z0-9_]+/\d+$`)
	chartPath  = regexp.MustCompile(`^/([A-Za-z0-9]{4,8})/`)
)

// scripted is what a script shows: its address, its title, and the id of the
// element that it fills. Empty: it shows nothing that we know.
func scripted(a map[string]string, text string) (address, title, fills string) {
	for _, w := range []struct {
		in *regexp.Regexp
		to string
	}{{vkPost, "https://vk.com/wall"}, {vkPlaylist, "https://vk.com/music/playlist/"}} {
		if m := w.in.FindStringSubmatch(text); m != nil {
			return w.to + m[2] + "_" + m[3], "", m[1]
		}
	}
	if m := vkArticle.FindStringSubmatch(text); m != nil {
		return "https://vk.com/@" + m[2], "", m[1]
	}
	for _, key := range []string{"data-telegram-post", "data-telegram-discussion"} {
		if telegram.MatchString(a[key]) {
			return "https://t.me/" + a[key], "", ""
		}
	}
	u, err := url.Parse(absoluteURL(a["src"]))
	if err != nil || u.Host == "" {
		return "", "", ""
	}
	path, isScript := strings.CutSuffix(u.Path, ".js")
	switch host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."); {
	case host == "gist.github.com" && isScript && strings.Count(path, "/") <= 2 && len(path) > 1:
		return "https://gist.github.com" + path, "", ""
	case host == "e.infogram.com" || host == "e.infogr.am":
		id := strings.TrimPrefix(a["id"], "infogram_0_")
		if id == "" || id == a["id"] {
			id, _, _ = strings.Cut(u.RawQuery, "&")
		}
		if plainID.MatchString(id) {
			return "https://e.infogram.com/" + id, a["title"], ""
		}
	case host == "datawrapper.dwcdn.net":
		if m := chartPath.FindStringSubmatch(u.Path); m != nil {
			return "https://datawrapper.dwcdn.net/" + m[1] + "/", a["title"], ""
		}
	case host == "api-maps.yandex.ru" && strings.Contains(u.Path, "/constructor/"):
		if um := u.Query().Get("um"); um != "" {
			return "https://yandex.ru/maps/?um=" + url.QueryEscape(um), "", ""
		} else if sid := u.Query().Get("sid"); sid != "" {
			return "https://yandex.ru/maps/?um=" + url.QueryEscape("constructor:"+sid), "", ""
		}
	case (host == "content.jwplatform.com" || host == "cdn.jwplayer.com") && isScript && strings.HasPrefix(path, "/players/"):
		return "https://" + host + path + ".html", "", ""
	case (host == "secure.polldaddy.com" || host == "static.polldaddy.com" || host == "secure.crowdsignal.com") && isScript && strings.HasPrefix(path, "/p/"):
		return "https://poll.fm/" + path[len("/p/"):], "", ""
	case host == "asciinema.org" && isScript && strings.HasPrefix(path, "/a/"):
		return "https://asciinema.org" + path, "", ""
	case host == "speakerdeck.com" && plainID.MatchString(a["data-id"]):
		return "https://speakerdeck.com/player/" + a["data-id"], "", ""
	}
	return "", "", ""
}

// loaders are scripts that fill the widgets of a page and show nothing by
// themselves: nobody misses them.
var loaders = []string{
	"platform.twitter.com/", "platform.x.com/", "instagram.com/embed", "tiktok.com/embed", "connect.facebook.net/", "vk.com/js/api/openapi",
	"public.flourish.studio/resources/", "flourish.rocks/", "/pym.", "embed.reddit", "pinterest.com/js/", "imgur.com/min/embed", "embed.bsky.app/",
	"threads.net/embed", "threads.com/embed", "InfogramEmbeds", "e.infogram.com/js", "embed.typeform.com/", "issuu.com/embed", "VK.init(",
}

func loads(s string) bool {
	return s != "" && slices.ContainsFunc(loaders, func(l string) bool { return strings.Contains(s, l) })
}
