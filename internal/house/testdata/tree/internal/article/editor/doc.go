// Package editor is the closet.
package editor

import (
	"html/template"
	tpl "html/template"

	_ "dateline/internal/article"
)

var t template.HTML = "constant" // a type, no conversion

func f(s string) any { return tpl.HTML(s) }
