// Package attic is in no plan.
package attic
