package wordpress

import (
	"fmt"
	"strings"
	"testing"
)

// TestCommentersNames: an address that stands where the name belongs is an
// address still, and is not printed.
func TestCommentersNames(t *testing.T) {
	names := []struct{ in, want string }{
		{"john.doe@example.com", "john.doe"},
		{"John Doe (john.doe@example.com)", "John Doe"},
		{"John Doe &lt;john.doe@example.com&gt;", "John Doe"},
		{"Айгүл, aigul@пошта.қаз", "Айгүл"},
		{"mailto:john@example.com", "john"},
		{"@aigul", "@aigul"},
		{"Galia @ home", "Galia @ home"},
		{"Бек", "Бек"},
	}
	var parts strings.Builder
	for i, n := range names {
		fmt.Fprintf(&parts, "<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author><![CDATA[%s]]></wp:comment_author><wp:comment_content>x</wp:comment_content></wp:comment>", i+1, n.in)
	}
	items, err := all(opened(t, Options{}, export("", item(1, parts.String()))))
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range names {
		if got := items[0].Comments[i].Name; got != n.want {
			t.Errorf("%q: %q, want %q", n.in, got, n.want)
		}
	}
	if got := strings.Count(whys(items[0].Notes), "an e-mail address for a name"); got != 5 {
		t.Errorf("%d notes: %s", got, whys(items[0].Notes))
	}
}
