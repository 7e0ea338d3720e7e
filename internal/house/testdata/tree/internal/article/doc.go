// Package article keeps articles.
//
// Tables: article (one edition each), revision,
// working_copy. Nothing else; more words, here
// Views: article_public
//
// Routes: none
package article
