// Package rendition is the plan of a picture's sizes: which widths and shapes
// there are, what part of the picture a shape keeps, and the addresses.
//
// It is plain arithmetic that media (which makes the files) and theme (which
// prints the addresses) share, so that a page never names a size that is not
// made, and nobody can ask for one that no page names.
package rendition
