package blob

import (
	"net/http"
	"os"
)

func f() { os.Create("x"); http.Get("x"); http.NewRequest("GET", "x", nil) }
