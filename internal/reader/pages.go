package reader

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"dateline/internal/edition"
	"dateline/internal/fault"
	"dateline/internal/lang"
	"dateline/internal/mail"
	"dateline/internal/theme"
)

func (s *Service) showText(w http.ResponseWriter, r *http.Request, ed edition.Edition, code int, title, text string) error {
	l := lang.Of(ed.Lang)
	return s.o.Show(w, r, ed, Path, l.T(title), code, func(f theme.Frame) theme.Page {
		return &theme.AccountPage{Frame: f, Heading: l.T(title), Lead: []string{l.T(text)}}
	})
}

func hidden(ed edition.Edition, more ...string) []theme.Field {
	out := []theme.Field{{Name: "edition", Value: ed.Lang}}
	for i := 0; i+1 < len(more); i += 2 {
		out = append(out, theme.Field{Name: more[i], Value: more[i+1]})
	}
	return out
}

// mark puts what is wrong beside its field; what belongs to none is said above.
func mark(l *lang.Locale, err error, form *theme.Form) (above string) {
	if err == nil {
		return ""
	}
	text, ok := l.Say(err)
	if !ok {
		return ""
	}
	if f, is := err.(*fault.Error); is && form != nil {
		for i := range form.Inputs {
			if form.Inputs[i].Name == f.Field {
				form.Inputs[i].Wrong = text
				return ""
			}
		}
	}
	return text
}

func (s *Service) showSignIn(w http.ResponseWriter, r *http.Request, ed edition.Edition, code int, email string, wrong error) error {
	l := lang.Of(ed.Lang)
	title := l.T("account.sign_in")
	return s.o.Show(w, r, ed, Path, title, code, func(f theme.Frame) theme.Page {
		form := theme.Form{Action: actions + "/link", Button: l.T("account.send_link"), Hidden: hidden(ed), Inputs: []theme.Input{
			{Kind: "email", Name: "email", Label: l.T("account.email"), Hint: l.T("account.email_hint"), Value: email, Auto: "email", Required: true, Most: 254}}}
		page := &theme.AccountPage{Frame: f, Heading: title, Lead: []string{l.T("account.sign_in_lead")}, Wrong: mark(l, wrong, &form)}
		part := theme.AccountPart{ID: "link", Title: l.T("account.by_link"), Form: &form}
		if !s.o.Post.Sends() {
			part.Text = append(part.Text, l.T("account.no_mail"))
		}
		page.Parts = append(page.Parts, part)
		if s.keys != nil {
			page.Parts = append(page.Parts, theme.AccountPart{ID: "passkey", Title: l.T("account.by_passkey"), Text: []string{l.T("account.by_passkey_text")}, Scripted: true,
				Form: &theme.Form{Action: actions + "/passkey", Options: actions + "/passkey/options", Passkey: "get", Button: l.T("account.use_passkey"), Hidden: hidden(ed)}})
		}
		return page
	})
}

func (s *Service) showSent(w http.ResponseWriter, r *http.Request, ed edition.Edition) error {
	l := lang.Of(ed.Lang)
	return s.o.Show(w, r, ed, Path, l.T("account.sent_title"), http.StatusOK, func(f theme.Frame) theme.Page {
		page := &theme.AccountPage{Frame: f, Heading: l.T("account.sent_title"), Lead: []string{l.T("account.sent", "n", int64(LinkFor/time.Minute)), l.T("account.sent_none")},
			Links: []theme.Link{{Name: l.T("account.sent_again"), URL: ed.Prefix + Path}}}
		if !s.o.Post.Sends() {
			page.Lead = append(page.Lead, l.T("account.no_mail"))
		}
		return page
	})
}

// showLink is what a link leads to: a button. Whoever only looks – a program that reads
// letters before people do – uses nothing up.
func (s *Service) showLink(w http.ResponseWriter, r *http.Request, ed edition.Edition, token string) error {
	l := lang.Of(ed.Lang)
	email, err := linked(r.Context(), s.d, token, s.o.Now())
	if fault.Is(err, fault.NotFound) {
		return s.showSignIn(w, r, ed, http.StatusNotFound, "", stale())
	}
	if err != nil {
		return err
	}
	return s.o.Show(w, r, ed, Path, l.T("account.in_title", "site", ed.Name), http.StatusOK, func(f theme.Frame) theme.Page {
		return &theme.AccountPage{Frame: f, Heading: l.T("account.in_title", "site", ed.Name), Lead: []string{l.T("account.in_lead", "email", email)},
			Parts: []theme.AccountPart{{Form: &theme.Form{Action: actions + "/in", Button: l.T("account.in_button"), Hidden: hidden(ed, "token", token)}}}}
	})
}

func (s *Service) showAccount(w http.ResponseWriter, r *http.Request, ed edition.Edition, who Reader, own int64, code int, said string, wrong error) error {
	ctx, l := r.Context(), lang.Of(ed.Lang)
	list, err := sessions(ctx, s.d, who.ID, s.o.Now())
	if err != nil {
		return err
	}
	keys, err := keysOf(ctx, s.d, who.ID)
	if err != nil {
		return err
	}
	letters, err := mail.To(ctx, s.d, who.Email)
	if err != nil {
		return err
	}
	var comments []Own
	if s.o.Comments != nil {
		if comments, err = s.o.Comments(ctx, who.ID, ed); err != nil {
			return err
		}
	}
	site, err := s.o.Editions.Site(ctx)
	if err != nil {
		return err
	}
	zone, err := lang.Zone(site.Publication.Zone)
	if err != nil {
		zone = time.UTC
	}
	title := l.T("account.title")
	moment := func(t time.Time) *theme.Moment {
		t = t.In(zone)
		return &theme.Moment{ISO: t.Format(time.RFC3339), Text: l.DateTime(t)}
	}
	button := func(path, word string, danger bool) *theme.Form {
		return &theme.Form{Action: actions + path, Button: l.T(word), Quiet: !danger, Danger: danger, Hidden: hidden(ed)}
	}
	return s.o.Show(w, r, ed, Path, title, code, func(f theme.Frame) theme.Page {
		page := &theme.AccountPage{Frame: f, Heading: title, Lead: []string{l.T("account.signed_in_as", "email", who.Email)}}
		if word := map[string]string{"/saved": "account.said_saved", "/ended": "account.said_ended", "/added": "account.said_added", "/removed": "account.said_removed"}[said]; word != "" {
			page.Said = l.T(word)
		}
		profile := theme.Form{Action: actions + "/profile", Button: l.T("account.save"), Hidden: hidden(ed), Inputs: []theme.Input{
			{Kind: "text", Name: "name", Label: l.T("account.name"), Hint: l.T("account.name_hint"), Value: who.Name, Auto: "nickname", Most: mostName},
			{Kind: "check", Name: "replies", Label: l.T("account.tells_replies"), Checked: who.Replies},
			{Kind: "check", Name: "reports", Label: l.T("account.tells_reports"), Checked: who.Reports}}}
		gone := theme.Form{Action: actions + "/delete", Button: l.T("account.delete_button"), Danger: true, Hidden: hidden(ed),
			Inputs: []theme.Input{{Kind: "check", Name: "sure", Label: l.T("account.delete_sure"), Required: true}}}
		if page.Wrong = mark(l, wrong, &profile); page.Wrong != "" {
			page.Wrong = mark(l, wrong, &gone)
		}
		page.Parts = append(page.Parts, theme.AccountPart{ID: "profile", Title: l.T("account.profile"), Form: &profile})
		if s.o.Comments != nil {
			part := theme.AccountPart{ID: "comments", Title: l.T("account.comments"), None: l.T("account.comments_none")}
			for _, c := range comments {
				part.Rows = append(part.Rows, theme.AccountRow{Name: c.Headline, URL: c.URL, Time: moment(c.At), Text: c.Text, Note: c.State})
			}
			page.Parts = append(page.Parts, part)
		}
		part := theme.AccountPart{ID: "sessions", Title: l.T("account.sessions"), Text: []string{l.T("account.sessions_text")}}
		for _, one := range list {
			row := theme.AccountRow{Name: cmp.Or(one.Agent, l.T("account.browser")), Time: moment(one.Begun), Note: l.T("account.via_" + string(one.Via))}
			if one.ID == own {
				row.Mark = l.T("account.this_one")
			} else {
				row.Form = button("/sessions/"+strconv.FormatInt(one.ID, 10)+"/end", "account.end", false)
			}
			part.Rows = append(part.Rows, row)
		}
		part.Form = button("/out", "account.sign_out", false)
		if len(list) > 1 {
			part.Further = button("/sessions/end", "account.end_others", false)
		}
		page.Parts = append(page.Parts, part)
		if s.keys != nil {
			part := theme.AccountPart{ID: "passkeys", Title: l.T("account.passkeys"), Text: []string{l.T("account.passkeys_text")}}
			for _, k := range keys {
				row := theme.AccountRow{Name: k.Name, Time: moment(k.Created), Form: button("/passkeys/"+strconv.FormatInt(k.ID, 10)+"/remove", "account.remove", false)}
				if k.Synced {
					row.Note = l.T("account.synced")
				}
				part.Rows = append(part.Rows, row)
			}
			part.Form = &theme.Form{Action: actions + "/passkeys", Options: actions + "/passkeys/options", Passkey: "create", Button: l.T("account.add_passkey"), Quiet: true, Hidden: hidden(ed)}
			part.NoScript = l.T("account.passkeys_noscript")
			page.Parts = append(page.Parts, part)
		}
		part = theme.AccountPart{ID: "data", Title: l.T("account.data"), Text: []string{l.T("account.data_text")}, Links: []theme.Link{{Name: l.T("account.export"), URL: actions + "/export"}, {Name: l.T("footer.privacy"), URL: ed.Prefix + "/privacy"}}}
		if n := len(letters); n > 0 {
			part.Text = append(part.Text, l.T("account.letters", "n", int64(n)))
		}
		page.Parts = append(page.Parts, part,
			theme.AccountPart{ID: "delete", Title: l.T("account.delete"), Text: []string{l.T("account.delete_text")}, Form: &gone})
		return page
	})
}
