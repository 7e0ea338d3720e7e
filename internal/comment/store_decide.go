package comment

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"dateline/internal/article"
	"dateline/internal/conduct"
	"dateline/internal/db"
	"dateline/internal/fault"
	"dateline/internal/job"
	"dateline/internal/lang"
)

const decisionFields = "id, edition_id, article_id, comment_id, deed, ground, rule, rules_version, title, law, category, facts, source, found_by_machine," +
	" by_machine, coalesce(staff_id, 0), at, coalesce(until, 0), before, held_for, public_before, version, writer, lang, content_at, waited, stands, coalesce(ended_at, 0)"

func scanDecision(sc db.Scanner, d *Decision) error {
	var at, until, content, waited, ended int64
	err := sc.Scan(&d.ID, &d.Edition, &d.Article, &d.Comment, &d.Deed, &d.Ground, &d.Rule, &d.RulesVersion, &d.Title, &d.Law, &d.Category, &d.Facts, &d.Source,
		&d.FoundByMachine, &d.ByMachine, &d.Staff, &at, &until, &d.before, &d.heldFor, &d.publicBefore, &d.version, &d.Writer, &d.Lang, &content, &waited, &d.Stands, &ended)
	d.At, d.Until, d.ContentAt, d.Ended = instant(at), instant(until), instant(content), instant(ended)
	d.Waited = time.Duration(waited) * time.Millisecond
	return err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (s *Store) put(ctx context.Context, tx *db.Tx, d Decision) (int64, error) {
	until := sql.NullInt64{Int64: d.Until.UnixMilli(), Valid: !d.Until.IsZero()}
	return db.Get(ctx, tx, db.One[int64], "INSERT INTO comment_decision (edition_id, article_id, comment_id, deed, ground, rule, rules_version, title, law, category, facts, source,"+
		" found_by_machine, by_machine, staff_id, at, until, before, held_for, public_before, version, writer, lang, content_at, waited)"+
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) RETURNING id",
		d.Edition, d.Article, d.Comment, string(d.Deed), d.Ground, d.Rule, d.RulesVersion, d.Title, d.Law, d.Category, d.Facts, d.Source,
		d.FoundByMachine, d.ByMachine, orNull(d.Staff), d.At.UnixMilli(), until, d.before, d.heldFor, d.publicBefore, d.version, d.Writer, d.Lang, d.ContentAt.UnixMilli(), d.Waited.Milliseconds())
}

// hold notes that a machine made a comment wait, and by which rule.
func (s *Store) hold(ctx context.Context, tx *db.Tx, c Comment, a article.Article, r Rules, f Finding) error {
	l := lang.Of(r.Lang)
	_, err := s.put(ctx, tx, Decision{Edition: a.Edition, Article: a.ID, Comment: c.ID, Deed: Hold, Ground: "rule", Rule: f.Rule.Number, RulesVersion: r.Version,
		Title: f.Rule.Title, Category: f.Rule.Category, Facts: l.T("comments.facts.machine"), Source: "own", FoundByMachine: true, ByMachine: true, At: s.d.Now(),
		Writer: c.Writer, Lang: spoken(c.Body, r.Lang), ContentAt: c.At, before: "", heldFor: "rule"})
	return err
}

// spoken is the language of a text, as far as it can be told.
func spoken(text, otherwise string) string {
	if len(text) < 40 {
		return otherwise
	}
	if guess := lang.Detect(text); guess != "" {
		return guess
	}
	return otherwise
}

// Decide carries an act out, on the version of the comment that whoever acts saw. Of
// two who do the same at the same time one does it, and again is true for the other;
// of two who want different things the second is told so (Conflict).
func (s *Store) Decide(ctx context.Context, tx *db.Tx, act Act, a article.Article, r Rules) (d Decision, again bool, err error) {
	if err := act.check(r); err != nil {
		return d, false, err
	}
	c, err := s.Get(ctx, tx, act.Comment)
	if err != nil {
		return d, false, err
	}
	now := s.d.Now()
	d = Decision{Edition: a.Edition, Article: c.ArticleID, Comment: c.ID, Deed: act.Deed, Source: "own", Staff: act.Staff, At: now, Stands: true,
		Writer: c.Writer, Lang: spoken(c.Body, r.Lang), ContentAt: c.At, before: c.State, heldFor: c.Held, publicBefore: c.State == "approved", version: act.Version + 1}
	if act.Deed.Restricts() {
		s.ground(&d, act, r)
	}
	if act.Source != "" {
		d.Source = act.Source
	}
	notices, since, err := s.waiting(ctx, tx, c.ID)
	if err != nil {
		return d, false, err
	}
	if notices > 0 && d.Source == "own" {
		d.Source = "notice"
	}
	if since.IsZero() {
		since = c.At
	}
	d.Waited = max(0, now.Sub(since))
	d.FoundByMachine = c.Held == "rule" || c.Held == "risk"
	if act.Deed.Sanction() {
		return s.sanction(ctx, tx, c, d, act)
	}
	state := map[Deed]string{Approve: "approved", Restore: "approved", Remove: "trash", Spam: "spam"}[act.Deed]
	if state == "" {
		return d, false, fault.Field("deed", "nobody can %q a comment", act.Deed)
	}
	if c.Version == act.Version {
		n, err := tx.Exec(ctx, "UPDATE comment SET state = $3, held_for = '', gone = NULL, version = version + 1 WHERE id = $1 AND version = $2", c.ID, act.Version, state)
		if err != nil {
			return d, false, err
		}
		if n == 0 {
			c.Version++ // somebody was faster by a hair (PostgreSQL)
		}
	}
	if c.Version != act.Version {
		return s.slower(ctx, tx, c.ID, act)
	}
	if _, err := tx.Exec(ctx, "UPDATE comment_decision SET stands = FALSE, ended_at = $2 WHERE comment_id = $1 AND stands AND deed IN ('hold', 'approve', 'remove', 'spam', 'restore')",
		c.ID, now.UnixMilli()); err != nil {
		return d, false, err
	}
	if d.ID, err = s.put(ctx, tx, d); err != nil {
		return d, false, err
	}
	if act.Deed == Remove && (d.publicBefore || c.Gone != nil) {
		if _, err := tx.Exec(ctx, "UPDATE comment SET gone = $2 WHERE id = $1", c.ID, d.ID); err != nil {
			return d, false, err
		}
	}
	s.told(tx, d)
	if err := s.answered(ctx, tx, c.ID); err != nil {
		return d, false, err
	}
	if err := s.settle(ctx, tx, d); err != nil {
		return d, false, err
	}
	return d, false, s.concerns(ctx, tx, d, c)
}

// told has the pages made anew that show what was decided.
func (s *Store) told(tx *db.Tx, d Decision) {
	changed(tx, d.Article)
	tx.Changed("decisions:" + strconv.FormatInt(d.Edition, 10))
}

// ground fills in why: the rule as it is, or the law; and the facts.
func (s *Store) ground(d *Decision, act Act, r Rules) {
	l := lang.Of(r.Lang)
	d.Law, d.Facts = strings.TrimSpace(act.Law), strings.TrimSpace(act.Facts)
	if rule, ok := r.ByNumber(act.Rule); ok && d.Law == "" {
		d.Ground, d.Rule, d.RulesVersion, d.Title, d.Category = "rule", rule.Number, r.Version, rule.Title, rule.Category
	} else {
		d.Ground, d.Category = "law", "ILLEGAL_OR_HARMFUL_SPEECH"
	}
	if d.Facts == "" {
		d.Facts = l.T("comments.facts." + d.Ground)
	}
	if act.Deed.Sanction() {
		d.Until = d.At.Add(time.Duration(act.Days) * 24 * time.Hour)
	}
}

// SpamRule is the rule that spam breaks: that against advertising, else that against
// links, else the first.
func (r Rules) SpamRule() Rule {
	for _, rule := range r.List {
		if rule.Category == "SCAMS_AND_FRAUD" {
			return rule
		}
	}
	if rule := r.Of(conduct.Links); rule.Number != 0 {
		return rule
	}
	if len(r.List) > 0 {
		return r.List[0]
	}
	return Rule{}
}

// slower answers whoever decides about a comment that has moved on meanwhile.
func (s *Store) slower(ctx context.Context, tx *db.Tx, id int64, act Act) (Decision, bool, error) {
	last, err := db.Get(ctx, tx, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE comment_id = $1 AND stands AND deed IN ('approve', 'remove', 'spam', 'restore') ORDER BY id DESC LIMIT 1", id)
	if fault.Is(err, fault.NotFound) {
		return last, false, conflict("changed")
	}
	if err != nil {
		return last, false, err
	}
	if last.Deed == act.Deed && last.Rule == act.Rule && last.version == act.Version+1 {
		return last, true, nil
	}
	return last, false, conflict("decided")
}

// sanction restricts a writer for a time. Two that are the same are one.
func (s *Store) sanction(ctx context.Context, tx *db.Tx, c Comment, d Decision, act Act) (Decision, bool, error) {
	if c.Writer == "" {
		return d, false, wrongDesk("deed", "unknown_writer")
	}
	if n, err := tx.Exec(ctx, "UPDATE comment SET version = version + 1 WHERE id = $1 AND version = $2", c.ID, act.Version); err != nil || n == 0 {
		if err != nil {
			return d, false, err
		}
		last, err := db.Get(ctx, tx, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE comment_id = $1 AND stands AND deed = $2 AND version = $3", c.ID, string(act.Deed), act.Version+1)
		if err == nil {
			return last, true, nil
		}
		return d, false, conflict("changed")
	}
	var err error
	if d.ID, err = s.put(ctx, tx, d); err != nil {
		return d, false, err
	}
	s.told(tx, d)
	return d, false, s.concerns(ctx, tx, d, c)
}

// Undo takes a decision back: the comment is as it was before, and what was decided
// before stands again. Only what was decided last about a comment can be undone.
func (s *Store) Undo(ctx context.Context, tx *db.Tx, id int64) (Decision, error) {
	d, err := s.Decision(ctx, tx, id)
	if err != nil {
		return d, err
	}
	if !d.Stands || d.Deed == Hold {
		return d, conflict("undone")
	}
	now := s.d.Now().UnixMilli()
	if !d.Deed.Sanction() {
		gone := sql.NullInt64{}
		if d.before == "trash" { // an approval of what was removed is undone
			if prev, err := db.Get(ctx, tx, db.One[int64], "SELECT id FROM comment_decision WHERE comment_id = $1 AND ended_at = $2 AND deed = 'remove' AND public_before AND id < $3 ORDER BY id DESC LIMIT 1",
				d.Comment, d.At.UnixMilli(), d.ID); err == nil {
				gone = orNull(prev)
			}
		}
		n, err := tx.Exec(ctx, "UPDATE comment SET state = $3, held_for = $4, gone = $5, version = version + 1 WHERE id = $1 AND version = $2",
			d.Comment, d.version, d.before, d.heldFor, gone)
		if err != nil {
			return d, err
		}
		if n == 0 {
			return d, conflict("changed")
		}
		if _, err := tx.Exec(ctx, "UPDATE comment_decision SET stands = TRUE, ended_at = NULL WHERE comment_id = $1 AND id < $2 AND ended_at = $3", d.Comment, d.ID, d.At.UnixMilli()); err != nil {
			return d, err
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE comment_decision SET stands = FALSE, ended_at = $2 WHERE id = $1", d.ID, now); err != nil {
		return d, err
	}
	_, err = tx.Exec(ctx, "UPDATE comment_notice SET outcome = '', decided_at = NULL, staff_id = NULL, decision_id = NULL WHERE decision_id = $1", d.ID)
	if err == nil {
		err = s.answered(ctx, tx, d.Comment)
	}
	d.Stands = false
	s.told(tx, d)
	return d, err
}

// Decision gives one.
func (s *Store) Decision(ctx context.Context, q db.Querier, id int64) (Decision, error) {
	return db.Get(ctx, q, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE id = $1", id)
}

// DecisionsOf gives what was decided about comments, the newest first.
func (s *Store) DecisionsOf(ctx context.Context, q db.Querier, ids []int64) (map[int64][]Decision, error) {
	in, args := db.In(nil, ids)
	list, err := db.List(ctx, q, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE comment_id IN ("+in+") ORDER BY id DESC", args...)
	out := map[int64][]Decision{}
	for _, d := range list {
		out[d.Comment] = append(out[d.Comment], d)
	}
	return out, err
}

// gone fills in what is told of removed comments.
func (s *Store) gone(ctx context.Context, list []Comment) error {
	var ids []int64
	for _, c := range list {
		if c.Gone != nil {
			ids = append(ids, c.Gone.Decision)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	in, args := db.In(nil, ids)
	found, err := db.List(ctx, s.d, scanDecision, "SELECT "+decisionFields+" FROM comment_decision WHERE id IN ("+in+")", args...)
	if err != nil {
		return err
	}
	for i := range list {
		for _, d := range found {
			if g := list[i].Gone; g != nil && g.Decision == d.ID {
				g.At, g.Rule, g.Title, g.Law = d.At, d.Rule, d.Title, d.Law
			}
		}
	}
	return nil
}

// waiting is how many notices wait about a comment, and since when.
func (s *Store) waiting(ctx context.Context, q db.Querier, id int64) (n int, since time.Time, err error) {
	var at sql.NullInt64
	_, err = db.Get(ctx, q, func(sc db.Scanner, _ *struct{}) error { return sc.Scan(&n, &at) }, "SELECT count(*), min(at) FROM comment_notice WHERE comment_id = $1 AND outcome = ''", id)
	return n, instant(at.Int64), err
}

// settle answers the notices about a comment. Who gave them is not needed any more, an
// address until they have been told (concerns).
func (s *Store) settle(ctx context.Context, tx *db.Tx, d Decision) error {
	outcome := "acted"
	if d.Deed == Approve || d.Deed == Restore {
		outcome = "kept"
	}
	_, err := tx.Exec(ctx, "UPDATE comment_notice SET outcome = $2, decided_at = $3, staff_id = $4, decision_id = $5, name = '' WHERE comment_id = $1 AND outcome = ''",
		d.Comment, outcome, d.At.UnixMilli(), orNull(d.Staff), d.ID)
	return err
}

const appealFields = "id, decision_id, text, at, coalesce(first_staff_id, 0), outcome, reason, coalesce(staff_id, 0), coalesce(decided_at, 0)"

func scanAppeal(sc db.Scanner, a *Appeal) error {
	var at, decided int64
	err := sc.Scan(&a.ID, &a.Decision, &a.Text, &at, &a.First, &a.Outcome, &a.Reason, &a.Staff, &decided)
	a.At, a.Decided = instant(at), instant(decided)
	return err
}

// AppealsOf gives the appeals against decisions, by the decision.
func (s *Store) AppealsOf(ctx context.Context, q db.Querier, decisions []int64) (map[int64]Appeal, error) {
	in, args := db.In(nil, decisions)
	list, err := db.List(ctx, q, scanAppeal, "SELECT "+appealFields+" FROM comment_appeal WHERE decision_id IN ("+in+")", args...)
	out := map[int64]Appeal{}
	for _, a := range list {
		out[a.Decision] = a
	}
	return out, err
}

// Appeal stores a writer's complaint about a decision on their comment: one each.
func (s *Store) Appeal(ctx context.Context, tx *db.Tx, c Comment, decision int64, text string) error {
	d, err := s.Decision(ctx, tx, decision)
	if err != nil || d.Comment != c.ID {
		return fault.New(fault.NotFound, "no decision %d on comment %d: %w", decision, c.ID, err)
	}
	now := s.d.Now()
	if text = clean(text); empty(text) {
		return wrong("appeal", "empty")
	}
	if !d.Stands || !d.Appealable(now) {
		err := lang.Wrong("comments.wrong.no_appeal")
		err.Kind = fault.Conflict
		return err
	}
	if len([]rune(text)) > 2000 {
		return wrong("appeal", "long_appeal", "n", 2000)
	}
	_, err = tx.Exec(ctx, "INSERT INTO comment_appeal (decision_id, text, at, first_staff_id) VALUES ($1, $2, $3, $4)", d.ID, text, now.UnixMilli(), orNull(d.Staff))
	if fault.Is(db.Wrap(err), fault.Conflict) {
		err := lang.Wrong("comments.wrong.appealed")
		err.Kind = fault.Conflict
		return err
	}
	return err
}

// Appealable tells whether a decision can be complained about.
func (d Decision) Appealable(now time.Time) bool {
	return (d.Deed.Restricts() || d.Deed == Hold) && now.Before(d.At.Add(AppealTime))
}

// Answer decides an appeal. Whoever decided first may not; two who answer at the same
// time are one.
func (s *Store) Answer(ctx context.Context, tx *db.Tx, id int64, uphold bool, reason string, staff int64) (Decision, error) {
	a, d, err := s.appeal(ctx, tx, id)
	if err != nil {
		return d, err
	}
	switch {
	case a.First == staff:
		err := lang.Wrong("talk.wrong.own_decision")
		err.Kind = fault.Forbidden
		return d, err
	case strings.TrimSpace(reason) == "":
		return d, wrongDesk("reason", "reason")
	}
	outcome := "rejected"
	if uphold {
		outcome = "upheld"
	}
	now := s.d.Now()
	n, err := tx.Exec(ctx, "UPDATE comment_appeal SET outcome = $2, reason = $3, staff_id = $4, decided_at = $5 WHERE id = $1 AND outcome = ''",
		id, outcome, strings.TrimSpace(reason), staff, now.UnixMilli())
	if err != nil {
		return d, err
	}
	if n == 0 {
		return d, conflict("answered")
	}
	s.told(tx, d)
	c, err := s.Get(ctx, tx, d.Comment)
	if err != nil {
		return d, err
	}
	if c.account() != 0 {
		if err := job.PutOutbox(ctx, tx, job.Event{Kind: appealDue, Ref: id}); err != nil {
			return d, err
		}
	}
	if !uphold || !d.Stands {
		return d, nil
	}
	deed := Lift
	if !d.Deed.Sanction() {
		deed = Restore
		// What was removed is public again, whatever it was before: a second person has read it.
		if _, err := tx.Exec(ctx, "UPDATE comment SET state = 'approved', held_for = '', gone = NULL, version = version + 1 WHERE id = $1", d.Comment); err != nil {
			return d, err
		}
		if err := s.answered(ctx, tx, d.Comment); err != nil {
			return d, err
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE comment_decision SET stands = FALSE, ended_at = $2 WHERE id = $1", d.ID, now.UnixMilli()); err != nil {
		return d, err
	}
	if c, err = s.Get(ctx, tx, d.Comment); err != nil { // its version is another one now
		return d, err
	}
	_, err = s.put(ctx, tx, Decision{Edition: d.Edition, Article: d.Article, Comment: d.Comment, Deed: deed, Ground: d.Ground, Rule: d.Rule, RulesVersion: d.RulesVersion, Title: d.Title, Law: d.Law,
		Category: d.Category, Facts: strings.TrimSpace(reason), Source: "appeal", Staff: staff, At: now, Lang: d.Lang, ContentAt: d.ContentAt, Waited: now.Sub(a.At), before: d.before, version: c.Version})
	return d, err
}

// Notify stores what somebody tells of a comment; it is read under the address that
// token is the secret of.
func (s *Store) Notify(ctx context.Context, tx *db.Tx, n Notice, token string) (int64, error) {
	tx.Changed("decisions:" + strconv.FormatInt(n.Edition, 10))
	return db.Get(ctx, tx, db.One[int64], "INSERT INTO comment_notice (edition_id, comment_id, ground, rule, text, name, email, token, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
		n.Edition, n.Comment, n.Ground, n.Rule, n.Text, n.Name, n.Email, hash(token), s.d.Now().UnixMilli())
}

const noticeFields = "id, edition_id, comment_id, ground, rule, text, name, email, at, outcome, coalesce(decided_at, 0), coalesce(decision_id, 0)"

func scanNotice(sc db.Scanner, n *Notice) error {
	var at, decided int64
	err := sc.Scan(&n.ID, &n.Edition, &n.Comment, &n.Ground, &n.Rule, &n.Text, &n.Name, &n.Email, &at, &n.Outcome, &decided, &n.Decision)
	n.At, n.Decided = instant(at), instant(decided)
	return err
}

// NoticeOf gives the notice of a receipt's address.
func (s *Store) NoticeOf(ctx context.Context, token string) (Notice, error) {
	return db.Get(ctx, s.d, scanNotice, "SELECT "+noticeFields+" FROM comment_notice WHERE token = $1", hash(token))
}

// NoticesOf gives the open notices about comments.
func (s *Store) NoticesOf(ctx context.Context, ids []int64) (map[int64][]Notice, error) {
	in, args := db.In(nil, ids)
	list, err := db.List(ctx, s.d, scanNotice, "SELECT "+noticeFields+" FROM comment_notice WHERE outcome = '' AND comment_id IN ("+in+") ORDER BY id", args...)
	out := map[int64][]Notice{}
	for _, n := range list {
		out[n.Comment] = append(out[n.Comment], n)
	}
	return out, err
}
