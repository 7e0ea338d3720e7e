// Package dbtest gives tests real databases, empty but for the schema, one to
// each test, on both engines.
//
// PostgreSQL is used when DATELINE_TEST_POSTGRES names a server that may make
// databases (tools/testenv/with.sh starts one). Without it only SQLite is tried,
// so that `go test ./...` needs nothing but Go; where DATELINE_TEST_REQUIRE is
// set, as `make test` does, a missing server is a failure.
//
// The migrations run once in a process; each test gets a copy of what they made.
package dbtest
