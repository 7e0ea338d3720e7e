package lang

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dateline/internal/fault"
)

// TestSay: all of what is joined in an error is said, or nothing of it.
func TestSay(t *testing.T) {
	one, two := Wrong("refused.account", "line", 1), Wrong("refused.account", "line", 2)
	const both = "Строка 1: не указан аккаунт.\nСтрока 2: не указан аккаунт."
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("x"), ""},
		{fault.New(fault.Invalid, "x"), ""},
		{one, "Строка 1: не указан аккаунт."},
		{fmt.Errorf("a file: %w", one), "Строка 1: не указан аккаунт."},
		{errors.Join(one, two), both},
		{fault.New(fault.Internal, "a file: %w", errors.Join(one, two)), both},
		{errors.Join(one, errors.New("x"), two), ""},
	} {
		if got, ok := Of("ru").Say(c.err); got != c.want || ok != (c.want != "") {
			t.Errorf("%v: %q, %t", c.err, got, ok)
		}
	}
}

func TestFaults(t *testing.T) {
	var f Faults
	f.Must(true, "refused.account", "line", 1)
	if err := f.Err("a file"); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	f.Must(false, "refused.uri", "field", "link", "value", "\x1b[2J\n"+strings.Repeat("x", 300))
	f.Must(false, "refused.uri", "field", "link", "value", "")
	err := f.Err("a file")
	if !fault.Is(err, fault.Internal) || !strings.HasPrefix(err.Error(), "a file: link: ") {
		t.Errorf("%v", err)
	}
	text, _ := Of("ru").Say(err)
	if want := "link: \ufffd[2J\ufffd" + strings.Repeat("x", 195) + "… — это не адрес.\nlink: \"\" — это не адрес."; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	for range 20 {
		f.Must(false, "refused.account", "line", 1)
	}
	if text, _ := Of("ru").Say(f.Err("a file")); strings.Count(text, "\n") != 9 {
		t.Errorf("more than ten: %s", text)
	}
}
