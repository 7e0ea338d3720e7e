// Package cache keeps rendered pages: rendered once, never stale.
//
// A page declares what it was made of (tags) and the instant at which the
// clock alone changes it (Until). It is kept until one of its tags is purged,
// that instant comes, or the room runs out of bytes. The promise, held by a
// property test: a served page is never older than the last purge of one of
// its tags that returned before the request began. Three exceptions exist, all
// on purpose:
//
//   - While something that pages are made from is away (Options.IsUnavailable),
//     the last copy is served for at most a day. A purge of "!tag" (withdrawn)
//     forbids even that.
//   - What is refreshed and not purged (another process's import brought
//     something) may be served half a second longer, while it is rendered anew.
//   - Numbers of views are stamped into the finished page, at most every half of
//     Options.StampEvery; they are no part of the entity tag.
//
// How it holds. Every purge has a number. A rendering remembers the number at
// its start; when it ends, it is stored only if none of its tags was purged
// since, and a request that came after such a purge waits for the next
// rendering instead of taking this one. Everything that writes holds one
// mutex; a hit takes a read lock on one of 64 shards and allocates nothing.
//
// With Options.Pass none of this happens: every request is a rendering.
//
// Pages are compressed once per encoding, on the first demand. What is thrown
// out is chosen by SIEVE (a page asked for since the hand last passed stays):
// a hit sets one bit, and a crawler walking through the archive does not push
// out what people read.
//
// Tables, Routes, Jobs, Events, Permissions: none.
package cache
