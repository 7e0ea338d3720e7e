// Package app wires the house: it opens the rooms, gives each what it needs,
// lists routes and jobs, and starts and stops everything. It is the only room
// that knows who listens to what, and the only one besides the commands that
// reads the environment.
package app
