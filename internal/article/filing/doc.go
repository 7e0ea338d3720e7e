// Package filing is the closet of room article with the desk's pages of what articles
// are filed under: tags, and the people and places that they name. They are looked
// for, renamed, and two that are one are made one.
//
// Tables: none
//
// Routes: /desk/tags …, /desk/people …, /desk/places …; `dateline routes` lists them.
//
// Permissions: topic.write.
package filing
