// Package db is the database.
//
// Tables: change, article
package db

import "os"

func open() { os.Open("pragma"); _ = "pragma journal_mode" }
