package site

import (
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dateline/internal/address"
	"dateline/internal/article"
	"dateline/internal/cache"
	"dateline/internal/fault"
	"dateline/internal/theme"
	"dateline/internal/web"
)

// oembed is an answer of type "rich" (https://oembed.com/#section2.3): a
// quotation with a link, without script and without anything to load.
type oembed struct {
	XMLName  xml.Name `xml:"oembed" json:"-"`
	Type     string   `xml:"type" json:"type"`
	Version  string   `xml:"version" json:"version"`
	Title    string   `xml:"title" json:"title"`
	Author   string   `xml:"author_name,omitempty" json:"author_name,omitempty"`
	AuthorAt string   `xml:"author_url,omitempty" json:"author_url,omitempty"`
	Provider string   `xml:"provider_name" json:"provider_name"`
	Home     string   `xml:"provider_url" json:"provider_url"`
	Keep     int      `xml:"cache_age" json:"cache_age"` // seconds
	HTML     string   `xml:"html" json:"html"`
	Width    int      `xml:"width" json:"width"`
	Height   int      `xml:"height" json:"height"`
	Thumb    string   `xml:"thumbnail_url,omitempty" json:"thumbnail_url,omitempty"`
	ThumbW   int      `xml:"thumbnail_width,omitempty" json:"thumbnail_width,omitempty"`
	ThumbH   int      `xml:"thumbnail_height,omitempty" json:"thumbnail_height,omitempty"`
}

// The size of an embed, in pixels, where the one who asks does not want less.
const (
	embedWidth  = 600
	embedHeight = 200
	embedKeep   = 3600
	// embedThumb is the most that a thumbnail has of either.
	embedThumb = 1280
)

// embeds announce, in a page's head, where its embed is to be had.
func (s *Site) embeds(canonical, title string) []theme.Feed {
	var out []theme.Feed
	for _, format := range []string{"json", "xml"} {
		kind := "application/json+oembed"
		if format == "xml" {
			kind = "text/xml+oembed"
		}
		out = append(out, theme.Feed{URL: s.BaseURL + "/-/oembed?format=" + format + "&url=" + url.QueryEscape(canonical), Title: title, Type: kind})
	}
	return out
}

// OEmbed answers /-/oembed?url=…&format=json|xml&maxwidth=N&maxheight=N for
// our own articles; 404 for every other address, 501 for another format.
func (s *Site) OEmbed() http.Handler {
	return web.Func(func(w http.ResponseWriter, r *http.Request) error {
		ask := r.URL.Query()
		format := ask.Get("format")
		if format == "" {
			format = "json"
		}
		if format != "json" && format != "xml" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusNotImplemented) // https://oembed.com/#section2.3.3
			_, err := w.Write([]byte("format is json or xml\n"))
			return err
		}
		path, err := s.ownPath(ask.Get("url"))
		if err != nil {
			return err
		}
		// The limits are the embed's and its thumbnail's.
		width, err := most(ask.Get("maxwidth"), embedThumb)
		if err != nil {
			return err
		}
		height, err := most(ask.Get("maxheight"), embedThumb)
		if err != nil {
			return err
		}
		key := "oembed " + format + " " + path
		if width != embedThumb || height != embedThumb {
			key += " " + strconv.Itoa(width) + "x" + strconv.Itoa(height)
		}
		return s.Cache.Serve(w, r, key, func(ctx context.Context) (*cache.Page, error) {
			return s.embed(ctx, path, format, width, height)
		})
	})
}

// most is a limit that somebody set, or ours.
func most(v string, ours int) (int, error) {
	if v == "" {
		return ours, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Invalid, "%.20q is no number of pixels", v)
	}
	return min(n, ours), nil
}

// ownPath is the path of an address of ours; NotFound for others.
func (s *Site) ownPath(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || address.Host(u.Host) != address.Host(hostOf(s.BaseURL)) {
		return "", fault.New(fault.NotFound, "%.200q is no address of ours", raw)
	}
	return clean(u)
}

func (s *Site) embed(ctx context.Context, path, format string, width, height int) (*cache.Page, error) {
	q, err := s.asks(ctx, path, "")
	if err != nil {
		return nil, err
	}
	t, _, err := s.Addresses.Lookup(ctx, q.ed.ID, strings.Trim(q.path, "/"))
	if err != nil {
		return nil, err
	}
	if t.Kind != "article" {
		return nil, fault.New(fault.NotFound, "only articles can be embedded")
	}
	a, err := s.Articles.Public(ctx, t.ID, q.now)
	if err != nil {
		return nil, err
	}
	d, err := s.dress(q, []article.Article{a})
	if err != nil {
		return nil, err
	}
	e := oembed{Type: "rich", Version: "1.0", Title: a.Headline, Provider: q.ed.Name, Home: s.BaseURL + q.url("/"), Keep: embedKeep,
		Width: min(width, embedWidth), Height: min(height, embedHeight)}
	if by := d.bylines(q, a); len(by) > 0 {
		e.Author = by[0].Name
		if by[0].URL != "" {
			e.AuthorAt = s.BaseURL + by[0].URL
		}
	}
	if p, ok := q.thumbnail(d.above(a), width, height); ok {
		e.Thumb, e.ThumbW, e.ThumbH = s.BaseURL+p.url, p.width, p.height
	}
	own := s.BaseURL + q.url(a.Path)
	e.HTML = `<blockquote lang="` + html.EscapeString(q.locale().Tag()) + `" cite="` + html.EscapeString(own) + `"><p><a href="` + html.EscapeString(own) +
		`">` + html.EscapeString(a.Headline) + "</a></p>"
	if text := cmp.Or(a.Standfirst, a.Teaser); text != "" {
		e.HTML += "<p>" + html.EscapeString(text) + "</p>"
	}
	e.HTML += "<p>" + html.EscapeString(q.ed.Name) + "</p></blockquote>"
	body, kind, err := e.encode(format)
	if err != nil {
		return nil, err
	}
	p := s.document(q, kind, body)
	p.Header.Set("Access-Control-Allow-Origin", "*") // editors in browsers ask too; it holds nothing that is anybody's own
	return p, nil
}

func (e oembed) encode(format string) (body []byte, contentType string, err error) {
	if format == "xml" {
		body, err = xml.MarshalIndent(e, "", " ")
		return append([]byte(xml.Header), body...), "text/xml; charset=utf-8", err
	}
	body, err = json.Marshal(e)
	return body, "application/json; charset=utf-8", err
}
