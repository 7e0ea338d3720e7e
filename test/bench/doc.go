// Package bench measures the program as its users meet it: how fast an archive
// comes in and in how much memory, what a page costs, what an import does to the
// readers of a serving site. Its benchmarks carry the build tag bench; `make
// bench` runs them and ends with a table. docs/bench.md says how to read it.
package bench
