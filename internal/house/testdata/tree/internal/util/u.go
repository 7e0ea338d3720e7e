// Package util is a heap.
package util

import "math/rand/v2"

var _ = rand.Int
