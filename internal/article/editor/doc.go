// Package editor is the closet of room article with its pages at the desk: lists of
// what is being written, the page on which an article is written, filed, reviewed,
// published and taken back, its revisions side by side, and a look at it before
// readers see it.
//
// What somebody writes is sent every second or two and names the version that it
// was made on; article.Save brings it together with what others wrote meanwhile.
// Publishing prints the working copy (printed.go): ids become names as they are on
// that day.
//
// Scripts: assets/desk/article.js runs the page of one article, desk-editor.js its
// body (docs/contracts/desk-editor.md).
//
// Tables: none
//
// A text that readers do not have yet is shown by previews.go as it will be met: page,
// telephone, networks, search engines, feeds. Its pictures answer below the page's own
// address there. links.go gives that page to somebody without an account: each look
// asks anew whether the link still leads anywhere.
//
// Routes: /desk/articles …, /desk/find/…, /desk/add/…, and for whoever has a
// link /-/preview/{token} …; `dateline routes` lists them.
//
// Panels: those on "article" get its article.Article.
package editor
