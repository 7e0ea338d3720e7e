// Package flagged has leave.
//
// Tables: Not A Table
package flagged

func init() {}
