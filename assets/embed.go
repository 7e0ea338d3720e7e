// Package assets holds the files that readers' pages load and that do not
// belong to one theme: fonts, the reader’s script, the icon; and the styles and
// scripts of the desk (app sets its styles together). Room web serves them
// under names that carry a hash of the content.
//
// The fonts (fonts/subset.py makes them) are subsets of Source Serif 4 and Source Sans 3 (SIL OFL 1.1, the
// licences lie beside them); in style sheets they are called Lamp Serif and
// Lamp Sans, because the licence reserves the original names for the original
// files.
package assets

import "embed"

// Files are the files as they are in the repository.
//
//go:embed fonts/*.woff2 fonts/LICENSE-* js/*.js desk/*.css desk/*.js img/*.svg
var Files embed.FS
