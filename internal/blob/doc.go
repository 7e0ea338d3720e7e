// Package blob keeps files by key: pictures, sound, documents. It is the door
// to files; no other room touches them.
//
// Keys are the lower-case hexadecimal SHA-256 of what is stored, so that the
// same file is kept once and a name never comes from outside. It promises that
// a file is there whole or not at all: it is written aside, checked, synced
// and only then given its name, also when the process is killed between.
package blob
