package seal

import (
	"bytes"
	"testing"
	"time"
)

// What somebody has changed, what is too old and what was sealed for something else is
// nothing of ours.
func TestSeal(t *testing.T) {
	secret := bytes.Repeat([]byte("s"), Size)
	if _, err := New(secret[1:], "a"); err == nil {
		t.Error("a secret that is too short is taken")
	}
	a, err := New(secret, "a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(secret, "b")
	if err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(1_000_000)
	text, err := a.Seal("x", 17, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	var v int
	if err := a.Unseal("x", text, &v, now); err != nil || v != 17 {
		t.Error(v, err)
	}
	for name, err := range map[string]error{
		"another purpose": a.Unseal("y", text, &v, now), "another room": b.Unseal("x", text, &v, now), "too late": a.Unseal("x", text, &v, now.Add(time.Minute)),
		"changed": a.Unseal("x", text[:len(text)-2]+"AA", &v, now), "nothing": a.Unseal("x", "", &v, now),
	} {
		if err == nil {
			t.Errorf("%s: it is believed", name)
		}
	}
	if token, ok := a.Bare(a.Signed("token")); !ok || token != "token" {
		t.Error("a signature of ours is not believed")
	}
	if _, ok := b.Bare(a.Signed("token")); ok {
		t.Error("a signature of another room's is believed")
	}
}

func FuzzBare(f *testing.F) {
	s, err := New(bytes.Repeat([]byte("s"), Size), "a")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("token.abc")
	f.Add(s.Signed("known"))
	f.Fuzz(func(t *testing.T, text string) {
		if token, ok := s.Bare(text); ok && s.Signed(token) != text && token != "known" {
			t.Fatalf("%q is believed", text)
		}
		var v any
		if err := s.Unseal("x", text, &v, time.Now()); err == nil {
			t.Fatalf("%q is opened", text)
		}
	})
}
