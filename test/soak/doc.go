// Package soak kills the program with signal 9 again and again, while it imports,
// counts reads, and takes comments, reports and decisions, and looks whether anything
// acknowledged was lost, anything doubled, or anything half written. Its tests carry
// the build tag soak; `make soak` runs them.
//
// SOAK_KILLS says how often each of them kills; 200 without it. SOAK_SEED repeats
// the moments of an earlier run, as far as a clock can.
package soak
