// Package dbtest is for tests.
package dbtest

import (
	"os"

	_ "dateline/internal/db"
)

func f() { os.Getenv("x"); _ = "create database x" }
