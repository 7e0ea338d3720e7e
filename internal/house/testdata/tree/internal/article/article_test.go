package article

import (
	"math/rand"
	"os"
	"testing"

	_ "dateline/internal/dbtest"
	_ "dateline/internal/feed"
)

func Test(t *testing.T) {
	t.Skip("later")
	os.Getenv("x")
	rand.Int()
}
