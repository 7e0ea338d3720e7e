package comment

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dateline/internal/audit"
	"dateline/internal/conduct"
	"dateline/internal/db"
	"dateline/internal/desk"
	"dateline/internal/edition"
	"dateline/internal/lang"
	"dateline/internal/user"
)

type ruleForm struct {
	Number            int
	Title, Text       desk.Field
	Category          desk.Field
	Checks            []desk.Field
	Words, Most, Drop desk.Field
}

type rulesData struct {
	Path, Public string
	Version      int
	Rules        []ruleForm
	May          bool
	Lang         string
	Sights       []sight
}

func (m *Moderation) rulesPage(w http.ResponseWriter, r *desk.Request) error {
	ed, err := m.editionAt(r)
	if err != nil {
		return err
	}
	rules, err := m.Rules(r.Context(), m.d, ed.ID, ed.Lang)
	if err != nil {
		return err
	}
	page, err := m.rulesForm(r, ed, rules)
	if err != nil {
		return err
	}
	return r.Show(w, page)
}

func (m *Moderation) rulesForm(r *desk.Request, ed edition.Edition, rules Rules) (desk.Page, error) {
	data := &rulesData{Path: deskPath + "/rules/" + strings.ToLower(ed.Lang), Public: ed.Prefix + "/rules", Version: rules.Version, May: r.Who.Can(user.ChangeSettings), Lang: ed.Lang}
	for _, x := range append(slices.Clone(rules.List), Rule{Category: "OTHER_VIOLATION_TC"}) {
		n := strconv.Itoa(len(data.Rules) + 1)
		f := ruleForm{Number: len(data.Rules) + 1,
			Title: desk.Field{Name: "title-" + n, Label: r.T("talk.rule_title"), Value: x.Title, Most: mostTitle, Lang: ed.Lang},
			Text:  desk.Field{Kind: "area", Name: "text-" + n, Label: r.T("talk.rule_text"), Value: x.Text, Most: 2000, Lang: ed.Lang},
			Words: desk.Field{Kind: "area", Name: "words-" + n, Label: r.T("talk.rule_words"), Hint: r.T("talk.rule_words_hint"), Most: 20_000},
			Most:  desk.Field{Name: "most-" + n, Label: r.T("talk.rule_most"), Most: 6}}
		for _, c := range Categories() {
			f.Category.Choices = append(f.Category.Choices, desk.Choice{Value: c, Label: r.T("talk.category." + strings.ToLower(c)), Chosen: c == x.Category})
		}
		f.Category.Kind, f.Category.Name, f.Category.Label = "choice", "category-"+n, r.T("talk.rule_category")
		for _, k := range conduct.Kinds() {
			i := slices.IndexFunc(x.Tests, func(t conduct.Test) bool { return t.Kind == k })
			f.Checks = append(f.Checks, desk.Field{Kind: "check", Name: string(k) + "-" + n, Label: r.T("talk.test." + string(k)), On: i >= 0})
			if i < 0 {
				continue
			}
			if k == conduct.Words {
				f.Words.Value = strings.Join(x.Tests[i].Words, "\n")
			}
			if k == conduct.Length && x.Tests[i].Most > 0 {
				f.Most.Value = strconv.Itoa(x.Tests[i].Most)
			}
		}
		data.Rules = append(data.Rules, f)
	}
	return desk.Page{Title: r.T("talk.rules_of", "edition", ed.Name), From: m.pages, Name: "rules", Back: deskPath, Data: data}, nil
}

// readForm makes rules of a form: those without a title are gone.
func readForm(r *desk.Request, ed edition.Edition) (Rules, error) {
	out := Rules{Edition: ed.ID, Lang: ed.Lang, Staff: r.Who.ID}
	for i := 1; i <= mostRules; i++ {
		n := strconv.Itoa(i)
		x := Rule{Number: len(out.List) + 1, Title: oneLine(r.Form("title-" + n)), Text: clean(r.Form("text-" + n)), Category: r.Form("category-" + n)}
		if x.Title == "" {
			continue
		}
		for _, k := range conduct.Kinds() {
			if r.Form(string(k)+"-"+n) == "" {
				continue
			}
			t := conduct.Test{Kind: k}
			switch k {
			case conduct.Words:
				for _, w := range strings.Split(r.Form("words-"+n), "\n") {
					if w = oneLine(w); w != "" {
						t.Words = append(t.Words, w)
					}
				}
			case conduct.Length:
				most, err := strconv.Atoi(strings.TrimSpace(r.Form("most-" + n)))
				if err != nil || most < 1 || most > mostText {
					err := lang.Wrong("talk.wrong.most", "number", i, "n", mostText)
					return out, err
				}
				t.Most = most
			}
			x.Tests = append(x.Tests, t)
		}
		out.List = append(out.List, x)
	}
	return out, nil
}

func (m *Moderation) saveRules(w http.ResponseWriter, r *desk.Request) error {
	ed, err := m.editionAt(r)
	if err != nil {
		return err
	}
	rules, err := readForm(r, ed)
	last, _ := strconv.Atoi(r.Form("version"))
	rules.Version = last
	if err == nil {
		err = m.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
			version, err := m.SetRules(r.Context(), tx, rules, ed.Lang, last)
			if err != nil {
				return err
			}
			return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "rules.change", Kind: "edition", RefID: ed.ID, Detail: map[string]any{"version": version}})
		})
	}
	if err != nil {
		page, perr := m.rulesForm(r, ed, rules)
		if perr != nil {
			return perr
		}
		return r.Again(w, page, err)
	}
	return r.Go(w, deskPath+"/rules/"+strings.ToLower(ed.Lang), "talk.rules_saved")
}

type placesData struct {
	Path   string
	Places []placeForm
	May    bool
}

type placeForm struct {
	Kind, Ref              string
	Name                   string
	Moderation, Days, Slow desk.Field
}

// places is where it is decided for sections, and for one article that ?article names.
func (m *Moderation) places(w http.ResponseWriter, r *desk.Request) error {
	ctx := r.Context()
	data := &placesData{Path: deskPath + "/places", May: r.Who.Can(user.ChangeSettings)}
	add := func(kind string, id int64, name string) error {
		x, err := m.settingFor(ctx, kind, id)
		if err != nil {
			return err
		}
		f := placeForm{Kind: kind, Ref: itoa(id), Name: name}
		suffix := kind + itoa(id)
		choices := []desk.Choice{{Value: "", Label: r.T("talk.place.as_elsewhere"), Chosen: x.Moderation == ""}}
		for _, c := range []string{"newcomers", "after", "before"} {
			choices = append(choices, desk.Choice{Value: c, Label: r.T("talk.place." + c), Chosen: x.Moderation == c})
		}
		f.Moderation = desk.Field{Kind: "choice", Name: "moderation", Label: r.T("talk.place.moderation"), Choices: choices, ID: "m-" + suffix}
		f.Days = desk.Field{Name: "days", Label: r.T("talk.place.days"), Most: 5, ID: "d-" + suffix}
		f.Slow = desk.Field{Name: "slow", Label: r.T("talk.place.slow"), Most: 5, ID: "s-" + suffix}
		if x.Days != nil {
			f.Days.Value = itoa(*x.Days)
		}
		if x.Slow != nil {
			f.Slow.Value = itoa(*x.Slow)
		}
		data.Places = append(data.Places, f)
		return nil
	}
	if id, err := strconv.ParseInt(r.URL.Query().Get("article"), 10, 64); err == nil {
		a, err := m.Articles.Get(ctx, m.d, id)
		if err != nil {
			return err
		}
		if err := add("article", id, a.Headline); err != nil {
			return err
		}
	} else {
		tree, err := m.Topics.Tree(ctx, r.Newsroom.ID)
		if err != nil {
			return err
		}
		for _, t := range tree.Sections() {
			if err := add("topic", t.ID, t.Name(r.L.Tag(), r.Newsroom.Lang).Name); err != nil {
				return err
			}
		}
	}
	return r.Show(w, desk.Page{Title: r.T("talk.places"), From: m.pages, Name: "places", Back: deskPath, Data: data})
}

func (m *Moderation) savePlace(w http.ResponseWriter, r *desk.Request) error {
	id, err := strconv.ParseInt(r.Form("ref"), 10, 64)
	kind := r.Form("kind")
	to := deskPath + "/places"
	if kind == "article" {
		to += "?article=" + r.Form("ref")
	}
	x := Setting{Kind: kind, Ref: id, Moderation: r.Form("moderation")}
	read := func(name string) (*int64, bool) {
		text := strings.TrimSpace(r.Form(name))
		if text == "" {
			return nil, true
		}
		n, err := strconv.ParseInt(text, 10, 64)
		return &n, err == nil && n >= 0 && n < 100_000
	}
	var ok1, ok2 bool
	x.Days, ok1 = read("days")
	x.Slow, ok2 = read("slow")
	if err != nil || kind != "article" && kind != "topic" || !ok1 || !ok2 || !slices.Contains([]string{"", "newcomers", "after", "before"}, x.Moderation) {
		return r.Go(w, deskPath+"/places", "talk.not_done", "why", r.T("talk.wrong.place"))
	}
	err = m.d.Tx(r.Context(), db.Desk, func(tx *db.Tx) error {
		if err := m.SetFor(r.Context(), tx, x); err != nil {
			return err
		}
		return audit.Log(r.Context(), tx, audit.Entry{Actor: r.Who.Name, ActorID: r.Who.ID, Action: "comment.place", Kind: kind, RefID: id, Detail: map[string]any{"moderation": x.Moderation}})
	})
	if err != nil {
		return err
	}
	return r.Go(w, to, "talk.place_saved")
}
