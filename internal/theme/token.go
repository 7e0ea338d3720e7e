package theme

import (
	"html/template"
	"strconv"
)

// ViewsToken stands on a page for the number of an article's views. The cache
// replaces it by the number as the language writes it ("json": plain digits),
// so that a kept page shows a fresh one. It is made of Unicode non-characters,
// which every filter of input drops, so no text can contain one.
func ViewsToken(article int64, tag string) template.HTML {
	return template.HTML("\uFDD0views:" + strconv.FormatInt(article, 10) + ":" + tag + "\uFDD1")
}
