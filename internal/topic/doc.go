// Package topic keeps the shelves on which articles stand: sections (a tree),
// tags, genres, columns and series. Each has a name, a slug and a description
// per language, and an address in every edition: section/…, tag/…, genre/…,
// column/…, series/….
//
// It promises:
//   - a tree without circles, whatever an import brings;
//   - in an edition without a name of its own for a topic, the topic has the
//     address of its fallback name, so that every article's shelves have pages;
//   - everything but the tags, of which there may be a hundred thousand, is
//     kept in memory until the change tag "topics"; a page that draws the
//     sections' menu carries that tag.
//
// Tables: topic, topic_name
package topic
