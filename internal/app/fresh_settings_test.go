package app_test

import (
	"context"
	"fmt"
	"strings"

	"dateline/internal/db"
	"dateline/internal/edition"
	"dateline/internal/topic"
)

// setting changes every setting, for the publication or for one edition, to
// something new.
func (h *house) setting(ctx context.Context, tx *db.Tx) error {
	for _, s := range edition.Settings() {
		lang := ""
		if s.PerEdition && (h.rng.IntN(2) == 0 || strings.Contains("name tagline colophon follow", s.Key)) {
			lang = h.anyEdition().Lang
		}
		value, err := h.settingValue(ctx, tx, s)
		if err != nil {
			return err
		}
		if h.rng.IntN(5) == 0 && s.Key != "name" {
			value = ""
		}
		if err := h.app.Editions.Set(ctx, tx, s.Key, lang, value); err != nil {
			return fmt.Errorf("%s %q: %w", s.Key, value, err)
		}
	}
	return nil
}

// settingValue is a value that the setting takes.
func (h *house) settingValue(ctx context.Context, tx *db.Tx, s edition.Setting) (string, error) {
	word := h.word()
	switch s.Kind {
	case edition.Colour:
		if s.Key == "accent" {
			return fmt.Sprintf("#%02x%02x%02x", h.rng.IntN(80), h.rng.IntN(80), h.rng.IntN(80)), nil
		}
		return fmt.Sprintf("#%02x%02x%02x", 200+h.rng.IntN(50), 200+h.rng.IntN(50), 200+h.rng.IntN(50)), nil
	case edition.URL:
		return "https://lamp.example/" + word, nil
	case edition.Email:
		return word + "@lamp.example", nil
	case edition.Choice:
		return s.Choices[h.rng.IntN(len(s.Choices))], nil
	case edition.Links:
		return word + " | https://t.example/" + word, nil
	case edition.Number:
		return fmt.Sprint(h.rng.IntN(100)), nil
	case edition.Bool:
		return []string{"true", "false"}[h.rng.IntN(2)], nil
	case edition.Medium:
		id, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM media WHERE kind = 'image' ORDER BY id LIMIT 1")
		return fmt.Sprint(id), err
	case edition.Topics:
		tree, err := h.app.Topics.Tree(ctx, h.site.Publication.ID)
		if err != nil {
			return "", err
		}
		all := tree.OfKind(topic.Section)
		return fmt.Sprintf("%d\n%d", all[h.rng.IntN(len(all))].ID, all[h.rng.IntN(len(all))].ID), nil
	}
	switch s.Key {
	case "security_contact":
		return "mailto:" + word + "@lamp.example", nil
	case "trust_txt":
		return "social=https://t.example/" + word, nil
	case "ads_txt":
		return "ads.example, " + word + ", DIRECT", nil
	case "robots_txt":
		return "User-agent: " + word + "\nDisallow: /", nil
	case "must":
		return strings.Join(edition.Checks()[:1+h.rng.IntN(5)], "\n"), nil
	case "founded":
		return fmt.Sprint(1900 + h.rng.IntN(100)), nil
	}
	return word, nil
}
