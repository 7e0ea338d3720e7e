// Package conduct is what a machine can see of the house rules in a text that a
// reader wrote: links in every disguise, length, repetition, shouting, words of a
// list. It is pure, and says where it is sure and where it only suspects: what is
// sure is refused while it is written, what is suspected waits for a person.
//
// Wrong alarms cost as much as missed links: "т. е.", "3.14", "U.S." and a full stop
// without its space are no links.
package conduct
