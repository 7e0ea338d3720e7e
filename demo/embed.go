package demo

import "embed"

// Files holds the whole newsroom: newsroom.json, comments.json and the folders
// articles, pages and pictures. README.md beside this file describes the format.
//
//go:embed newsroom.json comments.json articles/*.html pages/*.html pictures/*.svg pictures/*.jpg
var Files embed.FS
