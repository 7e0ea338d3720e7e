package merge

import "dateline/internal/richtext"

type Clash struct{ Block string }

func Bodies(base, mine, theirs richtext.Doc) (richtext.Doc, []Clash) { return theirs, nil }
func Text(base, mine, theirs string) (string, bool) { return theirs, false }
