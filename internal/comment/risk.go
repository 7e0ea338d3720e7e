package comment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/internal/lang"
	"dateline/internal/stem"
)

// Sign is a reason why a machine would have a person look at a comment, and what it
// weighs. The words are "talk.sign." + Name.
type Sign struct {
	Name   string `json:"name"`
	Weight int    `json:"weight"`
	What   string `json:"what,omitempty"` // the rule, the passage
}

// past is what is known of whoever writes.
type past struct {
	Approved, Removed int
	Removed30         int // within thirty days
}

// risky is from where a comment waits for a person under moderation after publication.
const risky = 60

// sale are words of those who sell, in their languages, by stem.
var sale = terms("заработок заработать доход казино ставка ставки кредит займ скидка купить продам дёшево телеграм ватсап вотсап подписывайтесь инвестиция крипта биткоин casino crypto bitcoin loan discount viagra betting earn income subscribe whatsapp telegram dm промокод бонус ұтыс несие арзан тапсырыс")

func terms(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		for _, tag := range []string{"ru", "en", "kk"} {
			out[stem.Of(tag).Term(w)] = true
		}
	}
	return out
}

// signs are what speaks for a look at a comment, and the sum. It is a rule of thumb
// that says what it saw; a person decides.
func signs(name, text, headline string, found *Finding, p past, same int) (list []Sign, risk int) {
	add := func(name string, weight int, what string) {
		if weight != 0 {
			list = append(list, Sign{name, weight, what})
			risk += weight
		}
	}
	if found != nil {
		add("rule", 60, found.What)
	}
	if same > 0 {
		add("same", 30, "")
	}
	sold := map[string]bool{}
	for _, w := range stem.Of("ru").Words(text) {
		for _, tag := range []string{"ru", "en", "kk"} {
			if t := stem.Of(tag).Term(w); sale[t] {
				sold[t] = true
			}
		}
	}
	add("sale", min(15*len(sold), 45), "")
	digits, run := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if run++; run > digits {
				digits = run
			}
		case r != ' ' && r != '-' && r != '(' && r != ')' && r != '+':
			run = 0
		}
	}
	if digits >= 10 {
		add("number", 25, "")
	}
	if n := utf8.RuneCountInString(text); n < 5 {
		add("short", 10, "")
	} else if strings.Count(text, "!")*20 > n && strings.Count(text, "!") > 3 {
		add("marks", 10, "")
	}
	if guess := lang.Detect(text); guess != "" && utf8.RuneCountInString(text) > 40 && lang.Detect(headline) != "" &&
		lang.Of(guess).Script() != lang.Of(lang.Detect(headline)).Script() {
		add("script", 10, "")
	}
	if name == "" {
		add("nameless", 5, "")
	}
	switch {
	case p.Approved == 0:
		add("new", 15, "")
	default:
		add("known", -min(5*p.Approved, 30), "")
	}
	add("removed", min(20*p.Removed30+5*p.Removed, 50), "")
	return list, max(0, min(risk, 100))
}
