// Package author keeps contributors: those who are credited under articles.
// They need no login. A contributor is an entity (its names stand there) with
// a slug, a portrait, and a role and a biography per language. The address is
// author/slug, the same in every edition.
//
// Tables: contributor, contributor_text
package author
