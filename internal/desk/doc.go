// Package desk is the frame of the editors' interface: its layout, menu and look,
// who may come in, and the pages that belong to no other room (signing in, today,
// one's own account, staff, the audit log).
//
// # For rooms that build at the desk
//
// A room keeps its pages beside its code (desk.go, desk/*.html) and hangs them in
// when app asks it to:
//
//	//go:embed desk/*.html
//	var files embed.FS
//
//	func (s *Store) Desk(d *desk.Desk) {
//		pages := desk.NewTemplates(files, "desk")
//		d.Handle(
//			desk.Route{Method: "GET", Pattern: "/desk/articles/{id}", Room: "article", Permission: user.ReadArticles, Serve: s.show(pages)},
//			desk.Route{Method: "POST", Pattern: "/desk/articles/{id}", Room: "article", Permission: user.WriteArticles, MaxBody: 2 << 20, Serve: s.save},
//		)
//		d.Menu(desk.Entry{Group: desk.Work, Order: 20, Word: "article.menu", Path: "/desk/articles", Icon: "page", Permission: user.ReadArticles, Tab: true})
//		d.Panel(desk.Panel{On: desk.Today, Room: "article", Order: 30, Word: "article.being_written", Permission: user.ReadArticles,
//			Page: pages, Name: "written", Load: s.written})
//	}
//
// Route. The permission is asked for before Serve runs, in one place (Guard); a
// route without one, or with one that user does not name, does not start. Where a
// right goes as far as what is theirs (user.Mine), Serve asks once more with the
// owner at hand: r.May(user.WriteArticles, mine). GET changes nothing.
//
// Request is the request with who asks: r.Who, r.L (their language), r.Zone (the
// newsroom's), r.Newsroom. r.ID("id") reads a number in the path. r.Context() uses
// the desk's own connections to the database: pass it on.
//
// Answers. r.Show(w, Page{…}) sets a page into the layout. r.Go(w, path, "word", …)
// answers a form that was carried out: 303, and the words are said at the top of the
// next page. r.Again(w, page, err) shows a form once more with what is wrong
// (422): errors with words (lang.Wrong, fault.Field) stand at their field, see Field
// and Mark. r.JSON(w, v) is for scripts. An error that Serve returns becomes a page
// (or JSON, for a script) in the language of whoever asked; its text goes to the log.
//
// Templates. Each file NAME.html defines "main", and if it wants to "bar", what
// stands at the right of the top bar. In them: T "word" "name" value…, date,
// daymonth, clock, moment, iso (of a time; all in the newsroom's zone), number, icon;
// {{template "field" .Email}} sets a Field, {{template "icon" "page"}} an icon,
// {{template "moment" .At}} a time. Styles lie in assets/desk/*.css, one sheet for
// the whole desk; scripts in assets/desk/*.js, desk.js on every page, others where
// Page.Scripts names them. There are no inline handlers and no style attributes: the
// policy of content refuses both. Trusted Types allow one policy, "dateline".
//
// Words lie in locales/desk/ROOM.TAG.json, in English, Russian and Kazakh.
//
// Panels stand on other rooms' pages: a room with a page for a thing asks for those
// that hang there, r.Panels("article", id), and ranges over them. The panels of
// Today are asked with nil.
//
// # Promises
//
// Nobody keeps a page of the desk (no-store); other sites' pages can neither ask for
// one nor show one; every answer has a nonce of its own. Forms work without scripts,
// but for passkeys, which need one. Who is not signed in is led to sign in and then
// on. Work at the desk goes on while readers flood the site: it has connections to
// the database that they cannot take, and Options.Most requests at once.
//
// Tables: none
//
// Routes: /desk/ …; `dateline routes` lists them with their permissions.
//
// Permissions: those of room user.
package desk
