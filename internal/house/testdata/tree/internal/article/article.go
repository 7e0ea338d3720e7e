package article

import (
	"os"

	_ "dateline/internal/article/editor"
	_ "dateline/internal/attic"
	_ "dateline/internal/db"
	_ "dateline/internal/dbtest"
	_ "dateline/internal/feed"
	_ "dateline/tools/x"
)

const q = "select id " + "from article"

var said = "Select a section"

func read() { os.ReadFile(os.Getenv("ARTICLE")) }
