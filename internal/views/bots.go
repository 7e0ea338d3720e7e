package views

import "strings"

// botWords are parts of the names by which programs that are no readers call
// themselves, in lower case: crawlers, previews of links, monitors, libraries,
// browsers without a screen.
var botWords = []string{
	"bot", "crawl", "spider", "slurp", "scrap", "archiver", "fetcher", "feed", "rss", "reader/", "validator", "checker", "monitor", "uptime",
	"pingdom", "statuscake", "gtmetrix", "lighthouse", "pagespeed", "headless", "phantomjs", "puppeteer", "playwright", "selenium", "cypress",
	"preview", "facebookexternalhit", "facebookcatalog", "whatsapp/", "telegram", "vkshare", "skypeuri", "embedly", "quora link", "outbrain", "pinterest/0",
	"curl/", "wget/", "httpie", "python", "aiohttp", "httpx", "okhttp", "java/", "apache-httpclient", "go-http-client", "libwww", "lwp::",
	"ruby", "php/", "guzzle", "node-fetch", "axios", "undici", "got (", "winhttp", "dart:io", "perl", "scan", "nmap", "nikto", "sqlmap", "zgrab", "masscan",
	"mediapartners", "adsbot", "apis-google", "google-read-aloud", "duplexweb", "bingpreview", "yandex.com/bots", "mail.ru_", "baidu", "sogou", "ia_archiver",
	"w3c_", "ahrefs", "semrush", "mj12", "dataforseo", "petalsearch", "bytespider", "gptbot", "claude", "anthropic", "perplexity", "ccbot", "cohere",
	"dynatrace", "datadog", "newrelic", "site24x7", "prerender", "wappalyzer", "http_request", "indexer", "daum", "netcraft", "expanse", "censys", "proximic",
}

// IsBot reports whether an agent is no reader. An agent that does not say who
// it is is none: every browser does.
func IsBot(agent string) bool {
	if len(agent) < 12 || len(agent) > 1024 || !strings.Contains(agent, "/") {
		return true
	}
	a := strings.ToLower(agent)
	// CUBOT is a make of phones, and its browsers say so.
	a = strings.ReplaceAll(a, "cubot", "")
	for _, w := range botWords {
		if strings.Contains(a, w) {
			return true
		}
	}
	return !strings.HasPrefix(a, "mozilla/") && !strings.HasPrefix(a, "opera/") && !strings.HasPrefix(a, "w3m/") &&
		!strings.HasPrefix(a, "lynx/") && !strings.HasPrefix(a, "links") && !strings.HasPrefix(a, "elinks/")
}
