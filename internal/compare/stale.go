package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"dateline/internal/richtext"
)

// Hash is what a translation keeps of the block that it was made of. Two blocks that
// a translator would translate alike have one hash: it does not see ids, kinds of
// spaces, soft hyphens or the form of quotation marks and apostrophes, which
// typographers change; it sees words, marks, addresses and pictures.
func Hash(k richtext.Block) string {
	sum := sha256.Sum256([]byte(typed.Replace(content(&k))))
	return "1:" + hex.EncodeToString(sum[:12]) // 1: of this rule; another rule takes another number
}

// typed leads what typographers write to what keyboards have. A double quotation mark
// never stands in stored text as such in an attribute, so the form cannot break.
var typed = strings.NewReplacer(
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u00ad", "", "\u2060", "",
	"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‟", `"`, "‘", "'", "’", "'", "‚", "'", "‛", "'", "‹", "'", "›", "'",
	"\u2011", "-", "…", "...",
)

// Hashes are the hashes of a body's blocks by their ids.
func Hashes(d richtext.Doc) map[string]string {
	out := make(map[string]string, len(d.Blocks))
	for i := range d.Blocks {
		out[d.Blocks[i].ID] = Hash(d.Blocks[i])
	}
	return out
}

// Stale says what of an original is no more as a translation knows it: made has the
// hash of each block when it was translated, by its id. Changed and added are in the
// order of the original, gone in that of the ids.
func Stale(original richtext.Doc, made map[string]string) (changed, added, gone []string) {
	there := make(map[string]bool, len(original.Blocks))
	for i := range original.Blocks {
		k := &original.Blocks[i]
		there[k.ID] = true
		switch was, known := made[k.ID]; {
		case !known:
			added = append(added, k.ID)
		case was != Hash(*k):
			changed = append(changed, k.ID)
		}
	}
	for id := range made {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	return changed, added, gone
}
