package feed

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dateline/internal/lang"
)

// TextType is the content type of robots.txt, security.txt, trust.txt, ads.txt.
const TextType = "text/plain; charset=utf-8"

// The writers below give the file and what of the newsroom's own lines was
// left out because the format does not know it; an empty file means that
// nothing is left, and then there is none.

// Security are the fields of security.txt (RFC 9116). Each may hold several
// values, parted by white space.
type Security struct {
	Contact, Encryption, Policy string
	Langs                       []string // BCP 47, of those who read what comes in
	Canonical                   string   // where the file is; empty: not said
	Expires                     time.Time
}

// SecurityTxt writes security.txt. Without a contact there is none (§2.5.3).
func SecurityTxt(s Security) (file []byte, refused []error) {
	var b strings.Builder
	field := func(name, values string, mailToo bool) (n int) {
		for _, v := range strings.Fields(values) {
			u, why := contactURI(v, mailToo)
			if why != "" {
				refused = append(refused, lang.Wrong("refused."+why, "field", name, "value", v))
				continue
			}
			b.WriteString(name + ": " + u + "\n")
			n++
		}
		return n
	}
	if field("Contact", s.Contact, true) == 0 {
		return nil, refused
	}
	b.WriteString("Expires: " + rfc3339(s.Expires) + "\n")
	field("Encryption", s.Encryption, false)
	if len(s.Langs) > 0 {
		b.WriteString("Preferred-Languages: " + strings.Join(s.Langs, ", ") + "\n")
	}
	if strings.HasPrefix(s.Canonical, "https://") {
		b.WriteString("Canonical: " + s.Canonical + "\n")
	}
	field("Policy", s.Policy, false)
	return []byte(b.String()), refused
}

// contactURI is a value of security.txt: a web address must be https (§2.4),
// a bare e-mail address becomes mailto. why is what it is not.
func contactURI(v string, mailToo bool) (uri, why string) {
	if mailToo && strings.Contains(v, "@") && !strings.Contains(v, ":") {
		v = "mailto:" + v
	}
	u, err := url.Parse(v)
	if err != nil {
		return "", "uri"
	}
	switch {
	case u.Scheme == "https" && u.Host != "" && u.User == nil:
		return tight(u.String()), ""
	case mailToo && u.Scheme == "mailto":
		if a, err := mail.ParseAddress(u.Opaque); err != nil || a.Address != u.Opaque {
			return "", "email"
		}
		return u.String(), ""
	case mailToo && u.Scheme == "tel" && u.Opaque != "":
		return u.String(), ""
	case !mailToo && (u.Scheme == "openpgp4fpr" || u.Scheme == "dns") && u.Opaque != "":
		return u.String(), ""
	}
	return "", "https"
}

// wrongLine is why a newsroom's line cannot stand in a file, in words for
// people (fault.Error.Word).
func wrongLine(why string, line int, value string) error {
	return lang.Wrong("refused."+why, "line", line, "value", value)
}

// lines gives the lines of a text with their numbers, without comments and
// empty ones.
func lines(text string, each func(number int, line string)) {
	for i, l := range strings.Split(clean(text), "\n") {
		l, _, _ = strings.Cut(l, "#")
		if l = strings.TrimSpace(l); l != "" {
			each(i+1, l)
		}
	}
}

var trustNames = []string{"member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure", "contact"}

// TrustTxt writes trust.txt (https://journallist.net/reference-document-for-trust-txt-specifications):
// the newsroom's lines "name=value", and its places elsewhere as "social".
// Without any line of its own there is none.
func TrustTxt(text string, social []string) (file []byte, refused []error) {
	var out []string
	training := false
	lines(text, func(n int, l string) {
		name, value, ok := strings.Cut(l, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !ok || value == "":
			refused = append(refused, wrongLine("pair", n, l))
			return
		case name == "datatrainingallowed":
			value = strings.ToLower(value)
			if value != "yes" && value != "no" || training {
				refused = append(refused, wrongLine("training", n, value))
				return
			}
			training = true
		case !slices.Contains(trustNames, name):
			refused = append(refused, wrongLine("trust_name", n, name))
			return
		case name == "contact" && mailOrTel(value):
		case !absolute(value):
			refused = append(refused, wrongLine("web", n, value))
			return
		}
		if l = name + "=" + value; !slices.Contains(out, l) {
			out = append(out, l)
		}
	})
	if len(out) == 0 {
		return nil, refused
	}
	for _, s := range social {
		if l := "social=" + s; absolute(s) && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return []byte(strings.Join(out, "\n") + "\n"), refused
}

func mailOrTel(v string) bool {
	if a, err := mail.ParseAddress(strings.TrimPrefix(v, "mailto:")); err == nil && a.Name == "" {
		return true
	}
	u, err := url.Parse(v)
	return err == nil && u.Scheme == "tel" && u.Opaque != ""
}

var (
	adsDomain   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$`)
	adsVariable = regexp.MustCompile(`^(?i)(contact|subdomain|inventorypartnerdomain|ownerdomain|managerdomain)=(.+)$`)
)

// AdsTxt writes ads.txt (IAB Tech Lab, ads.txt 1.1 §3.4): records "domain,
// account, DIRECT or RESELLER[, authority]" and variables.
func AdsTxt(text string) (file []byte, refused []error) {
	var out []string
	lines(text, func(n int, l string) {
		if m := adsVariable.FindStringSubmatch(l); m != nil {
			out = append(out, strings.ToLower(m[1])+"="+strings.TrimSpace(m[2]))
			return
		}
		record, _, _ := strings.Cut(l, ";") // extensions
		f := strings.Split(record, ",")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if len(f) != 3 && len(f) != 4 {
			refused = append(refused, wrongLine("ads", n, l))
			return
		}
		f[0], f[2] = strings.ToLower(f[0]), strings.ToUpper(f[2])
		switch {
		case !adsDomain.MatchString(f[0]):
			refused = append(refused, wrongLine("domain", n, f[0]))
		case f[1] == "" || strings.ContainsAny(f[1], " \t"):
			refused = append(refused, wrongLine("account", n, l))
		case f[2] != "DIRECT" && f[2] != "RESELLER":
			refused = append(refused, wrongLine("relation", n, f[2]))
		default:
			out = append(out, strings.TrimSuffix(strings.Join(f, ", "), ", "))
		}
	})
	if len(out) == 0 {
		return nil, refused
	}
	return []byte(strings.Join(out, "\n") + "\n"), refused
}

var robotsFields = []string{"user-agent", "allow", "disallow", "crawl-delay", "sitemap"}

// RobotsTxt writes robots.txt (RFC 9309): what nobody needs to crawl, the
// newsroom's own lines behind it as groups of their own, and the sitemaps.
func RobotsTxt(disallow, allow []string, own string, sitemaps []string) (file []byte, refused []error) {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, p := range allow {
		b.WriteString("Allow: " + p + "\n")
	}
	for _, p := range disallow {
		b.WriteString("Disallow: " + p + "\n")
	}
	group, naming := false, false
	lines(own, func(n int, l string) {
		name, value, ok := strings.Cut(l, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		key := strings.ToLower(name)
		switch {
		case !ok || !slices.Contains(robotsFields, key):
			refused = append(refused, wrongLine("robots", n, l))
			return
		case key == "user-agent":
			if value == "" {
				refused = append(refused, wrongLine("robot", n, l))
				return
			}
			if !naming { // robots named one after another share the rules below them
				b.WriteString("\n")
			}
			group = true
		case key == "sitemap":
			if !absolute(value) {
				refused = append(refused, wrongLine("web", n, value))
				return
			}
		case !group:
			refused = append(refused, wrongLine("group", n, l))
			return
		case (key == "allow" || key == "disallow") && value != "" && value[0] != '/' && value[0] != '*':
			refused = append(refused, wrongLine("path", n, value))
			return
		}
		naming = key == "user-agent"
		b.WriteString(strings.TrimSpace(name+": "+value) + "\n")
	})
	b.WriteString("\n")
	for _, s := range sitemaps {
		b.WriteString("Sitemap: " + s + "\n")
	}
	return []byte(b.String()), refused
}
