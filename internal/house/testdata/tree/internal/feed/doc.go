// Package feed may look into flagged.
package feed

import (
	_ "dateline/internal/article/editor"
	_ "dateline/internal/flagged"
)
