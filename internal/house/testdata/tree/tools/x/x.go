// Command x builds things and may do what it needs.
package main

import "os"

func main() { os.Getenv("x") }
