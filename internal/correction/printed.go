package correction

import (
	"dateline/internal/article"
	"dateline/internal/richtext"
)

// Printed is a text as its page shows it: the captions that its pictures bring along, as
// a revision printed them, stand in it like those that are its own.
func Printed(m article.Manuscript, media []article.MediaRef) article.Manuscript {
	return captioned(m, func(k *richtext.Block) {
		if len(k.Caption) == 0 {
			if text := captionOf(media, k.Media); text != "" {
				k.Caption = []richtext.Span{{Text: text}}
			}
		}
	})
}

// Unprinted takes out of a text what Printed has put in: the captions that are still as
// their pictures bring them along. What was put right stays as the text's own.
func Unprinted(m, was article.Manuscript, media []article.MediaRef) article.Manuscript {
	brings := map[string]bool{} // figures of the text as it was that had none of their own
	captioned(was, func(k *richtext.Block) {
		if len(k.Caption) == 0 {
			brings[k.ID] = true
		}
	})
	return captioned(m, func(k *richtext.Block) {
		if text := (richtext.Doc{Blocks: []richtext.Block{{Kind: richtext.Paragraph, Inline: k.Caption}}}).Text(); brings[k.ID] && text == captionOf(media, k.Media) {
			k.Caption = nil
		}
	})
}

func captionOf(media []article.MediaRef, id int64) string {
	for _, m := range media {
		if m.ID == id {
			return m.Caption
		}
	}
	return ""
}

// captioned does something with each figure of a text. What the body could not hold is
// not done.
func captioned(m article.Manuscript, f func(k *richtext.Block)) article.Manuscript {
	doc, err := richtext.Parse(m.Body)
	if err != nil {
		return m
	}
	figures := 0
	for i := range doc.Blocks {
		k := &doc.Blocks[i]
		if k.Kind == richtext.Figure && k.Media != 0 {
			figures++
			f(k)
		}
	}
	if figures == 0 {
		return m
	}
	body := doc.Store()
	if _, err := richtext.Parse(body); err == nil {
		m.Body = body
	}
	return m
}
