package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/media"
	"dateline/internal/topic"
)

// Set stores a setting as a person writes it: a picture by its file, a shelf
// by its address. lang is the edition's language, "" the publication.
func (a *App) Set(ctx context.Context, key, lang, value string) error {
	s, err := edition.Lookup(key)
	if err != nil {
		return err
	}
	site, err := a.Editions.Site(ctx)
	if err != nil {
		return err
	}
	var taken *media.Media
	switch value = strings.TrimSpace(value); {
	case value == "":
	case s.Kind == edition.Medium:
		if taken, err = a.takePicture(ctx, key, value); err != nil {
			return err
		}
	case s.Kind == edition.Topics:
		if value, err = a.shelves(ctx, site, key, value); err != nil {
			return err
		}
	}
	return a.DB.Tx(ctx, db.Desk, func(tx *db.Tx) error {
		if taken != nil {
			ids, err := a.Media.Put(ctx, tx, site.Publication.ID, []media.Media{*taken})
			if err != nil {
				return err
			}
			value = strconv.FormatInt(ids[0], 10)
		}
		return a.Editions.Set(ctx, tx, key, lang, value)
	})
}

// takePicture takes a file in, or finds a picture that is here by its number;
// it becomes one that is public without an article.
func (a *App) takePicture(ctx context.Context, key, value string) (*media.Media, error) {
	if id, err := strconv.ParseInt(value, 10, 64); err == nil {
		found, err := a.Media.ByIDs(ctx, []int64{id})
		if err != nil {
			return nil, err
		}
		m, ok := found[id]
		if !ok {
			return nil, edition.Wrong(key, "medium", "value", value)
		}
		return pictureOf(key, value, m)
	}
	f, err := os.Open(value)
	if err != nil {
		return nil, edition.Wrong(key, "medium", "value", value)
	}
	defer f.Close()
	m, err := a.Media.Take(ctx, filepath.Base(value), io.Reader(f), 0)
	if fault.Is(err, fault.Invalid) {
		return nil, edition.Wrong(key, "picture", "value", value)
	}
	if err != nil {
		return nil, err
	}
	return pictureOf(key, value, m)
}

func pictureOf(key, value string, m media.Media) (*media.Media, error) {
	if m.Kind != media.Image {
		return nil, edition.Wrong(key, "picture", "value", value)
	}
	m.Always = true
	return &m, nil
}

// shelves turns addresses of shelves ("town", "column/saule"), one a line, into
// their ids. A shelf keeps its place in the menu when it is renamed.
func (a *App) shelves(ctx context.Context, site edition.Site, key, value string) (string, error) {
	tree, err := a.Topics.Tree(ctx, site.Publication.ID)
	if err != nil {
		return "", err
	}
	var ids []string
	for i, line := range strings.Split(strings.ReplaceAll(value, ",", "\n"), "\n") {
		if line = strings.Trim(strings.TrimSpace(line), "/"); line == "" {
			continue
		}
		id, ok := shelf(tree, line)
		if !ok {
			return "", edition.Wrong(key, "topics", "line", i+1, "value", line, "choices", shelfNames(site, tree))
		}
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return strings.Join(ids, "\n"), nil
}

func shelf(tree *topic.Tree, line string) (int64, bool) {
	if id, err := strconv.ParseInt(line, 10, 64); err == nil {
		if _, ok := tree.Get(id); ok {
			return id, true
		}
	}
	kind, slug, found := strings.Cut(line, "/")
	if !found {
		kind, slug = string(topic.Section), line
	}
	for _, t := range tree.OfKind(topic.Kind(kind)) {
		for _, n := range t.Names {
			if n.Slug == slug || strings.EqualFold(n.Name, slug) {
				return t.ID, true
			}
		}
	}
	return 0, false
}

func shelfNames(site edition.Site, tree *topic.Tree) string {
	var out []string
	for _, t := range tree.Sections() {
		out = append(out, t.Name(site.Default().Lang).Slug)
	}
	return strings.Join(out, ", ")
}

// Shown is a setting's value as a person writes it.
func (a *App) Shown(ctx context.Context, key, value string) (string, error) {
	s, err := edition.Lookup(key)
	if err != nil || value == "" || s.Kind != edition.Topics && s.Kind != edition.Medium {
		return value, err
	}
	site, err := a.Editions.Site(ctx)
	if err != nil {
		return "", err
	}
	if s.Kind == edition.Medium {
		id, _ := strconv.ParseInt(value, 10, 64)
		found, err := a.Media.ByIDs(ctx, []int64{id})
		if m, ok := found[id]; ok {
			value += " (" + m.Path() + ")"
		}
		return value, err
	}
	tree, err := a.Topics.Tree(ctx, site.Publication.ID)
	if err != nil {
		return "", err
	}
	var out []string
	for _, line := range strings.Split(value, "\n") {
		id, _ := strconv.ParseInt(line, 10, 64)
		t, ok := tree.Get(id)
		if !ok {
			continue // taken down since
		}
		name := t.Name(site.Default().Lang).Slug
		if t.Kind != topic.Section {
			name = string(t.Kind) + "/" + name
		}
		out = append(out, name)
	}
	return strings.Join(out, "\n"), nil
}

// SettingsReport says what is set, what of it this version does not know, and what
// of it cannot be used, for doctor.
func (a *App) SettingsReport(ctx context.Context) (set, unknown []string, problems error) {
	site, err := a.Editions.Site(ctx)
	if fault.Is(err, fault.NotFound) { // there is nothing yet that could be set
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	v, err := a.Editions.Settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range edition.Settings() {
		for _, l := range append([]string{""}, site.Langs()...) {
			if _, ok := v.Own(s.Key, l); !ok {
				continue
			}
			name := s.Key
			if l != "" {
				name += "@" + l
			}
			set = append(set, name)
		}
	}
	var bad []error
	for _, b := range v.Bad {
		bad = append(bad, b.Err)
	}
	return set, v.Unknown(), errors.Join(bad...)
}
