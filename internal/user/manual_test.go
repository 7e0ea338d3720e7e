package user_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"dateline/internal/lang"
	"dateline/internal/user"
)

// TestManual: the table of rights in docs/manual/staff.md is the one that holds.
func TestManual(t *testing.T) {
	raw, err := os.ReadFile("../../docs/manual/staff.md")
	if err != nil {
		t.Fatal(err)
	}
	l := lang.Of("en")
	words := map[user.Reach]string{user.No: "no", user.Mine: "mine", user.All: "all"}
	var b strings.Builder
	b.WriteString("| may |")
	for _, role := range user.Roles() {
		fmt.Fprintf(&b, " %s |", l.T("user.role."+string(role)))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(user.Roles())) + "\n")
	for _, p := range user.Permissions() {
		fmt.Fprintf(&b, "| %s (`%s`) |", l.T("user.right."+string(p)), p)
		for _, role := range user.Roles() {
			fmt.Fprintf(&b, " %s |", l.T("user.reach."+words[role.Reach(p)]))
		}
		b.WriteString("\n")
	}
	if !strings.Contains(string(raw), b.String()) {
		t.Errorf("docs/manual/staff.md lacks:\n%s", b.String())
	}
}
