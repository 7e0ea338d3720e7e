package theme_test

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"dateline/internal/lang"
	"dateline/internal/rendition"
	"dateline/internal/theme"
)

// fixture makes pages of every kind in a language. The words of the newsroom
// are those of an invented town; in languages other than these three they stay
// English, which does no harm to what is tested.
type fixture struct {
	l *lang.Locale
	// hostile puts markup, very long words and too many of everything into
	// every field that takes text.
	hostile bool
}

const evil = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'>&amp;{{.}} `

var longWord = strings.Repeat("қанағаттандырылмағандықтарыңыздан", 4)

// s is a text: itself, or something nasty that contains it.
func (f fixture) s(en, ru, kk string) string {
	text := en
	switch f.l.Tag() {
	case "ru":
		text = ru
	case "kk":
		text = kk
	}
	if f.hostile {
		return evil + longWord + " " + text
	}
	return text
}

func (f fixture) url(path string) string {
	if f.hostile {
		return path + `?a="><b>&c=d`
	}
	return path
}

var instant = time.Date(2026, 11, 14, 9, 40, 0, 0, time.FixedZone("", 5*3600))

func (f fixture) moment(hours int) theme.Moment {
	t := instant.Add(time.Duration(hours) * time.Hour)
	return theme.Moment{ISO: t.Format(time.RFC3339), Text: f.l.DateTime(t)}
}

func (f fixture) clock(hours int) theme.Moment {
	t := instant.Add(time.Duration(hours) * time.Hour)
	return theme.Moment{ISO: t.Format(time.RFC3339), Text: f.l.Time(t)}
}

func (f fixture) picture(name, alt string) *theme.Picture {
	return &theme.Picture{URL: "img/" + name + ".svg", Alt: alt, Width: 1200, Height: 800, FocalX: 500, FocalY: 300}
}

func (f fixture) frame(title string) theme.Frame {
	const site = "https://lamp.example"
	fr := theme.Frame{
		Lang:        f.l,
		SiteName:    f.s("The Tasozen Lamp", "Тасозенская лампа", "Тасөзен шамы"),
		Tagline:     f.s("news of Tasozen, the river and the steppe", "новости Тасозена, реки и степи", "Тасөзен, өзен мен дала жаңалықтары"),
		Logo:        &theme.Picture{URL: "img/icon.svg", Width: 44, Height: 44},
		Title:       title,
		Description: f.s("News of Tasozen", "Новости Тасозена", "Тасөзен жаңалықтары"),
		Canonical:   site + "/2026/11/14/bridge",
		Alternates: []theme.Alternate{
			{Hreflang: "en", URL: site + "/2026/11/14/bridge"}, {Hreflang: "ru", URL: site + "/ru/2026/11/14/most"},
			{Hreflang: "kk", URL: site + "/kk/2026/11/14/kopir"}, {Hreflang: "x-default", URL: site + "/2026/11/14/bridge"},
		},
		Feeds:  []theme.Feed{{URL: "/feed.xml", Title: "RSS"}, {URL: "/feed.json", Type: "application/feed+json"}},
		JSONLD: map[string]any{"@context": "https://schema.org", "@type": "WebPage", "name": title, "text": f.s("a", "б", "ә")},
		Social: &theme.Social{Type: "article", Image: &theme.Picture{URL: site + "/media/x/bridge.jpg", Width: 1200, Height: 630, Alt: f.s("A bridge", "Мост", "Көпір")},
			Published: instant.Format(time.RFC3339), Section: f.s("Railway", "Дорога", "Теміржол"), Authors: []string{f.s("Saule", "Сауле", "Сәуле")}},
		HomeURL: "front.html", SearchURL: f.url("/search"), PrivacyURL: f.url("privacy.html"), ArchiveURL: f.url("archive.html"), AuthorsURL: f.url("authors.html"), CorrectionsURL: f.url("corrections.html"), ColumnsURL: f.url("columns.html"), SeriesURL: f.url("series.html"),
		Editions: []theme.EditionLink{
			{Lang: "en", Name: "English", URL: "#en", Current: f.l.Tag() == "en"},
			{Lang: "kk", Name: "Қазақша", URL: "#kk", Current: f.l.Tag() == "kk"},
			{Lang: "ru", Name: "Русский", URL: "#ru", Current: f.l.Tag() == "ru", Missing: f.l.Tag() != "ru"},
		},
		Today:         theme.Moment{ISO: "2026-11-14", Text: f.l.Title(f.l.FullDate(instant))},
		Breaking:      &theme.Strip{Text: f.s("The upper bridge is closed to lorries until 18:00 after a crane touched the parapet. No one was hurt.", "Верхний мост закрыт для грузовиков до 18:00: кран задел перила. Никто не пострадал.", "Жоғарғы көпір жүк көліктері үшін 18:00-ге дейін жабық: кран қоршауға тиіп кетті. Зардап шеккен жоқ."), URL: f.url("/x"), Time: f.clock(5)},
		Announcements: []theme.Announcement{{Text: f.s("On Monday 16 November our counter on Weavers’ Street opens at eleven instead of nine: the whole newsroom is at the archive, scanning 1974.", "В понедельник, 16 ноября, касса на улице Ткачей откроется в одиннадцать, а не в девять: вся редакция сканирует 1974 год.", "16 қараша, дүйсенбіде Тоқымашылар көшесіндегі кеңсе тоғызда емес, он бірде ашылады."), URL: f.url("/about")}},
		FollowLinks:   []theme.Link{{Name: "Telegram", URL: "https://t.example/lamp", Kind: "telegram"}, {Name: "YouTube", URL: "https://y.example/lamp"}, {Name: f.s("E-mail", "Почта", "Пошта"), URL: f.url("/newsletter")}},
		Footer:        []theme.LinkGroup{{Title: f.s("The newsroom", "Редакция", "Редакция"), Links: []theme.Link{{Name: f.s("About us", "О нас", "Біз туралы"), URL: f.url("static.html")}, {Name: f.s("Write to us", "Напишите нам", "Бізге жазыңыз"), URL: "/contact"}}}},
		Colophon:      f.s("The Tasozen Lamp is published in Tasozen in English, Kazakh and Russian. Editor: Ainur Seitbai.", "«Тасозенская лампа» выходит в Тасозене на русском, казахском и английском языках.", "«Тасөзен шамы» Тасөзен қаласында үш тілде шығады."),
	}
	for i, s := range f.sections() {
		s.Current = i == 2
		fr.Sections = append(fr.Sections, s)
	}
	return fr
}

func (f fixture) sections() []theme.Link {
	return []theme.Link{
		{Name: f.s("Town", "Город", "Қала"), URL: f.url("list.html")},
		{Name: f.s("River & steppe", "Река и степь", "Өзен мен дала"), URL: "list.html"},
		{Name: f.s("Railway", "Железная дорога", "Теміржол"), URL: "list.html"},
		{Name: f.s("Schools", "Школы", "Мектеп"), URL: "list.html"},
		{Name: f.s("Culture", "Культура", "Мәдениет"), URL: "list.html"},
		{Name: f.s("Markets", "Рынки", "Базар"), URL: "list.html"},
		{Name: f.s("Columns", "Колонки", "Бағандар"), URL: "list.html"},
		{Name: f.s("Long reads", "Большое чтение", "Ұзақ оқу"), URL: "list.html"},
	}
}

func (f fixture) persons(n int) []theme.Person {
	all := []theme.Person{
		{Name: f.s("Saule Kairly", "Сауле Каирлы", "Сәуле Қайырлы"), URL: f.url("author.html"), Role: f.s("Columnist, writes about the town and its queues", "Обозреватель, пишет о городе и его очередях", "Шолушы, қала мен оның кезектері туралы жазады"), Portrait: f.picture("p-saule", "")},
		{Name: f.s("Daniyar Esenkul", "Данияр Есенкул", "Данияр Есенқұл"), URL: "author.html"},
		{Name: f.s("Marta Lindauer", "Марта Линдауэр", "Марта Линдауэр")},
	}
	for len(all) < n {
		all = append(all, theme.Person{Name: f.s("Viktor Ostrogin", "Виктор Острогин", "Виктор Острогин"), URL: "author.html", Role: f.s("photographs", "фотографии", "суреттер")})
	}
	return all[:n]
}

type story struct{ en, ru, kk, picture string }

var stories = []story{
	{"After eleven years, a train crosses the old bridge again", "Через одиннадцать лет по старому мосту снова прошёл поезд", "Он бір жылдан соң көне көпірден пойыз қайта өтті", "bridge"},
	{"Why the Northern quarter is warm and the Mill quarter is not", "Почему в Северном тепло, а в Мельничном нет", "Солтүстік ықшамаудан неге жылы, Диірмен неге суық", "heat"},
	{"Nine letters get a page of their own", "Девять букв получили свою страницу", "Тоғыз әріпке бөлек бет берілді", "letters"},
	{"The lowest November mark since the gauge was built", "Самый низкий ноябрьский уровень со времён постройки водомера", "Өлшеуіш салынғалы қарашадағы ең төмен деңгей", ""},
	{"Forty minutes for four stops: a morning on bus 9", "Сорок минут на четыре остановки: утро в автобусе № 9", "Төрт аялдамаға қырық минут: № 9 автобустағы таң", "bus"},
	{"The moon is played by the electrician, and he is very good", "Луну играет электрик, и играет хорошо", "Айды электрші ойнайды, әрі жақсы ойнайды", "theatre"},
}

func (f fixture) card(i int) theme.Card {
	s := stories[i%len(stories)]
	c := theme.Card{
		URL: f.url("article.html"), Headline: f.s(s.en, s.ru, s.kk),
		Kicker: f.s("Railway", "Железная дорога", "Теміржол"), KickerURL: f.url("list.html"),
		Teaser:  f.s("Engine TE-114 pulled four empty wagons over the Stone River at the pace of a walking man.", "Тепловоз ТЭ-114 провёл четыре пустых вагона через Каменную реку со скоростью пешехода.", "ТЭ-114 тепловозы төрт бос вагонды өзен үстінен жаяу адамның жүрісімен алып өтті."),
		Bylines: f.persons(1 + i%3), Time: f.moment(-24 * i), Views: "3,537", Minutes: 6,
	}
	if i%2 == 1 {
		c.Comments, c.Kicker, c.Minutes = 14, "", 0
	}
	if f.hostile {
		c.Bylines = f.persons(10)
	}
	if s.picture != "" {
		c.Picture = f.picture(s.picture, f.s("Drawing", "Рисунок", "Сурет"))
	}
	return c
}

func (f fixture) cards(n int) []theme.Card {
	var all []theme.Card
	for i := range n {
		all = append(all, f.card(i))
	}
	return all
}

func (f fixture) mostRead() *theme.MostRead {
	return &theme.MostRead{Window: f.s("since yesterday", "со вчерашнего дня", "кешеден бері"), Items: f.cards(5)}
}

func (f fixture) calendar() *theme.Calendar {
	c := &theme.Calendar{
		Title: f.l.Title(f.l.MonthYear(2026, time.November)), URL: f.url("archive.html"),
		Prev: &theme.Link{Name: f.l.Title(f.l.Month(time.October)), URL: f.url("/2026/10/")},
	}
	for i := range 7 {
		day := time.Date(2026, 11, 2+i, 0, 0, 0, 0, time.UTC)
		c.WeekdayHeads = append(c.WeekdayHeads, theme.WeekdayHead{Short: f.l.WeekdayShort(day.Weekday()), Long: f.l.Weekday(day.Weekday())})
	}
	week := make([]theme.Day, 6)
	for n := 1; n <= 30; n++ {
		d := theme.Day{N: n, Current: n == 14, Today: n == 14 || n == 20}
		if n <= 14 && n%7 != 1 {
			d.URL, d.Label = fmt.Sprintf("/2026/11/%02d/", n), f.l.DayMonth(time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC))
		}
		if week = append(week, d); len(week) == 7 {
			c.Weeks, week = append(c.Weeks, week), nil
		}
	}
	for len(week) < 7 {
		week = append(week, theme.Day{})
	}
	c.Weeks = append(c.Weeks, week)
	return c
}

const body = `<p id="b1">By eight in the morning some two hundred people stood on the right bank. Some had brought tea, some binoculars, and Kairbek Nurgozhin, a retired driver, had brought the ticket of the last train that crossed here, on <a href="/2015/10/03/last">3 October 2015</a>.</p>
<h2 id="b2">At walking pace</h2>
<p id="b3">The train needed seven minutes for 421 metres.</p>
<blockquote id="b4" class="q"><p>“Iron does not forget. We wanted to hear what it had kept in mind all these years.”</p><footer>Ermek Sartbai, bridge engineer</footer></blockquote>
<p id="b5" class="pull">Iron does not forget. You have to walk slowly and ask nothing.</p>
<aside id="b10"><p>The bridge has four spans.</p></aside>
<div class="tw" tabindex="0" role="region" aria-label="Table"><table id="b11"><caption>The old bridge in figures</caption><thead><tr><th scope="col">Span</th><th scope="col" class="r">Length, m</th></tr></thead><tbody><tr><th scope="row">First, right bank</th><td class="r">104</td></tr></tbody></table></div>
<hr id="b12"><pre id="b13"><code>a line of code that is much too long for a narrow telephone and therefore scrolls</code></pre>
<figure id="b6"><img src="img/gauge.svg" alt="Drawing: a gauge in the river" width="900" height="600" loading="lazy"><figcaption>The gauge. <span class="credit">Drawing: The Lamp</span></figcaption></figure>
<ul id="b7"><li>One thing</li><li>Another</li></ul>
<h3 id="b8">Who waits</h3>
<p id="b9">On the left bank the platform has been swept.</p>`

func (f fixture) comments() *theme.Comments {
	para := f.s("My mother crossed on the last train in 2015 with two hens and a sewing machine.", "Моя мать ехала последним поездом с двумя курами и швейной машинкой.", "Анам соңғы пойызбен екі тауық пен тігін машинасын алып өткен.")
	deep := theme.Comment{ID: 9, Name: f.s("Deep", "Глубоко", "Терең"), Time: f.moment(4), Body: []string{para, ""}}
	if f.hostile {
		for i := range 300 {
			deep = theme.Comment{ID: int64(100 + i), Name: deep.Name, Time: f.moment(4), Body: []string{para}, Replies: []theme.Comment{deep}}
		}
	}
	return &theme.Comments{Count: 4, RulesURL: "/rules", Closed: true, Threads: []theme.Comment{
		{ID: 1, Name: "Galiya S.", Time: f.moment(1), Body: []string{para}, Replies: []theme.Comment{
			{ID: 2, Name: f.s("Ermek Sartbai", "Ермек Сартбай", "Ермек Сартбай"), Role: f.s("quoted in the article", "цитируется в статье", "мақалада айтылған"), Time: f.moment(2), Body: []string{para, para}, Replies: []theme.Comment{deep}},
			{ID: 3, Removed: f.s("Removed by a moderator on 14 November, 11:32. Rule 4: no links.", "Удалён модератором 14 ноября, 11:32.", "Модератор 14 қарашада жойды.")},
		}},
		{ID: 4, Time: f.moment(3), Body: []string{para}},
	}}
}

func (f fixture) pages() []theme.Page {
	headline := f.s(stories[0].en, stories[0].ru, stories[0].kk)
	lead := f.card(0)
	feature := f.card(2)
	feature.Picture = f.picture("library", "")
	front := &theme.FrontPage{
		Frame: f.frame(""), Lead: &lead, Seconds: f.cards(4)[1:], LatestURL: f.url("/2026/11/14/"),
		Feature: &feature, MostRead: f.mostRead(), Calendar: f.calendar(),
	}
	for i, p := range f.persons(4) {
		name := f.s("The Other Queue", "Другая очередь", "Басқа кезек")
		p.Portrait = f.picture([]string{"p-saule", "p-viktor", "p-marta", "p-timur"}[i], "")
		s := stories[i+1]
		front.Columns = append(front.Columns, theme.ColumnCard{Author: p, Column: theme.Link{Name: name, URL: f.url("list.html")}, Time: f.moment(-i), Headline: f.s(s.en, s.ru, s.kk), URL: f.url("article.html"), Teaser: f.card(0).Teaser})
	}
	for i := range 9 {
		s := stories[i%6]
		front.Latest = append(front.Latest, theme.Line{Time: f.clock(4 - i), Headline: f.s(s.en, s.ru, s.kk), URL: f.url("article.html"), New: i < 2})
	}
	for i := range 3 {
		b := theme.Block{Title: f.sections()[i].Name, URL: f.sections()[i].URL, Cards: f.cards(5)[i%2*3+1:]}
		b.Cards[0].Picture = f.picture([]string{"bus", "steppe", "theatre"}[i], "")
		front.Blocks = append(front.Blocks, b)
	}
	hero := f.picture("bridge", f.s("Drawing: a green engine pulls four red wagons", "Рисунок: зелёный тепловоз", "Сурет: жасыл тепловоз"))
	hero.Caption = f.s("TE-114 on the second span, seen from the reeds, 07:52.", "ТЭ-114 на втором пролёте, 07:52.", "ТЭ-114 екінші аралықта, 07:52.")
	hero.Credit = f.s("Drawing: The Tasozen Lamp", "Рисунок: «Тасозенская лампа»", "Сурет: «Тасөзен шамы»")
	hero.Colour = "#336699"
	hero.Sizes = rendition.Set{Base: "/media/abc/", Name: "bridge", Version: "4f9a0c1e", Default: rendition.JPEG,
		Other: []rendition.Format{rendition.AVIF, rendition.WebP}, Width: 2400, Height: 1600, FocalX: 300, FocalY: 600}
	updated, corrected := f.moment(2), f.moment(3)
	n := 2
	if f.hostile {
		n = 10
	}
	article := &theme.ArticlePage{
		Frame: f.frame(headline), ID: 4127, Kicker: f.s("Railway", "Железная дорога", "Теміржол"), KickerURL: f.url("list.html"),
		Headline: headline, Standfirst: f.card(0).Teaser, Bylines: f.persons(n),
		Dateline: f.l.Dateline(instant, "Asia/Almaty", f.s("Tasozen", "Тасозен", "Тасөзен")), Published: f.moment(0), Updated: &updated,
		Views: "\uFDD0views:4127:en\uFDD1", Beacon: "/-/views/4127", Minutes: 6,
		Genre: &theme.Link{Name: f.s("Reportage", "Репортаж", "Репортаж"), URL: f.url("list.html")}, Series: &theme.Link{Name: f.s("Bridges", "Мосты", "Көпірлер"), URL: "list.html"},
		Part:     &theme.Part{N: 2, Of: 3, Before: &theme.Link{Name: f.s(stories[1].en, stories[1].ru, stories[1].kk), URL: f.url("article.html")}, After: &theme.Link{Name: f.s(stories[3].en, stories[3].ru, stories[3].kk), URL: "article.html"}},
		OldYears: 3,
		Sections: f.sections()[:3], Picture: hero, Body: template.HTML(body),
		Corrections: []theme.Correction{{Time: corrected, Text: f.s("An earlier version of this article gave the length of the bridge as 412 metres. It is 421 metres.", "Длина моста — 421 метр.", "Көпірдің ұзындығы — 421 метр."), URL: f.url("/x"), Page: f.url("/x")},
			{Kind: "note", Time: corrected, Text: headline + "\n\n" + headline}, {Kind: "update", Time: corrected, Text: headline}},
		Corrected: true, Report: &theme.Report{URL: f.url("/-/reports")},
		Comments: f.comments(), Calendar: f.calendar(), MostRead: f.mostRead(), Related: f.cards(3),
		Languages: []theme.EditionLink{{Lang: "kk", Name: "Қазақша", URL: "#kk"}, {Lang: "ru", Name: "Русский", URL: "#ru"}},
	}
	for _, s := range f.sections()[:5] {
		article.Tags = append(article.Tags, theme.Link{Name: s.Name, URL: f.url("/tag/x")})
	}
	list := &theme.ListPage{
		Frame: f.frame(f.sections()[2].Name), List: "section", Heading: f.sections()[2].Name, Description: f.card(0).Teaser + "\n\n" + f.card(0).Teaser,
		Crumbs: f.sections()[:1], Children: f.sections()[3:6], Author: &f.persons(1)[0], Items: f.cards(8), Total: 412,
		Pager: theme.Pager{Newer: f.url("/section/railway"), Older: f.url("/section/railway/page/3"), Page: 2, Pages: 42}, FeedURL: f.url("/section/railway/feed.xml"),
		MostRead: f.mostRead(), Calendar: f.calendar(),
	}
	author := &theme.AuthorPage{
		Frame: f.frame(f.persons(1)[0].Name), Person: f.persons(1)[0], Bio: f.s("Writes every Friday about the town, its queues and its second-best bakeries.", "Пишет по пятницам о городе.", "Әр жұма сайын қала туралы жазады.") + "\n\n" + f.card(0).Teaser,
		Columns: f.sections()[:1], Links: []theme.Link{{Name: "Mastodon", URL: "https://social.example/@saule"}}, Items: f.cards(6), Total: 412,
		Pager: theme.Pager{Older: f.url("/author/saule/page/2"), Page: 1, Pages: 42}, FeedURL: "/author/saule/feed.xml",
	}
	author.MostRead = f.mostRead()
	alone := *article
	alone.Series, alone.Part, alone.OldYears = nil, nil, 1
	alone.Earlier, alone.Later = article.Part.Before, article.Part.After
	series := *list
	series.List, series.Pager.Oldest, series.Items = "series", true, f.cards(8)
	for i := range series.Items {
		series.Items[i].Part = i + 1
	}
	authors := &theme.AuthorsPage{Frame: f.frame(f.l.T("authors.title")), Heading: f.l.T("authors.title"), Columns: front.Columns, Authors: front.Columns}
	crowd := &theme.AuthorsPage{Frame: f.frame(f.l.T("authors.title")), Heading: f.l.T("authors.title"),
		Letters: []theme.LetterGroup{{Letter: "A", Authors: f.persons(9)}, {Letter: "Ә", Authors: f.persons(3)}, {Letter: "Я"}}}
	columns := &theme.ShelvesPage{Frame: f.frame(f.l.T("nav.columns")), List: "column", Heading: f.l.T("nav.columns"), Pager: theme.Pager{Older: f.url("/columns/page/2"), Page: 1}}
	serials := &theme.ShelvesPage{Frame: f.frame(f.l.T("nav.series")), List: "series", Heading: f.l.T("nav.series")}
	for i, who := range f.persons(4) {
		one, two := f.card(i), f.card(i+1)
		one.Part, two.Part = 1, 7
		s := theme.Shelf{Name: f.s("The Other Queue", "Другая очередь", "Басқа кезек"), URL: f.url("/series/queue"), Description: one.Teaser + "\n\n" + two.Teaser, Count: 7, Picture: one.Picture, First: &one, Newest: &two}
		serials.Shelves = append(serials.Shelves, s)
		two.Part, two.Opinion = 0, true
		columns.Shelves = append(columns.Shelves, theme.Shelf{Name: s.Name, URL: s.URL, Lang: "kk", Author: &who, Count: 1, Newest: &two})
	}
	serials.Shelves[3].Newest, serials.Shelves[3].Picture, columns.Shelves[3].Author = nil, nil, nil
	talk := f.comments()
	talk.Count, talk.Later, talk.FindURL = 3000, 2900, f.url("/2026/11/14/bridge/comment")
	talk.Pager = theme.Pager{Ranked: true, Newer: f.url("/2026/11/14/bridge") + "#comments", Older: f.url("/2026/11/14/bridge/comments/3"), Page: 2, Pages: 62}
	talk.Threads[0].To = f.s("Ermek", "Ермек", "Ермек")
	first := *talk
	first.Pager.Newer, first.Pager.Page = "", 1
	alone.Comments = &first
	fix := article.Corrections[0]
	fix.Headline, fix.ArticleURL = headline, f.url("article.html")
	fixes := &theme.CorrectionsPage{Frame: f.frame(f.l.T("article.corrections")), Heading: f.l.T("article.corrections"), Intro: f.l.T("corrections.intro"),
		Months: []theme.CorrectionMonth{{Title: f.l.MonthYear(2026, 11), Items: []theme.Correction{fix, {Kind: "clarification", Time: corrected, Text: headline, Headline: headline}}},
			{Title: f.l.MonthYear(2026, 10), Items: []theme.Correction{fix}}},
		Pager: theme.Pager{Older: f.url("/corrections/page/3"), Newer: f.url("/corrections"), Page: 2}, FeedURL: "/corrections/feed.xml"}
	one := fix
	one.Page, one.URL = "", ""
	one.Changes = []theme.Change{{Part: "headline", Words: []theme.Fate{{Op: "removed", Text: "A bridge"}, {Op: "added", Text: headline}}},
		{Part: "text", Words: []theme.Fate{{Op: "same", Text: "It is "}, {Op: "removed", Text: "412"}, {Op: "added", Text: "421"}, {Op: "same", Text: " metres long."}}}}
	fixed := &theme.CorrectionsPage{Frame: f.frame(headline), One: &one, Crumbs: []theme.Link{{Name: f.l.T("article.corrections"), URL: f.url("/corrections")}}}
	comments := &theme.CommentsPage{Frame: f.frame(f.l.T("comments.page_title", "headline", headline)), Headline: headline, ArticleURL: f.url("article.html"), Comments: talk}
	form := &theme.TalkForm{Action: "/-/comments", Heading: f.l.T("comments.write"), Hint: f.l.T("comments.hint_newcomers"), Submit: f.l.T("comments.send"), Error: f.l.T("comments.wrong.empty"),
		Words: []theme.TalkWord{{Name: "lost", Text: f.l.T("comments.script.lost")}},
		Fields: []theme.TalkField{{Kind: "hidden", Name: "article", Value: "7"}, {Kind: "text", Name: "name", Label: f.l.T("comments.name"), Required: true, Most: 60}, {Kind: "area", Name: "text", Label: f.l.T("comments.text"), Value: "<b>", Wrong: true, Most: 4000},
			{Kind: "choice", Name: "ground", Label: f.l.T("notice.ground"), Choices: []theme.TalkWord{{Name: "1", Text: headline, Chosen: true}, {Name: "law", Text: f.l.T("notice.law")}}},
			{Kind: "check", Name: "faith", Label: f.l.T("notice.faith"), Hint: "x"}, {Kind: "trap", Name: "website", Label: f.l.T("comments.trap")}}}
	first.Form, first.Closed, first.LiveURL = form, false, "/-/comments/news/7/9"
	spoke := talk.Threads[0]
	spoke.Replies, spoke.Quote, spoke.Edited, spoke.ReplyURL, spoke.ReportURL = nil, headline, true, "/-/comments/answer/1", "/-/comments/report/1"
	first.Threads = append([]theme.Comment{spoke, {ID: 77, Removed: f.l.T("comments.removed_law", "when", "14"), RemovedURL: "/transparency#d7"}}, first.Threads[1:]...)
	about := &theme.CommentPage{Frame: f.frame(f.l.T("comments.mine")), Heading: f.l.T("comments.mine"), Intro: []string{f.l.T("comments.mine_keep")}, Article: theme.Link{Name: headline, URL: f.url("article.html")},
		Status: f.l.T("comments.held_new"), Comment: &spoke, RulesURL: "/rules",
		Statements: []theme.Statement{{Title: f.l.T("decision.remove"), Time: f.moment(3), Facts: []theme.TalkWord{{Name: f.l.T("statement.facts"), Text: f.l.T("comments.facts.rule")}},
			Appeal: &theme.TalkForm{Action: "/a", Submit: f.l.T("comments.appeal_send"), Fields: []theme.TalkField{{Kind: "area", Name: "appeal", Label: f.l.T("comments.appeal_why")}}}},
			{Title: f.l.T("decision.hold"), Appealed: f.l.T("comments.appealed", "when", "14")}}}
	writes := &theme.CommentPage{Frame: f.frame(f.l.T("comments.write")), Heading: f.l.T("comments.write"), Form: form}
	rules := &theme.RulesPage{Frame: f.frame(f.l.T("rules.title")), Heading: f.l.T("rules.title"), Intro: f.l.T("rules.intro", "version", 2), RulesLang: "en", LogURL: "/transparency",
		Rules: []theme.HouseRule{{Number: 1, Title: headline, Text: headline}, {Number: 2, Title: headline, Machine: f.l.T("rules.machine")}}, Follows: []string{f.l.T("rules.follows_told")}}
	open := &theme.TransparencyPage{Frame: f.frame(f.l.T("transparency.title")), Heading: f.l.T("transparency.title"), Intro: f.l.T("transparency.intro"), CSVURL: "/transparency.csv", RulesURL: "/rules",
		Figures: []theme.Figure{{Value: "1,914", Text: f.l.T("transparency.figure.published", "days", 30)}}, Reasons: []theme.Figure{{Value: "3", Text: headline}},
		Log:   []theme.LogEntry{{Number: 118, Time: f.moment(2), What: f.l.T("decision.remove"), Rule: f.l.T("statement.rule", "number", 4, "title", headline, "version", 1), Who: f.l.T("transparency.by_person"), Note: f.l.T("transparency.noticed"), URL: f.url("article.html"), Headline: headline}, {Number: 117, What: f.l.T("decision.restore"), Headline: headline}},
		Pager: theme.Pager{Older: f.url("/transparency/page/2"), Page: 1}}
	return []theme.Page{front, article, comments, about, writes, rules, open, fixes, fixed, list, author, &alone, &series, authors, crowd, columns, serials, &theme.ShelvesPage{Frame: f.frame(""), Heading: f.l.T("nav.columns")}, f.archive("month"), f.archive("year"), f.archive("day"),
		&theme.StaticPage{Frame: f.frame(f.s("About us", "О нас", "Біз туралы")), ID: 7, Heading: f.s("About us", "О нас", "Біз туралы"), Standfirst: f.card(0).Teaser, Crumbs: f.sections()[:1],
			Picture: hero, Body: template.HTML(body), Children: f.sections()[:2], Languages: article.Languages, Updated: &updated},
		&theme.PrivacyPage{Frame: f.frame("Privacy"), Contact: "editors@lamp.example", AccountURL: "/account", Own: "<h2>Ours</h2><p>Words.</p>", Updated: &updated},
		f.account(),
		&theme.ReportPage{Frame: f.frame(f.l.T("report.title")), Headline: headline, ArticleURL: f.url("article.html"), Form: &theme.ReportForm{Action: "/-/reports", Article: 4127,
			Exact: headline, Suggestion: headline, Note: headline, Email: "a@b.example", Mails: true, Wrong: headline, WrongField: "exact"}},
		&theme.ReportPage{Frame: f.frame(f.l.T("report.status.title")), Headline: headline, ArticleURL: f.url("article.html"), Status: &theme.ReportStatus{State: "applied", Before: "… ", Exact: headline,
			After: " …", Changes: true, Suggestion: headline, Note: headline, NowBefore: "… ", Now: headline, NowAfter: " …", Mail: true, Sent: &updated, Seen: &updated, Settled: &updated}},
		&theme.ReportPage{Frame: f.frame(f.l.T("report.status.title")), Status: &theme.ReportStatus{State: "refused", Exact: headline, Reason: headline}},
		f.search(true), f.search(false),
		f.failure(404), f.failure(410), f.failure(405), f.failure(413), f.failure(429), f.failure(500), f.failure(503), f.failure(418),
	}
}

func (f fixture) account() *theme.AccountPage {
	form := func(word string, inputs ...theme.Input) *theme.Form {
		return &theme.Form{Action: "/-/account/x", Button: f.l.T(word), Inputs: inputs, Hidden: []theme.Field{{Name: "edition", Value: f.l.Tag()}}}
	}
	quiet := form("account.end")
	quiet.Quiet = true
	key := form("account.add_passkey")
	key.Passkey, key.Options = "create", "/-/account/passkeys/options"
	gone := form("account.delete_button", theme.Input{Kind: "check", Name: "sure", Label: f.l.T("account.delete_sure"), Required: true, Wrong: f.l.T("account.wrong.sure")})
	gone.Danger = true
	at := theme.Moment{ISO: "2026-11-30T09:49:00+03:00", Text: "09:49"}
	long := f.card(0).Headline
	return &theme.AccountPage{Frame: f.frame(f.l.T("account.title")), Heading: f.l.T("account.title"), Lead: []string{f.l.T("account.signed_in_as", "email", "asel@lamp.example")},
		Said: f.l.T("account.said_saved"), Wrong: f.l.T("account.wrong.many"), Links: []theme.Link{{Name: f.l.T("account.sent_again"), URL: f.url("account.html")}},
		Parts: []theme.AccountPart{
			{ID: "profile", Title: f.l.T("account.profile"), Form: form("account.save", theme.Input{Kind: "text", Name: "name", Label: f.l.T("account.name"), Hint: f.l.T("account.name_hint"), Value: long, Auto: "nickname", Most: 40},
				theme.Input{Kind: "email", Name: "email", Label: f.l.T("account.email"), Wrong: f.l.T("mail.wrong.address"), Required: true}, theme.Input{Kind: "area", Name: "words", Label: f.l.T("account.name"), Value: long, Wrong: long},
				theme.Input{Kind: "check", Name: "replies", Label: f.l.T("account.tells_replies"), Checked: true})},
			{ID: "comments-own", Title: f.l.T("account.comments"), None: f.l.T("account.comments_none")},
			{ID: "sessions", Title: f.l.T("account.sessions"), Text: []string{f.l.T("account.sessions_text")}, Further: quiet, Links: []theme.Link{{Name: f.l.T("account.export"), URL: "/x"}, {Name: long, URL: "/y"}},
				Rows: []theme.AccountRow{{Name: "Firefox, Linux", Time: &at, Mark: f.l.T("account.this_one"), Note: f.l.T("account.via_link")}, {Name: long, URL: "/x", Text: long, Form: quiet}}},
			{ID: "passkeys", Title: f.l.T("account.passkeys"), Form: key, Scripted: true, NoScript: f.l.T("account.passkeys_noscript")},
			{Form: form("account.in_button")},
			{ID: "delete", Title: f.l.T("account.delete"), Form: gone}}}
}

func (f fixture) search(found bool) *theme.SearchPage {
	p := &theme.SearchPage{Frame: f.frame(f.l.T("search.title", "query", f.s("bridge", "мост", "көпір"))), Action: "/search",
		Query: f.s("bridge -\"foot\"", "мост -пешеходный", "көпір -жаяу"), Summary: f.l.T("search.count", "n", 1286),
		Notes:  []string{f.l.T("search.cut")},
		Hidden: []theme.Field{{Name: "order", Value: "newest"}},
		When:   []theme.Choice{{Name: f.l.T("search.when_all"), Current: true}, {Name: f.l.T("search.when_week"), Value: "week"}},
		From:   "2026-01-01", Earliest: "2009-03-14", Latest: "2026-11-14", DaysHint: f.l.T("search.days_since", "date", f.l.Date(instant)),
		Active:     []theme.Link{{Name: f.l.T("search.from_day", "date", f.l.Date(instant)), URL: f.url("/search?q=x")}, {Name: f.s("Section: Railway", "Рубрика: Дорога", "Айдар: Теміржол"), URL: f.url("/search?q=x")}},
		Wider:      &theme.Link{Name: f.l.T("search.wider"), URL: f.url("/search?q=x")},
		InEditions: []theme.Choice{{Name: "English", Lang: "en", Value: "en", Current: true}, {Name: "Қазақша", Lang: "kk", Value: "kk"}},
		Elsewhere:  []theme.EditionLink{{Lang: "kk", Name: "Қазақша", URL: f.url("/kk/search?q=x")}}}
	for i, o := range []string{"search.best", "search.newest"} {
		p.Orders = append(p.Orders, theme.Link{Name: f.l.T(o), URL: f.url("/search?q=x"), Current: i == 0})
	}
	if !found {
		p.Help, p.Meant = true, []theme.Link{{Name: f.s("bridge", "мост", "көпір"), URL: f.url("/search?q=bridge")}, {Name: f.s("brigade", "рост", "көпіршік"), URL: f.url("/search?q=brigade")}}
		return p
	}
	for i := range 4 {
		c := f.card(i)
		c.Picture, c.Minutes = nil, 0
		found := []theme.Found{{Label: f.l.T("list.tag"), Text: []theme.Piece{{Text: f.s("bridges", "мосты", "көпірлер"), Marked: true}}}, {Text: []theme.Piece{{Text: f.s("Bridge", "Мост", "Көпір"), Marked: true}}}}
		p.Hits = append(p.Hits, theme.Hit{Card: c, Found: found[:i%3], Title: []theme.Piece{{Text: c.Headline}},
			Passage: []theme.Piece{{Text: "… "}, {Text: f.s("bridge", "мосту", "көпірден"), Marked: true}, {Text: " " + c.Teaser}}})
	}
	for i, s := range f.sections() {
		p.Sections = append(p.Sections, theme.Choice{Name: s.Name, Value: fmt.Sprint(i), Count: 700 - 80*i, Current: i == 0})
	}
	for i, a := range f.persons(3) {
		p.Authors = append(p.Authors, theme.Choice{Name: a.Name, Value: fmt.Sprint(i), Current: i == 0})
	}
	p.Pager = theme.Pager{Page: 2, Newer: f.url("/search?q=x"), Older: f.url("/search?q=x&page=3")}
	return p
}

func (f fixture) archive(scope string) *theme.ArchivePage {
	p := &theme.ArchivePage{
		Frame: f.frame(f.l.MonthYear(2026, time.November)), Scope: scope, Heading: f.l.Title(f.l.MonthYear(2026, time.November)),
		Summary: f.s("Ninety-four articles in twelve days.", "Девяносто четыре статьи за двенадцать дней.", "Он екі күнде тоқсан төрт мақала."),
		Crumbs:  []theme.Link{{Name: f.s("Archive", "Архив", "Мұрағат"), URL: f.url("/archive")}, {Name: "2026", URL: "/2026/"}},
		Years:   []theme.Link{{Name: "2026", URL: "/2026/", Current: true}, {Name: "2025", URL: "/2025/"}},
		Prev:    &theme.Link{Name: f.l.MonthYear(2026, time.October), URL: f.url("/2026/10/")}, Next: &theme.Link{Name: f.l.MonthYear(2026, time.December), URL: "/2026/12/"},
	}
	for m := time.January; m <= time.December; m++ {
		l := theme.Link{Name: f.l.Month(m), Current: m == time.November}
		if m < time.December {
			l.URL = fmt.Sprintf("/2026/%02d/", m)
		}
		p.Months = append(p.Months, l)
	}
	if scope == "year" {
		p.Calendars = []theme.Calendar{*f.calendar(), *f.calendar(), {}}
		return p
	}
	p.Calendar = f.calendar()
	days := 4
	if scope == "day" {
		days, p.Months = 1, nil
	}
	for i := range days {
		day := instant.AddDate(0, 0, -i)
		g := theme.DayGroup{Items: f.cards(3)}
		if scope == "month" {
			g.Date = theme.Moment{ISO: day.Format("2006-01-02"), Text: f.l.DayMonth(day)}
			g.Weekday, g.URL = f.l.Weekday(day.Weekday()), f.url("/2026/11/14/")
		}
		for j := range g.Items {
			g.Items[j].Time = f.clock(-j)
		}
		p.Days = append(p.Days, g)
	}
	return p
}

func (f fixture) failure(status int) *theme.ErrorPage {
	p := &theme.ErrorPage{Frame: f.frame("Error"), Status: status}
	switch status {
	case 404:
		p.Elsewhere = []theme.EditionLink{{Lang: "ru", Name: "Русский", URL: f.url("/ru/x")}}
		p.Query = f.s("old bridge", "старый мост", "көне көпір")
	case 410:
		m := f.moment(0)
		p.Date, p.Reason = &m, f.s("It named the wrong person. We have apologised to the right one.", "В ней был назван не тот человек.", "Онда басқа адам аталған.")
	case 500:
		p.Reference = "7F3A-22"
	}
	return p
}

// minimal pages have nothing that can be left out.
func minimal(l *lang.Locale) []theme.Page {
	f := theme.Frame{Lang: l}
	return []theme.Page{
		&theme.FrontPage{Frame: f},
		&theme.FrontPage{Frame: f, Seconds: []theme.Card{{URL: "/a", Headline: "A"}}, Columns: []theme.ColumnCard{{URL: "/b", Headline: "B"}},
			Blocks: []theme.Block{{Title: "C", Cards: []theme.Card{{URL: "/c", Headline: "C"}}}, {Title: "Empty"}}, MostRead: &theme.MostRead{}},
		&theme.FrontPage{Frame: f, Latest: []theme.Line{{URL: "/a", Headline: "A"}}, Calendar: &theme.Calendar{}},
		&theme.ArticlePage{Frame: f, Headline: "A"},
		&theme.ArticlePage{Frame: f, Headline: "A", Updated: &theme.Moment{}, MostRead: &theme.MostRead{}, Comments: &theme.Comments{}, Report: &theme.Report{},
			Bylines: []theme.Person{{Name: "N"}}, Picture: &theme.Picture{URL: "/p.jpg"}, Genre: &theme.Link{Name: "G"}},
		&theme.CommentsPage{Frame: f, Headline: "A"},
		&theme.CommentPage{Frame: f, Heading: "A"}, &theme.RulesPage{Frame: f, Heading: "A"}, &theme.TransparencyPage{Frame: f, Heading: "A"},
		&theme.CorrectionsPage{Frame: f, Heading: "A"},
		&theme.CorrectionsPage{Frame: f, One: &theme.Correction{Text: "A"}},
		&theme.CommentsPage{Frame: f, Headline: "A", Comments: &theme.Comments{}},
		&theme.ListPage{Frame: f, Heading: "A"},
		&theme.ListPage{Frame: f, Heading: "A", List: "tag", Author: &theme.Person{}, Items: []theme.Card{{URL: "/a", Headline: "A"}}},
		&theme.AuthorPage{Frame: f, Person: theme.Person{Name: "A"}},
		&theme.AuthorsPage{Frame: f, Heading: "A"},
		&theme.AuthorsPage{Frame: f, Heading: "A", Columns: []theme.ColumnCard{{URL: "/a", Headline: "A"}}, Authors: []theme.ColumnCard{{Author: theme.Person{Name: "N"}}}},
		&theme.ArticlePage{Frame: f, Headline: "A", Series: &theme.Link{Name: "S"}, Part: &theme.Part{}, Earlier: &theme.Link{Name: "never shown", URL: "/x"}},
		&theme.ArticlePage{Frame: f, Headline: "A", Later: &theme.Link{Name: "L", URL: "/l"}},
		&theme.ArchivePage{Frame: f, Scope: "year", Heading: "2026"},
		&theme.ArchivePage{Frame: f, Scope: "month", Heading: "2026", Days: []theme.DayGroup{{Items: []theme.Card{{URL: "/a", Headline: "A"}}}, {}}},
		&theme.ArchivePage{Frame: f, Scope: "day", Heading: "2026"},
		&theme.StaticPage{Frame: f, Heading: "A"},
		&theme.PrivacyPage{Frame: f},
		&theme.AccountPage{Frame: f, Heading: "A"},
		&theme.AccountPage{Frame: f, Heading: "A", Parts: []theme.AccountPart{{}, {Title: "B", Rows: []theme.AccountRow{{Name: "C"}}}, {Form: &theme.Form{Button: "D"}}}},
		&theme.ReportPage{Frame: f},
		&theme.ReportPage{Frame: f, Form: &theme.ReportForm{}},
		&theme.ReportPage{Frame: f, Status: &theme.ReportStatus{}},
		&theme.SearchPage{Frame: f, Action: "/search"},
		&theme.SearchPage{Frame: f, Action: "/search", Query: "a", Hits: []theme.Hit{{Card: theme.Card{URL: "/a", Headline: "A"}, Title: []theme.Piece{{Text: "A"}}}}},
		&theme.ErrorPage{Frame: f, Status: 404},
		&theme.ErrorPage{Frame: f, Status: 410},
		&theme.ErrorPage{Frame: f, Status: 503},
	}
}
