package theme

import (
	"html/template"
	"reflect"

	"dateline/internal/lang"
)

// pages has an empty page of every type: the kinds that a theme has a template
// for.
func pages() []Page {
	return []Page{&FrontPage{}, &ArticlePage{}, &CommentsPage{}, &CommentPage{}, &RulesPage{}, &TransparencyPage{}, &CorrectionsPage{}, &ListPage{}, &AuthorPage{}, &AuthorsPage{}, &ShelvesPage{}, &ArchivePage{}, &StaticPage{}, &PrivacyPage{}, &AccountPage{}, &ReportPage{}, &SearchPage{}, &ErrorPage{}}
}

// Kinds are the names of the pages: a theme, or default in its place, has a
// template KIND/KIND.html for each.
func Kinds() []string {
	var names []string
	for _, p := range pages() {
		names = append(names, p.Kind())
	}
	return names
}

// samples are pages of every kind, with every field filled or with none: what
// a newsroom's own templates are tried with before a reader meets them.
func samples(full bool) []Page {
	all := pages()
	for _, p := range all {
		if full {
			fill(reflect.ValueOf(p).Elem(), 0)
		}
		p.Common().Lang = lang.Of("en")
	}
	return all
}

// deepest is how many values within values a sample has (comments answer
// comments).
const deepest = 6

var (
	htmlType   = reflect.TypeFor[template.HTML]()
	localeType = reflect.TypeFor[*lang.Locale]()
)

// fill puts something into every field.
func fill(v reflect.Value, depth int) {
	if depth > deepest || v.Type() == localeType {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() == htmlType {
			v.SetString("<p>Text.</p>")
			return
		}
		v.SetString("Text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(f, depth+1)
			}
		}
	}
}
