package library

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dateline/internal/audit"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/media"
	"dateline/internal/rendition"
)

// languages in which something is said of a picture, with the fields for it.
type language struct {
	Tag, Name            string
	Caption, Alt, Credit desk.Field
}

// crop is what a ratio leaves of a picture.
type crop struct {
	Name          string
	Across, Down  int // a hundred times the ratio
	X, Y, W, H    int
	Width, Height int // of the picture
}

// ratios are those in which pages, feeds and other sites show pictures.
var ratios = []struct {
	name         string
	across, down int
}{{"1 : 1", 100, 100}, {"4 : 3", 400, 300}, {"16 : 9", 1600, 900}, {"1.91 : 1", 191, 100}}

type pageData struct {
	ID            int64
	Path, File    string
	Media         media.Media
	Picture       bool // of pixels: it has a focal point
	Shows         bool // a browser shows it
	Kind          string
	Size          string
	X, Y          string // of the focal point, in percent
	PX, PY, R     int    // the same in pixels, and how large its mark is
	Crops         []crop
	Langs         []language
	Rights        desk.Field
	Licence       desk.Field
	Expires       desk.Field
	Decorative    desk.Field
	FocalX        desk.Field
	FocalY        desk.Field
	Licences      []string
	Said          bool
	Ended, Soon   bool
	Until         time.Time
	Uses          []Use
	Hidden        int // articles that whoever asks may not read
	Like          []card
	Deeds         []deed
	Public        string
	Width, Height int
}

type deed struct {
	At   time.Time
	What string
	Who  string
}

func (l *Library) open(w http.ResponseWriter, r *desk.Request) error {
	m, err := l.one(r)
	if err != nil {
		return err
	}
	site, err := l.Editions.Site(r.Context())
	if err != nil {
		return err
	}
	data, err := l.page(r, site, m)
	if err != nil {
		return err
	}
	return r.Show(w, l.pageOf(data))
}

func (l *Library) pageOf(data *pageData) desk.Page {
	return desk.Page{Title: data.Media.FileName, From: l.pages, Name: "picture", Back: media.DeskPath, Data: data, Scripts: []string{"desk/picker.js", "desk/library.js"}}
}

// page is a picture's page with what is stored, and, where nobody has looked at it yet,
// what its file says.
func (l *Library) page(r *desk.Request, site edition.Site, m media.Media) (*pageData, error) {
	now := l.Now()
	d := &pageData{ID: m.ID, Path: media.PageAt(m.ID), File: media.FileAt(m.ID), Media: m, Shows: m.Kind == media.Image, Width: m.Width, Height: m.Height,
		Picture: m.Kind == media.Image && m.Width > 0 && m.Height > 0, Kind: m.Mime, Size: r.L.Size(m.Bytes), Said: !m.Said.Empty(),
		Licences: media.Licences(r.L)}
	said := m.Said
	of := saidLang(site, said)
	for _, ed := range site.Editions {
		t := m.Texts[ed.Lang]
		if ed.Lang == of {
			t.Caption, t.Alt, t.Credit = cmp.Or(t.Caption, said.Caption), cmp.Or(t.Alt, said.Alt), cmp.Or(t.Credit, said.Credit)
		} else {
			t.Credit = cmp.Or(t.Credit, said.Credit) // names are names
		}
		field := func(name, label, value string, lines, most int) desk.Field {
			f := desk.Field{Name: name + "_" + ed.Lang, Label: label, Value: value, Lang: ed.Lang, Most: most}
			if lines > 0 {
				f.Kind, f.Lines = "area", lines
			}
			return f
		}
		x := language{Tag: ed.Lang, Name: lang.Of(ed.Lang).Title(lang.Of(ed.Lang).Name()),
			Caption: field("caption", r.T("pictures.caption"), t.Caption, 3, mostText), Alt: field("alt", r.T("pictures.alt"), t.Alt, 3, mostText),
			Credit: field("credit", r.T("pictures.credit"), t.Credit, 0, mostLine)}
		x.Alt.Hint = r.T("pictures.alt_hint")
		d.Langs = append(d.Langs, x)
	}
	d.Rights = desk.Field{Name: "rights", Label: r.T("pictures.rights"), Value: cmp.Or(m.Rights, said.Rights), Most: mostText}
	d.Licence = desk.Field{Name: "licence", Label: r.T("pictures.licence"), Value: cmp.Or(m.Licence, said.Licence), Most: mostLine}
	expires := m.Expires
	if expires.IsZero() && !said.Expires.IsZero() {
		// The file names the last day; what is stored is the beginning of the next.
		y, mo, day := said.Expires.Date()
		expires = time.Date(y, mo, day+1, 0, 0, 0, 0, r.Zone)
	}
	d.Expires = desk.Field{Kind: "date", Name: "expires", Label: r.T("pictures.expires"), Hint: r.T("pictures.expires_hint")}
	if !expires.IsZero() {
		d.Until = expires.Add(-time.Millisecond)
		d.Expires.Value = d.Until.In(r.Zone).Format(time.DateOnly)
		d.Ended, d.Soon = m.Ended(now), expires.Before(now.Add(media.EndsSoon))
	}
	d.Decorative = desk.Field{Kind: "check", Name: "decorative", Label: r.T("pictures.decorative"), Hint: r.T("pictures.decorative_hint"), On: m.Decorative}
	d.FocalX, d.FocalY = desk.Field{Name: "focal_x", Label: r.T("pictures.focal_x")}, desk.Field{Name: "focal_y", Label: r.T("pictures.focal_y")}
	d.focus(m.FocalX, m.FocalY)
	if m.Always {
		d.Public = m.Path()
	}
	err := l.around(r, site, m, d)
	return d, err
}

// focus shows a focal point: its mark, and what the ratios leave.
func (d *pageData) focus(x, y int) {
	d.X, d.Y = percent(x), percent(y)
	if !d.Picture {
		return
	}
	d.PX, d.PY, d.R = d.Width*x/1000, d.Height*y/1000, max(min(d.Width, d.Height)/24, 4)
	set := rendition.Set{Width: d.Width, Height: d.Height, FocalX: x, FocalY: y}
	d.Crops = nil
	for _, c := range ratios {
		cut := set.CutTo(c.across, c.down)
		d.Crops = append(d.Crops, crop{Name: c.name, Across: c.across, Down: c.down, X: cut.Min.X, Y: cut.Min.Y, W: cut.Dx(), H: cut.Dy(), Width: d.Width, Height: d.Height})
	}
}

// around is where a picture is used, what looks like it and what was done to it.
func (l *Library) around(r *desk.Request, site edition.Site, m media.Media, d *pageData) error {
	ctx := r.Context()
	uses, err := l.Media.Uses(ctx, []int64{m.ID})
	if err != nil {
		return err
	}
	if d.Uses, err = l.Articles(r, uses[m.ID]); err != nil {
		return err
	}
	d.Hidden = len(uses[m.ID]) - len(d.Uses)
	look, err := l.Media.LookOf(ctx, m.ID)
	if err != nil {
		return err
	}
	if look.Known {
		like, err := l.Media.Like(ctx, site.Publication.ID, look.Hash, m.ID, 8)
		if err != nil {
			return err
		}
		if d.Like, err = l.cards(r, site, like); err != nil {
			return err
		}
	}
	deeds, err := audit.Of(ctx, l.DB, "media", m.ID, 8)
	for _, x := range deeds {
		d.Deeds = append(d.Deeds, deed{x.At, r.T("audit." + x.Action), x.Actor})
	}
	return err
}

const (
	mostLine = 500
	mostText = 2000
)

// describe stores what somebody says of a picture.
func (l *Library) describe(w http.ResponseWriter, r *desk.Request) error {
	m, err := l.one(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	site, err := l.Editions.Site(ctx)
	if err != nil {
		return err
	}
	data, err := l.page(r, site, m)
	if err != nil {
		return err
	}
	x, err := data.read(r, m)
	if err != nil {
		fields := []*desk.Field{&data.Rights, &data.Licence, &data.Expires, &data.FocalX, &data.FocalY}
		for i := range data.Langs {
			fields = append(fields, &data.Langs[i].Caption, &data.Langs[i].Alt, &data.Langs[i].Credit)
		}
		desk.Mark(r.L, err, fields...)
		return r.Again(w, l.pageOf(data), err)
	}
	err = l.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if err := l.Media.Describe(ctx, tx, site.Publication.ID, m.ID, x); err != nil {
			return err
		}
		return note(r, tx, "describe", m.ID, map[string]any{"name": m.FileName})
	})
	if err != nil {
		return err
	}
	return r.Go(w, media.PageAt(m.ID), "pictures.saved")
}

// read takes a form over into the page's fields, and gives what it says.
func (d *pageData) read(r *desk.Request, m media.Media) (x media.Details, err error) {
	var faults []error
	take := func(f *desk.Field) string {
		f.Value = strings.TrimSpace(strings.ReplaceAll(r.Form(f.Name), "\r\n", "\n"))
		switch {
		case strings.ContainsFunc(f.Value, func(c rune) bool { return unicode.IsControl(c) && c != '\n' }) || strings.ToValidUTF8(f.Value, "") != f.Value:
			faults = append(faults, of(f.Name, "text"))
		case len([]rune(f.Value)) > f.Limit():
			faults = append(faults, of(f.Name, "long", "n", f.Limit()))
		}
		return strings.Join(strings.Fields(f.Value), " ")
	}
	x.Texts = map[string]media.Text{}
	for i := range d.Langs {
		k := &d.Langs[i]
		x.Texts[k.Tag] = media.Text{Title: m.Texts[k.Tag].Title, Caption: take(&k.Caption), Alt: take(&k.Alt), Credit: take(&k.Credit)}
	}
	x.Rights, x.Licence = take(&d.Rights), take(&d.Licence)
	if day := take(&d.Expires); day != "" {
		at, err := time.ParseInLocation(time.DateOnly, day, r.Zone)
		if err != nil {
			faults = append(faults, of("expires", "date"))
			d.Expires.Value = ""
		}
		x.Expires = at.AddDate(0, 0, 1) // to the end of that day
	}
	d.Decorative.On = r.Form("decorative") != ""
	x.Decorative = d.Decorative.On
	x.FocalX, x.FocalY = m.FocalX, m.FocalY
	for _, f := range []struct {
		field *desk.Field
		shown *string
		into  *int
	}{{&d.FocalX, &d.X, &x.FocalX}, {&d.FocalY, &d.Y, &x.FocalY}} {
		text := strings.Replace(strings.TrimSpace(r.Form(f.field.Name)), ",", ".", 1)
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= 0 && v <= 100) {
			faults = append(faults, of(f.field.Name, "percent"))
			continue
		}
		*f.into = int(v*10 + 0.5)
	}
	d.focus(x.FocalX, x.FocalY)
	if x.FocalX == 0 && x.FocalY == 0 {
		x.FocalX = 1 // 0,0 is the room's word for "not said"
	}
	return x, errors.Join(faults...)
}

func of(field, why string, args ...any) *fault.Error {
	e := wrong(why, args...)
	e.Field = field
	return e
}

func percent(permille int) string { return strconv.FormatFloat(float64(permille)/10, 'f', -1, 64) }

// saidLang is the edition's language that a file speaks, or the default's.
func saidLang(site edition.Site, s media.Said) string {
	tag := lang.Detect(cmp.Or(s.Caption, s.Alt, s.Title))
	if slices.Contains(site.Langs(), tag) {
		return tag
	}
	return site.Default().Lang
}
