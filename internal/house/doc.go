// Package house holds the plan of the building and the tests that keep it.
//
// floors.txt says which room stands on which floor. The tests of this package
// read the sources, not a build, and fail when a package imports upwards, when a
// room's SQL names another room's tables, when something other than the doors
// touches files, the network or the environment, and in a dozen smaller cases;
// each check is itself tried on small trees in testdata, so that it can fail.
//
// What a rule must let pass stands in exceptions.go with its reason. A new room
// is one line in floors.txt.
//
// Nothing imports this package.
package house
