package main

import (
	"os"

	_ "dateline/internal/article"
)

func main() { os.Getenv("x") }
