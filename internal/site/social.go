package site

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"path"
	"strconv"
	"strings"

	"dateline/internal/article"
	"dateline/internal/card"
	"dateline/internal/fault"
	"dateline/internal/media"
	"dateline/internal/rendition"
	"dateline/internal/schema"
	"dateline/internal/theme"
	"dateline/internal/typeset"
	"dateline/internal/web"
)

// cardsPath is where the drawn pictures of articles answer.
const cardsPath = "/media/card/"

// plan is what an article's drawn picture is made of.
type plan struct {
	of                     string // an article's id, or frontOf and an edition's
	headline, kicker, name string
	accent                 color.RGBA
	photo, mark            media.Media // ID 0: none
	key                    string      // stands for all of it
}

// photoWidth is how many pixels a picture must have across to be drawn large.
const photoWidth = 800

// cardPlan says what an article's picture would be drawn of; ok is false where
// the fonts lack its letters. Everything in it is among what the page is made
// of, so the page names the card of the very headline that it prints.
func (s *Site) cardPlan(q *request, a article.Article, d dressed) (plan, bool) {
	p := plan{of: strconv.FormatInt(a.ID, 10), headline: typeset.Text(q.locale(), a.Headline, true), kicker: a.Kicker, name: q.ed.Name}
	if l, ok := q.topicLink(d.topics[a.SectionID]); ok && p.kicker == "" {
		p.kicker = l.Name
	}
	if m := d.above(a); q.draw.Sizes(m).Some() && m.Width >= photoWidth && m.Height >= photoWidth/3 {
		p.photo = m
	}
	return q.keyed(p)
}

// frontOf begins the name of a front page's card.
const frontOf = "front"

// frontPlan says what a front page's picture would be drawn of: its own line
// under its name.
func (q *request) frontPlan() (plan, bool) {
	line := cmp.Or(q.ed.Tagline, q.ed.Name)
	return q.keyed(plan{of: frontOf + strconv.FormatInt(q.ed.ID, 10), headline: typeset.Text(q.locale(), q.locale().Title(line), true), name: q.ed.Name})
}

// accent is the newsroom's colour.
func (q *request) accent() color.RGBA {
	if c, err := theme.ParseColour(q.set.Get("accent", "")); err == nil {
		return color.RGBA{c.R, c.G, c.B, 255}
	}
	return color.RGBA{0x0e, 0x5a, 0x45, 255}
}

// keyed gives a plan what all cards share, and its key.
func (q *request) keyed(p plan) (plan, bool) {
	p.accent = q.accent()
	if q.draw.Sizes(q.logo).Some() {
		p.mark = q.logo
	}
	if q.draw == nil || !card.Drawable(p.headline) || strings.TrimSpace(p.headline) == "" {
		return p, false
	}
	if !card.Drawable(p.kicker) {
		p.kicker = ""
	}
	text, err := json.Marshal([]any{card.Version, p.headline, p.kicker, p.name, p.accent, p.photo.Blob, p.photo.FocalX, p.photo.FocalY, p.mark.Blob})
	if err != nil {
		return p, false
	}
	sum := sha256.Sum256(text)
	p.key = hex.EncodeToString(sum[:])
	return p, true
}

// file is the last part of the card's address.
func (p plan) file() string {
	ending := ".png"
	if p.photo.ID != 0 {
		ending = ".jpg"
	}
	return p.of + "-" + p.key[:12] + ending
}

// draw makes the card. A picture that cannot be read is left out.
func (p plan) draw(ctx context.Context, draw *media.Drawer) ([]byte, string, error) {
	c := card.Card{Headline: p.headline, Kicker: p.kicker, Brand: p.name, Accent: p.accent}
	if p.mark.ID != 0 {
		h := 88
		m, err := draw.Picture(ctx, p.mark, max(h*p.mark.Width/p.mark.Height, 1), h)
		if err != nil && !unreadable(err) {
			return nil, "", err
		}
		c.Mark = m
	}
	if p.photo.ID != 0 {
		c.Photo = func(w, h int) (image.Image, error) { return draw.Picture(ctx, p.photo, w, h) }
	}
	img, err := card.Draw(c)
	if unreadable(err) {
		c.Photo = nil
		img, err = card.Draw(c)
	}
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	if p.photo.ID != 0 {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 88})
		return b.Bytes(), "image/jpeg", err
	}
	err = png.Encode(&b, img)
	return b.Bytes(), "image/png", err
}

func unreadable(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) }

// Card answers for the drawn pictures of articles: while the article is public
// and the picture is the present one. That of before, which somebody's post
// may still name, leads to it.
func (s *Site) Card(w http.ResponseWriter, r *http.Request) {
	if err := s.card(w, r); err != nil {
		web.Fail(w, r, err)
	}
}

func (s *Site) card(w http.ResponseWriter, r *http.Request) error {
	file := strings.TrimPrefix(r.URL.Path, cardsPath)
	of, rest, _ := strings.Cut(file, "-")
	number, front := strings.CutPrefix(of, frontOf)
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != number || rest == "" || strings.Contains(rest, "/") || s.Draw == nil {
		return fault.New(fault.NotFound, "no card is called %q", file)
	}
	ctx := r.Context()
	site, err := s.Editions.Site(ctx)
	if err != nil {
		return err
	}
	set, err := s.Editions.Settings(ctx)
	if err != nil {
		return err
	}
	q := &request{ctx: ctx, site: site, set: set, now: s.Now(), draw: s.Draw, made: newMade()}
	var p plan
	var ok bool
	if front {
		if q.ed, ok = site.ByID(id); ok {
			if err := s.looks(q, new(theme.Frame)); err != nil {
				return err
			}
			p, ok = q.frontPlan()
		}
	} else if p, ok, err = s.articlePlan(q, id); err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.NotFound, "%s has no card", of)
	}
	if file != p.file() {
		w.Header().Set("Cache-Control", "public, max-age=300")
		http.Redirect(w, r, cardsPath+p.file(), http.StatusFound)
		return nil
	}
	return s.Draw.Serve(w, r, "card", p.key, p.file(), func(ctx context.Context) ([]byte, string, error) { return p.draw(ctx, s.Draw) })
}

// articlePlan is the plan of an article's card, if it has one.
func (s *Site) articlePlan(q *request, id int64) (p plan, ok bool, err error) {
	a, err := s.Articles.Public(q.ctx, id, q.now)
	if err != nil || a.Kind == article.Page {
		return p, false, err
	}
	if q.ed, ok = q.site.ByID(a.Edition); !ok {
		return p, false, nil
	}
	if err := s.looks(q, new(theme.Frame)); err != nil {
		return p, false, err
	}
	d, err := s.dress(q, []article.Article{a})
	if err != nil {
		return p, false, err
	}
	p, ok = s.cardPlan(q, a, d)
	return p, ok, nil
}

// frontPicture is what stands for a front page elsewhere.
func (s *Site) frontPicture(q *request) *theme.Picture {
	p, ok := q.frontPlan()
	if !ok {
		return nil
	}
	return &theme.Picture{URL: s.BaseURL + cardsPath + p.file(), Width: card.Width, Height: card.Height, Alt: q.ed.Name}
}

// social is what stands for a page elsewhere that has nothing of its own to show.
func (s *Site) social(q *request) *theme.Social {
	return &theme.Social{Type: "website", Image: s.frontPicture(q)}
}

// cardPicture is what stands for an article elsewhere: the drawn card, else
// its picture.
func (s *Site) cardPicture(q *request, a article.Article, d dressed, lead *theme.Picture) *theme.Picture {
	if p, ok := s.cardPlan(q, a, d); ok {
		return &theme.Picture{URL: s.BaseURL + cardsPath + p.file(), Width: card.Width, Height: card.Height, Alt: a.Headline}
	}
	return s.socialPicture(lead, rendition.Wide, 0)
}

// cardLD is an article's drawn card for search engines.
func (s *Site) cardLD(q *request, a article.Article, d dressed) (schema.Image, bool) {
	p, ok := s.cardPlan(q, a, d)
	if !ok {
		return schema.Image{}, false
	}
	return schema.Image{Type: "ImageObject", URL: s.BaseURL + cardsPath + p.file(), Width: card.Width, Height: card.Height}, true
}

// portraitPicture is what stands for an author elsewhere. Networks show nothing
// of which a side is shorter than 200 pixels.
func (s *Site) portraitPicture(q *request, who theme.Person) *theme.Picture {
	if p := s.socialPicture(who.Portrait, rendition.Square, 200); p != nil {
		p.Alt = who.Name
		return p
	}
	return s.frontPicture(q)
}

// socialPicture is a picture cut to a shape, with an absolute address; nil where
// it is not that wide, or is a drawing, which networks do not show.
func (s *Site) socialPicture(p *theme.Picture, shape rendition.Shape, least int) *theme.Picture {
	if p == nil {
		return nil
	}
	all := p.Sizes.Widths(shape, 0, 1280)
	if len(all) == 0 { // a moving picture, or one that is very small
		if path.Ext(p.URL) == ".svg" || path.Ext(p.URL) == ".avif" || min(p.Width, p.Height) < max(least, 1) {
			return nil
		}
		return &theme.Picture{URL: s.BaseURL + p.URL, Width: p.Width, Height: p.Height, Alt: p.Alt}
	}
	if all[len(all)-1] < least {
		return nil
	}
	w := all[len(all)-1]
	return &theme.Picture{URL: s.BaseURL + p.Sizes.URL(shape, w, p.Sizes.Default), Width: w, Height: p.Sizes.HeightOf(shape, w), Alt: p.Alt}
}

// imagesLD are a picture in the three ratios that search engines ask for, or
// as it is where it is had in no other.
func (s *Site) imagesLD(p *theme.Picture) []schema.Image {
	if p == nil {
		return nil
	}
	if !p.Sizes.Some() {
		return []schema.Image{*s.imageLD(p)}
	}
	var out []schema.Image
	for _, shape := range []rendition.Shape{rendition.Square, rendition.Four3, rendition.Wide} {
		all := p.Sizes.Widths(shape, 0, 1280)
		w := all[len(all)-1]
		out = append(out, schema.Image{Type: "ImageObject", URL: s.BaseURL + p.Sizes.URL(shape, w, p.Sizes.Default), Width: w,
			Height: p.Sizes.HeightOf(shape, w), Caption: p.Caption, Credit: p.Credit})
	}
	return out
}
