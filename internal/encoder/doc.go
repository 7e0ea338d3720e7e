// Package encoder has pictures coded by programs of the operator's machine:
// avifenc (libavif) and cwebp (libwebp), where they are found.
//
// It is the door to other programs. Each runs in a process of its own, so that
// what breaks or hangs in it breaks and hangs there: with a limit of time, of
// processor seconds and of memory, with low priority, without our environment,
// and with files of its own in a folder that is gone afterwards. No word of a
// stranger is among its arguments, and what it reads we have drawn ourselves.
package encoder
