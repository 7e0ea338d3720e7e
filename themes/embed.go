// Package themes holds the themes' files: templates and styles, one folder per
// theme. docs/contracts/theme.md says what a theme consists of; package theme
// reads them.
package themes

import "embed"

// Files has one folder per theme: "default/article/article.html".
//
//go:embed default broadside
var Files embed.FS
