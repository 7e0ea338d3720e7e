package slug

// latinPairs are Latin letters that Unicode does not take apart.
var latinPairs = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n", 'ə': "a", 'ª': "", 'º': "",
}

// russian is the way Russian newsrooms write names in Latin letters: kh for
// х, shch for щ, y for й and ы, nothing for the signs.
var russian = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
}

// kazakh are the letters that Kazakh adds, as they are written where they are
// met in the names of another language. Its own reading is in its data.
var kazakh = map[rune]string{
	'ә': "a", 'ғ': "g", 'қ': "q", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i",
}

// neighbours are letters of other Cyrillic alphabets, met in names.
var neighbours = map[rune]string{
	'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz", 'ѓ': "g",
	'ќ': "k", 'ѕ': "dz", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'ҡ': "q", 'ҙ': "z", 'ҫ': "s", 'җ': "j", 'ӊ': "n", 'ѐ': "e", 'ѝ': "i",
}

// cyrillic writes a lower-case letter by the general tables; a letter that no
// table has stays what it is.
func cyrillic(r rune) string {
	for _, t := range []map[rune]string{russian, kazakh, neighbours} {
		if s, ok := t[r]; ok {
			return s
		}
	}
	return string(r)
}
