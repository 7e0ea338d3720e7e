// Package assets holds the files that pages load and that do not belong to one
// theme: fonts, the readers' scripts, the styles of what these load and of what readers write, the icon; the styles and scripts of the
// desk (app sets its styles together) and its editor. Room web serves them under
// names that carry a hash of the content.
//
// dist is made of desk by tools/assets and committed, so that building the
// program needs no Node; `make check` holds that the two belong together.
//
// The fonts (fonts/subset.py makes them) are subsets of Source Serif 4 and Source Sans 3 (SIL OFL 1.1, the
// licences lie beside them); in style sheets they are called Lamp Serif and
// Lamp Sans, because the licence reserves the original names for the original
// files.
package assets

import "embed"

// Files are the files as they are in the repository.
//
//go:embed fonts/*.woff2 fonts/LICENSE-* js/*.js css/*.css desk/[0-9]*.css desk/*.js dist/* img/*.svg
var Files embed.FS
