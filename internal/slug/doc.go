// Package slug makes the part of an address that names a page: from a
// headline in some language (Make), or from what another system called it
// (Imported). It owns the general tables of transliteration; a
// language's own rules are its data (locales/data).
//
// It promises that what it makes is Valid: NFC, no separators, controls or
// characters that mean something in a URL or in HTML, not "." or "..", at
// most 200 bytes; and that making it again changes nothing. It does not know
// which words an edition reserves nor which slugs are taken.
package slug
