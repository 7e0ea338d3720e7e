//go:build e2e

package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log/slog"
	"mime"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/mail"
)

func need(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("no Postfix here: run `make test`, or tools/testenv/with.sh as root (%s is not set)", name)
	}
	return v
}

// verify asks Debian's python3-dkim whether a signature holds, with the key as DNS
// would have it.
const verify = `
import dkim, sys
record, message = sys.argv[1].encode(), sys.stdin.buffer.read()
def dns(name, timeout=5):
    return record if name in (b"lamp._domainkey.lamp.test.", "lamp._domainkey.lamp.test.") else None
sys.exit(0 if dkim.verify(message, dnsfunc=dns) else 3)
`

func verified(t *testing.T, record string, message []byte) bool {
	t.Helper()
	c := exec.Command("/usr/bin/python3", "-c", verify, record)
	c.Stdin = bytes.NewReader(message)
	var said bytes.Buffer
	c.Stderr = &said
	err := c.Run()
	if e, ok := err.(*exec.ExitError); err != nil && (!ok || e.ExitCode() != 3) {
		t.Fatalf("python3-dkim: %v\n%s", err, said.String())
	}
	return err == nil
}

// A letter arrives at a real server over STARTTLS, once, whole and signed; what the
// server refuses is said, and over.
func TestPostfix(t *testing.T) {
	server, box := need(t, "DATELINE_TEST_SMTP"), need(t, "DATELINE_TEST_MAILDIR")
	ca, err := os.ReadFile(need(t, "DATELINE_TEST_SMTP_CA"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	record := "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
	smtp := mail.SMTP{Server: server, From: "desk@lamp.test", Roots: ca, DKIMSelector: "lamp",
		DKIMKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})}
	if err := smtp.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	strange := smtp
	strange.Roots = nil
	if err := strange.Check(t.Context()); err == nil {
		t.Error("a server is believed whose certificate nobody has signed")
	}
	d := dbtest.New(t)
	p, err := mail.New(d, mail.Options{BaseURL: "https://lamp.test", SMTP: &smtp, Log: slog.New(slog.DiscardHandler),
		Newsroom: func(context.Context, string) (string, error) { return "Тасөзен шамы", nil }})
	if err != nil {
		t.Fatal(err)
	}
	send := func(to string) {
		t.Helper()
		err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error {
			return p.Send(t.Context(), tx, mail.Letter{Kind: "test", To: to, Lang: "kk", Subject: "Қате түзетілді: «Көпір ашылды»",
				Parts: []mail.Part{{Text: "Рахмет!"}, {Text: "Материалды ашу", Path: "/kk/2022/02/14/kopir"}}})
		})
		if err == nil {
			err = p.Once(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before := len(arrived(t, box, 0))
	send("reader@reader.test")
	raw := newest(t, arrived(t, box, before+1), "reader@reader.test")
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Қате түзетілді: «Көпір ашылды»" {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	if r := m.Header.Get("Received"); !strings.Contains(r, "with ESMTPS") {
		t.Errorf("it came without TLS: %s", r)
	}
	if body, err := io.ReadAll(m.Body); err != nil || !bytes.Contains(body, []byte("https://lamp.test/kk/2022/02/14/kopir")) {
		t.Errorf("%v\n%s", err, body)
	}
	sig := m.Header.Get("DKIM-Signature")
	for _, want := range []string{"d=lamp.test", "s=lamp", "a=rsa-sha256"} {
		if !strings.Contains(sig, want) {
			t.Errorf("the signature lacks %s: %s", want, sig)
		}
	}
	if !verified(t, record, raw) {
		t.Errorf("the signature does not hold:\n%s", raw)
	}
	for name, change := range map[string][2]string{
		"its body":           {"https://lamp.test/kk/", "https://lamp.evil/kk/"},
		"its sender":         {"?= <desk@lamp.test>", "?= <boss@lamp.test>"},
		"a second subject":   {"\nSubject:", "\nSubject: Free\nSubject:"},
		"whom it answers to": {"\nSubject:", "\nReply-To: x@evil.test\nSubject:"},
	} {
		changed := bytes.Replace(raw, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(changed, raw) || verified(t, record, changed) {
			t.Errorf("the signature holds although somebody changed %s", name)
		}
	}

	send("nobody@reader.test")
	send("reader@elsewhere.test") // no relaying there
	send("оқырман@reader.test")   // SMTPUTF8
	if all := arrived(t, box, before+2); len(all) != before+2 {
		t.Errorf("%d letters arrived", len(all)-before)
	}
	list, err := p.List(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, r := range list {
		states = append(states, string(r.State))
		if strings.Contains(r.Why, "elsewhere.test") || r.State == mail.Failed && !strings.Contains(r.Why, "554") {
			t.Errorf("why: %s", r.Why)
		}
	}
	if got := strings.Join(states, " "); got != "sent failed failed sent" {
		t.Errorf("the letters are %s", got)
	}
}

// newest is a letter to somebody.
func newest(t *testing.T, all [][]byte, to string) []byte {
	t.Helper()
	for _, raw := range all {
		if bytes.Contains(raw, []byte("X-Original-To: "+to)) {
			return raw
		}
	}
	t.Fatalf("no letter to %s", to)
	return nil
}

// arrived waits for n letters.
func arrived(t *testing.T, box string, n int) [][]byte {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		names, err := filepath.Glob(filepath.Join(box, "new", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) >= n {
			var out [][]byte
			for _, name := range names {
				raw, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, raw)
			}
			return out
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d letters have arrived in %s, not %d", len(names), box, n)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
