// Package edition is the publication: its language editions with their names,
// hosts and prefixes, its settings, the links to follow it elsewhere, and the
// editors' announcements to readers.
//
// It promises:
//   - Site, which every request asks, is read once and kept until it changes,
//     also when another process changes it;
//   - the default edition has no prefix, every other one "/" and its language
//     in lower case;
//   - an announcement is told with the instant at which the clock alone
//     changes the answer, so that a cached page knows how long it is right;
//   - who gives things their permanent names is settled once (Naming).
//
// The zone of a publication decides the days of its addresses (frozen at the
// first publication of an article); an edition has no zone.
//
// Tables: publication, edition, edition_host, setting, follow_link, announcement
package edition
