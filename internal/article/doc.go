// Package article is the room of the text itself: stories, articles, their
// revisions, what is visible to whom and when, and where it is listed.
//
// A story is language-neutral; an article is its text in one edition. What a
// reader sees is a revision: a full snapshot as printed (names, captions,
// picture hashes and all), in canonical bytes, chained by SHA-256 to the one
// before. Ids alone would let a later rename rewrite the past. A published
// revision is never pruned. What somebody is working on is the working copy,
// apart from the live revision.
//
// "Publicly visible" has one Go type (Visibility) and one SQL view
// (article_public), both a function of the clock: an approved article with a
// live revision is visible from visible_from on. "Scheduled" and "published"
// are not stored; they are what the clock makes of an article. The condition
// stands in that view alone: article_media_public is made of it, and listing and
// listing_day hold a row for exactly what it has, because the transaction that
// changes an article's state changes its rows. Their views only name them to
// other rooms; a join with article would cost each list of a page a look into
// the table for every row.
//
// Writing an article writes the article, its revision, its address, its
// listings, and the row of the outbox in one transaction. The room does not
// know who listens.
//
// Tables: story, article, revision, working_copy, working_version, working_sent, working_media, article_work, article_open, article_sought, preview_link, translation, byline, article_topic, article_media, article_guid, listing, listing_day
// Views: article_public, article_media_public, article_media_used, listing_public, listing_day_public
package article
