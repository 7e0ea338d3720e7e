package media

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"dateline/internal/fault"
)

const svgHead = `<svg xmlns="http://www.w3.org/2000/svg">`

func TestCleanSVG(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"script", `<script>alert(1)</script><path d="M0 0h1"/>`, `<path d="M0 0h1"></path>`},
		{"handlers", `<path onclick="alert(1)" onload="x" d="M0 0"/>`, `<path d="M0 0"></path>`},
		{"html inside", `<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="x"/></body></foreignObject><g/>`, `<g></g>`},
		{"html named as svg", `<iframe src="https://evil.example"/><g/>`, `<g></g>`},
		{"link", `<a href="javascript:alert(1)"><text>читать</text></a>`, `<text>читать</text>`},
		{"use from elsewhere", `<use href="https://evil.example/a.svg#x"/><use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#x"/>`, `<use></use><use href="#x"></use>`},
		{"image from elsewhere", `<image href="https://evil.example/a.png"/><image href="data:image/svg+xml;base64,AAAA"/><image href="data:image/png;base64,AAAA" width="1"/>`,
			`<image href="data:image/png;base64,AAAA" width="1"></image>`},
		{"fill from elsewhere", `<path fill="url(https://evil.example/#x)" stroke="url(#ok)"/>`, `<path stroke="url(#ok)"></path>`},
		{"style attribute", `<path style="fill:url(#g);opacity:.5"/><path style="background:url('//evil.example')"/><path style="fill:u\72l(//evil.example)"/>`,
			`<path style="fill:url(#g);opacity:.5"></path><path></path><path></path>`},
		{"style sheet", `<style>.a{fill:#fff} g > .b{mask:url("#m")}</style>`, `<style>.a{fill:#fff} g &gt; .b{mask:url(&quot;#m&quot;)}</style>`},
		{"style sheet that loads", `<style>@import "//evil.example/x.css";</style><style>.a{fill:url(//evil.example)}</style><style>@IMPORT'x'</style>`, ``},
		{"comment around quotes", `<style>a{content:"/*";background:url(//evil.example) /* "*/ }</style>`, ``},
		{"joined by what is dropped", "<path style=\"fill:u\u007frl(//evil.example)\"/><style>@im\ufdd0port 'x'</style>", `<path></path>`},
		{"animation", `<rect><animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onclick" to="alert(1)"/></rect>`, `<rect></rect>`},
		{"editor's own", `<metadata xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:RDF>Автор</rdf:RDF></metadata><g xmlns:i="http://ns.adobe.com/i" i:layer="x" i:href="y" id="a"/>`, `<g id="a"></g>`},
		{"gradients and clips", `<defs><linearGradient id="g" gradientTransform="rotate(9)"><stop offset="1" stop-color="red"/></linearGradient><clipPath id="c"><circle r="2"/></clipPath></defs><path clip-path="url(#c)" fill="url('#g')"/>`,
			`<defs><linearGradient id="g" gradientTransform="rotate(9)"><stop offset="1" stop-color="red"></stop></linearGradient><clipPath id="c"><circle r="2"></circle></clipPath></defs><path clip-path="url(#c)" fill="url(&#39;#g&#39;)"></path>`},
		{"comments and instructions", `<!-- <script> --><?xml-stylesheet href="//evil.example"?><g/>`, `<g></g>`},
		{"text", `<title>A &lt;b&gt; &amp; "c"</title>`, `<title>A &lt;b&gt; &amp; &quot;c&quot;</title>`},
	} {
		out, _, err := cleanSVG([]byte(svgHead + c.in + "</svg>"))
		want := strings.ReplaceAll(svgHead+c.want+"</svg>", "&#39;", "'")
		if err != nil || string(out) != want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, out, want)
		}
	}
}

func TestSVGPrologue(t *testing.T) {
	in := `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "x" "y" [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY big "&ns;&ns;">]>` +
		`<svg xmlns="&ns;" viewBox="0 0 10 20"><g/></svg>`
	out, size, err := cleanSVG([]byte(in))
	if err != nil || size != (shape{10, 20}) || string(out) != `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><g></g></svg>` {
		t.Errorf("%s %v %v", out, size, err)
	}
}

func TestRefusedSVG(t *testing.T) {
	deep := strings.Repeat("<g>", 300) + strings.Repeat("</g>", 300)
	var bomb strings.Builder
	for i := range 12 {
		fmt.Fprintf(&bomb, `<g id="b%d">%s</g>`, i+1, strings.Repeat(fmt.Sprintf(`<use href="#b%d"/>`, i), 10))
	}
	var patterns strings.Builder
	for i := range 12 {
		fmt.Fprintf(&patterns, `<pattern id="b%d">%s</pattern>`, i+1, strings.Repeat(fmt.Sprintf(`<path fill="url(#b%d)"/>`, i), 10))
	}
	for name, in := range map[string]string{
		"no xml": svgHead + "<g></svg>", "html": "<html><svg/></html>", "nothing": "", "two": svgHead + "</svg><svg/>", "deep": svgHead + deep + "</svg>",
		"entities": `<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>` + svgHead + "<text>&b;</text></svg>", "outside": `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + svgHead + "<text>&a;</text></svg>",
		"uses": svgHead + `<rect id="b0"/>` + bomb.String() + "</svg>", "patterns": svgHead + `<rect id="b0"/>` + patterns.String() + "</svg>",
		"encoding": `<?xml version="1.0" encoding="windows-1251"?>` + svgHead + "</svg>", "not closed": svgHead + "<g>",
	} {
		if out, _, err := cleanSVG([]byte(in)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v %.80s", name, err, out)
		}
	}
	circle := svgHead + `<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>`
	if _, _, err := cleanSVG([]byte(circle)); err != nil {
		t.Errorf("a circle, which browsers do not draw: %v", err)
	}
}

func TestSVGSize(t *testing.T) {
	for _, c := range []struct {
		attrs string
		want  shape
	}{
		{`width="20" height="10.4px"`, shape{20, 10}}, {`viewBox="0 0 800 400"`, shape{800, 400}}, {`width="200" viewBox="0,0,800,400"`, shape{200, 100}},
		{`height="1in" viewBox="0 0 2 1"`, shape{192, 96}}, {``, shape{300, 150}}, {`width="100%" height="100%" viewBox="0 0 5 6"`, shape{5, 6}},
		{`width="1e99" height="-5"`, shape{9999, 150}}, {`width="0" height="0"`, shape{300, 150}},
	} {
		_, size, err := cleanSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg" ` + c.attrs + `/>`))
		if err != nil || size != c.want {
			t.Errorf("%s: %v %v, want %v", c.attrs, size, err, c.want)
		}
	}
}

func FuzzSVG(f *testing.F) {
	for _, s := range []string{
		`<script>x</script><a href="javascript:x"><text>t</text></a>`, `<style>.a{fill:url(#x)}</style><path style="fill:url( '#y' )" onload="x"/>`,
		`<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/><image href="data:image/png;base64,AA=="/>`, "<g id='a'>\r\n<![CDATA[<script>]]></g>",
	} {
		f.Add([]byte(svgHead + s + "</svg>"))
	}
	f.Add([]byte(`<!DOCTYPE svg [<!ENTITY a "x">]><svg>&a;</svg>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, size, err := cleanSVG(in)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		again, size2, err := cleanSVG(out)
		if err != nil || !bytes.Equal(out, again) || size != size2 {
			t.Fatalf("cleaned twice: %v\n%s\n%s", err, out, again)
		}
		d := xml.NewDecoder(bytes.NewReader(out))
		for {
			tok, err := d.Token()
			if tok == nil {
				if !strings.Contains(fmt.Sprint(err), "EOF") {
					t.Fatal(err)
				}
				break
			}
			e, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			if !svgElements[e.Name.Local] || e.Name.Space != svgSpace {
				t.Fatalf("element %v", e.Name)
			}
			for _, a := range e.Attr {
				low := strings.ToLower(a.Value)
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" && !strings.HasPrefix(low, "#") && !strings.HasPrefix(low, "data:image/") {
					t.Fatalf("attribute %v", a)
				}
			}
		}
	})
}
