package edition

import (
	"context"
	"slices"
	"strings"

	"dateline/internal/db"
)

// Settings gives what is set, from memory.
func (s *Store) Settings(ctx context.Context) (Values, error) {
	s.mu.Lock()
	values, epoch := s.values, s.epoch
	s.mu.Unlock()
	if values != nil {
		return *values, nil
	}
	site, err := s.Site(ctx)
	if err != nil {
		return Values{}, err
	}
	fresh, err := ReadSettings(ctx, s.d, site)
	if err != nil {
		return Values{}, err
	}
	s.mu.Lock()
	if s.epoch == epoch {
		s.values = &fresh
	}
	s.mu.Unlock()
	return fresh, nil
}

// ReadSettings reads what is set through q, inside a transaction if q is one.
func ReadSettings(ctx context.Context, q db.Querier, site Site) (Values, error) {
	v := Values{set: map[string]string{}}
	type pair struct{ at, value string }
	rows, err := db.List(ctx, q, func(s db.Scanner, p *pair) error { return s.Scan(&p.at, &p.value) },
		"SELECT key, value FROM setting WHERE publication_id = $1 ORDER BY key", site.Publication.ID)
	if err != nil {
		return v, err
	}
	for _, r := range rows {
		v.set[r.at] = r.value
	}
	for _, e := range site.Editions {
		for key, text := range map[string]string{"name": e.Name, "tagline": e.Tagline, "colophon": e.Colophon} {
			if text != "" {
				v.set[place(key, e.Lang)] = text
			}
		}
		links, err := followLinks(ctx, q, e.ID)
		if err != nil {
			return v, err
		}
		lines := make([]string, len(links))
		for i, l := range links {
			lines[i] = Link{Name: l.Name, URL: l.URL, Kind: l.Kind}.String()
		}
		if len(lines) > 0 {
			v.set[place("follow", e.Lang)] = strings.Join(lines, "\n")
		}
	}
	v.judge()
	return v, nil
}

// judge takes out what today's rules refuse: a wrong value must not reach a page.
func (v *Values) judge() {
	for at, value := range v.set {
		key, lang, _ := strings.Cut(at, "@")
		s, err := Lookup(key)
		if err != nil {
			continue
		}
		if s.column != "" || key == "follow" {
			continue // taken as they are: they have been checked, or come from an import
		}
		if _, err := s.Canonical(value); err != nil {
			v.Bad = append(v.Bad, BadValue{key, lang, err})
			delete(v.set, at)
		}
	}
	slices.SortFunc(v.Bad, func(a, b BadValue) int { return strings.Compare(place(a.Key, a.Lang), place(b.Key, b.Lang)) })
}

// Set stores a setting's value for the edition of a language, "" for the
// publication; an empty value unsets it. Faults: NotFound for a key or an
// edition that is not there, Invalid naming the setting for a value that
// cannot be, with words for people (fault.Error.Word).
func (s *Store) Set(ctx context.Context, tx *db.Tx, key, lang, value string) error {
	setting, err := Lookup(key)
	if err != nil {
		return err
	}
	site, err := Read(ctx, tx)
	if err != nil {
		return err
	}
	var ed Edition
	if lang != "" {
		var ok bool
		if ed, ok = site.ByLang(lang); !ok {
			return Wrong(key, "edition", "lang", lang, "langs", strings.Join(site.Langs(), ", "))
		}
		if !setting.PerEdition {
			return Wrong(key, "publication")
		}
	} else if setting.column != "" || key == "follow" {
		return Wrong(key, "which_edition", "langs", strings.Join(site.Langs(), ", "))
	}
	value, err = setting.Canonical(value)
	if err != nil {
		return err
	}
	now, err := ReadSettings(ctx, tx, site)
	if err != nil {
		return err
	}
	if value != "" {
		if err := fits(key, value, now); err != nil {
			return err
		}
	}
	if err := s.keep(ctx, tx, site, setting, ed, value); err != nil {
		return err
	}
	tx.Changed(SettingTag(key))
	switch {
	case setting.Pages && ed.ID != 0:
		tx.Changed(tag(ed.ID))
	case setting.Pages:
		tx.Changed("settings")
	}
	return nil
}

// keep writes a value where it belongs.
func (s *Store) keep(ctx context.Context, tx *db.Tx, site Site, setting Setting, ed Edition, value string) error {
	switch setting.column {
	case "name":
		ed.Name = value
	case "tagline":
		ed.Tagline = value
	case "colophon":
		ed.Colophon = value
	}
	if setting.column != "" {
		return s.UpdateEdition(ctx, tx, ed)
	}
	if setting.Key == "follow" {
		var links []FollowLink
		if value != "" {
			for _, line := range strings.Split(value, "\n") {
				l := readLink(line)
				links = append(links, FollowLink{Name: l.Name, URL: l.URL, Kind: l.Kind})
			}
		}
		return s.PutFollowLinks(ctx, tx, ed.ID, links)
	}
	at := place(setting.Key, ed.Lang)
	if value == "" {
		_, err := tx.Exec(ctx, "DELETE FROM setting WHERE publication_id = $1 AND key = $2", site.Publication.ID, at)
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO setting (publication_id, key, value) VALUES ($1, $2, $3)"+
		" ON CONFLICT (publication_id, key) DO UPDATE SET value = excluded.value", site.Publication.ID, at, value)
	return err
}

// concernsMemory tells the changes after which Site and Settings are read anew.
func concernsMemory(tags []string) bool {
	return slices.ContainsFunc(tags, func(t string) bool {
		return t == db.All || t == "settings" || strings.HasPrefix(t, "setting:") || strings.HasPrefix(t, "edition:")
	})
}
