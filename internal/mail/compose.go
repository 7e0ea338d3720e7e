package mail

import (
	"embed"
	"html/template"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"dateline/internal/fault"
	"dateline/internal/lang"
)

//go:embed letter.html
var files embed.FS

// paper is the letter in HTML: a table with its styles in place, because mail
// programs throw style sheets away.
var paper = template.Must(template.ParseFS(files, "letter.html"))

// sheet is what the letter in HTML shows.
type sheet struct {
	Lang, Dir, Subject string
	Parts              []shownPart
	Newsroom, Home     string
}

type shownPart struct {
	Lines []string
	URL   string
	Quote bool
}

// compose makes the message. Everything in it is of the row: made again it is the
// same, but for the boundaries between its parts.
func (p *Post) compose(r row, newsroom string) (*gomail.Msg, error) {
	home := strings.TrimRight(p.o.BaseURL, "/")
	dir := lang.Of(r.Lang).Dir()
	page := sheet{Lang: r.Lang, Dir: dir, Subject: r.Subject, Newsroom: newsroom, Home: home}
	var plain strings.Builder
	for _, part := range r.Parts {
		shown := shownPart{Lines: strings.Split(part.Text, "\n"), Quote: part.Quote}
		switch {
		case part.Path != "":
			shown.URL = home + part.Path
			if part.Text != "" {
				plain.WriteString(part.Text + ":\n")
			}
			plain.WriteString(shown.URL)
		case part.Quote:
			plain.WriteString("> " + strings.Join(shown.Lines, "\n> "))
		default:
			plain.WriteString(part.Text)
		}
		plain.WriteString("\n\n")
		page.Parts = append(page.Parts, shown)
	}
	// RFC 3676 §4.3: the signature's line keeps its blank.
	plain.WriteString("-- \n" + newsroom + "\n" + home + "/\n")
	var rich strings.Builder
	if err := paper.ExecuteTemplate(&rich, "letter.html", page); err != nil {
		return nil, fault.New(fault.Internal, "setting a letter: %w", err)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: newsroom, Address: p.o.SMTP.From})
	m.ToMailAddress(&netmail.Address{Address: r.To})
	m.Subject(r.Subject)
	m.SetDateWithValue(r.At)
	m.SetMessageIDWithValue(r.Key + "@" + p.o.SMTP.domain())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no answers from the absent
	m.SetGenHeader("Content-Language", r.Lang)
	if off := r.off(); off != "" && strings.HasPrefix(home, "https://") {
		if err := m.SetListUnsubscribeOneClick(home + off); err != nil {
			return nil, fault.New(fault.Internal, "the link that ends letters of kind %s: %w", r.Kind, err)
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, plain.String())
	m.AddAlternativeString(gomail.TypeTextHTML, rich.String())
	return m, nil
}

// off is the path that ends letters of this kind; "": there is none.
func (l Letter) off() string {
	for _, p := range l.Parts {
		if p.Off {
			return p.Path
		}
	}
	return ""
}
