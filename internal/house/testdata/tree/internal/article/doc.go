// Package article keeps articles.
//
// Tables: article (one edition each), revision,
// working_copy
// Views: article_public
//
// Routes: none
package article
