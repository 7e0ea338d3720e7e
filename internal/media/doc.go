// Package media keeps pictures, sound, video and files: what they are, what is
// said of them in every language (caption, alternative text, credit), their
// rights, and the files themselves.
//
// It promises:
//   - what a file is, its own bytes decide, never its name or what the sender
//     says; what is nothing that we know is refused;
//   - positions and cameras in photographs (EXIF, XMP, IPTC) are not kept; the
//     orientation is;
//   - an SVG holds no script, no event handler and nothing from elsewhere;
//   - a file answers at /media/TOKEN/NAME only while a public article uses it
//     at that instant, or while it is marked to be public always (portraits,
//     logos);
//   - nothing is drawn when a file is taken: a rendition (package rendition) is
//     made when it is first asked for, one at a time, within a budget of memory,
//     and answers only while its medium does; until it is there, and where it
//     cannot be made, the original is sent.
//
// Tables: media, media_text, media_look, rendition
// Routes: /media/
package media
