// Package importer brings a newsroom's archive from another system: it maps
// the neutral items that a closet (importer/wordpress) reads to our rooms,
// keeps old addresses as redirects, and reports to an editor what was taken,
// changed and left, and why.
//
// It promises:
//   - the unit is the item: a file that breaks keeps what stands before the
//     break; every item is stored whole (article, addresses, comments, counts,
//     and where it came from, in one transaction) or not at all;
//   - run again, it doubles nothing: what is unchanged at the source is left,
//     what changed there and was not touched here becomes a new revision, what
//     was touched here is left with a note; what is not in the export is left
//     too, and told of;
//   - earlier texts become earlier revisions, which nobody saw here;
//   - bounded memory, whatever the file's size, and transactions of at most
//     about 100 ms, so that a serving site goes on;
//   - nothing secret enters: no password, hash, key or address of a reader.
//
// Tables: import_source, import_item
package importer
