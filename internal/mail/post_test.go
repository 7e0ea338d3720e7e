package mail

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"dateline/internal/db"
	"dateline/internal/dbtest"
	"dateline/internal/fault"
	"dateline/internal/job"
)

// posted makes a Post that sends to a sink, or nowhere.
func posted(t *testing.T, d *db.DB, s *sink, log io.Writer) *Post {
	t.Helper()
	o := Options{BaseURL: "https://lamp.example", Now: d.Now, Log: slog.New(slog.NewTextHandler(log, nil)),
		Newsroom: func(_ context.Context, lang string) (string, error) {
			return map[string]string{"ru": "Тасозенская лампа"}[lang] + "\r\nBcc: everybody@lamp.example", nil
		}}
	if s != nil {
		o.SMTP = &SMTP{Server: s.address, TLS: NoTLS, From: "desk@lamp.example"}
	}
	p, err := New(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func send(t *testing.T, d *db.DB, p *Post, l Letter) int64 {
	t.Helper()
	if err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return p.Send(t.Context(), tx, l) }); err != nil {
		t.Fatal(err)
	}
	list, err := p.List(t.Context(), 0, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return list[0].ID
}

// due makes what waits for its next try due, as if time had gone by.
func due(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Tx(t.Context(), db.Jobs, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE outbox SET not_before = 0")
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

var russian = Letter{Kind: "test", To: "Asel@lamp.example", Lang: "ru", Subject: "Ошибка исправлена: «Мост открыли»",
	Parts: []Part{{Text: "Здравствуйте!\nСпасибо."}, {Text: "<b>мост</b> & \u200bдерево\n.\nBcc: x@y", Quote: true}, {Text: "Открыть статью", Path: "/ru/2022/02/14/most?a=1&b=2"}}}

func TestSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSink(t)
		p := posted(t, d, s, io.Discard)
		id := send(t, d, p, russian)
		if err := p.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		all := s.messages()
		if len(all) != 1 || len(s.to) != 1 || s.to[0] != "TO:<Asel@lamp.example>" {
			t.Fatalf("%d messages to %q", len(all), s.to)
		}
		m, err := netmail.ReadMessage(strings.NewReader(all[0]))
		if err != nil {
			t.Fatal(err)
		}
		words := new(mime.WordDecoder)
		subject, err := words.DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != russian.Subject {
			t.Errorf("the subject is %q, %v", subject, err)
		}
		from, err := m.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != "desk@lamp.example" || from[0].Name != "Тасозенская лампа Bcc: everybody@lamp.example" {
			t.Errorf("it is from %v, %v", from, err)
		}
		if date, err := m.Header.Date(); err != nil || d.Now().Sub(date) > time.Minute {
			t.Errorf("its date is %v, %v", date, err)
		}
		if id := m.Header.Get("Message-ID"); !strings.HasSuffix(id, "@lamp.example>") || len(id) < 30 {
			t.Errorf("Message-ID: %s", id)
		}
		for name, want := range map[string]string{"Auto-Submitted": "auto-generated", "Content-Language": "ru", "To": "<Asel@lamp.example>", "Bcc": "", "User-Agent": "", "X-Mailer": ""} {
			if got := m.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		plain, rich := bodies(t, m)
		if want := "Здравствуйте!\nСпасибо.\n\n> <b>мост</b> & \u200bдерево\n> .\n> Bcc: x@y\n\nОткрыть статью:\nhttps://lamp.example/ru/2022/02/14/most?a=1&b=2\n\n-- \n"; !strings.HasPrefix(plain, want) {
			t.Errorf("in plain text:\n%s", plain)
		}
		if !strings.Contains(rich, "&lt;b&gt;мост&lt;/b&gt; &amp;") || !strings.Contains(rich, `href="https://lamp.example/ru/2022/02/14/most?a=1&amp;b=2"`) || !strings.Contains(rich, `lang="ru"`) {
			t.Errorf("in HTML:\n%s", rich)
		}
		for _, tracks := range []string{"<img", "url(", "<script", "<link", "<style", "http://"} {
			if strings.Contains(rich, tracks) {
				t.Errorf("the letter has %s", tracks)
			}
		}
		empty(t, p, id, Sent)
		for range 2 {
			due(t, d)
			if err := p.Once(t.Context()); err != nil || len(s.messages()) != 1 {
				t.Errorf("sent %d times, %v", len(s.messages()), err)
			}
		}
	})
}

// empty holds that a letter has neither address nor words any more.
func empty(t *testing.T, p *Post, id int64, state State) {
	t.Helper()
	r, err := p.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != state || r.To != "" || r.Subject != "" || len(r.Parts) != 0 {
		raw, _ := json.Marshal(r)
		t.Errorf("want it %s and empty: %s", state, raw)
	}
}

func bodies(t *testing.T, m *netmail.Message) (plain, rich string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return strings.ReplaceAll(plain, "\r\n", "\n"), rich
		}
		if err != nil {
			t.Fatal(err)
		}
		if part.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Errorf("a part is in %s", part.Header.Get("Content-Transfer-Encoding"))
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			plain = string(text)
		} else {
			rich = string(text)
		}
	}
}

// What a server refuses for now is tried again, and is the same letter then; what it
// refuses for good is over; and nobody reads the address in an error.
func TestRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var log bytes.Buffer
		s := newSink(t)
		p := posted(t, d, s, &log)
		once := func() {
			t.Helper()
			due(t, d)
			if err := p.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		state := func(id int64) Row {
			t.Helper()
			r, err := p.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		id := send(t, d, p, russian)
		s.says("RCPT", "451 4.3.0 <Asel@lamp.example>: asel is greylisted")
		s.says("END", "452 4.2.2 full", "")
		s.says("EHLO", "421 4.3.2 not now")
		s.says("MAIL", "530 5.7.0 sign in first")
		for n := range 4 {
			once()
			if r := state(id); r.State != Waiting || r.Why == "" || r.Tries != int64(n+1) || r.To == "" {
				t.Errorf("try %d: %+v", n+1, r)
			}
		}
		once() // taken, but the server goes before it says so
		once()
		all := s.messages()
		if len(all) != 2 {
			t.Fatalf("taken %d times", len(all))
		}
		for _, name := range []string{"Message-ID", "Date", "Subject"} {
			var got [2]string
			for i, raw := range all {
				m, err := netmail.ReadMessage(strings.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				got[i] = m.Header.Get(name)
			}
			if got[0] != got[1] || got[0] == "" {
				t.Errorf("%s: %q, then %q", name, got[0], got[1])
			}
		}
		empty(t, p, id, Sent)

		for command, answer := range map[string]string{"RCPT": "550 5.1.1 <Asel@lamp.example>: no ASEL here", "END": "554 5.7.1 spam", "DATA": "554 no"} {
			id = send(t, d, p, russian)
			s.says(command, answer)
			once()
			if r := state(id); r.State != Failed || !strings.Contains(r.Why, answer[:3]) {
				t.Errorf("%s %s: %+v", command, answer, r)
			}
			once()
			if r := state(id); r.Tries != 1 {
				t.Errorf("%s %s: %d tries", command, answer, r.Tries)
			}
		}
		if err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return p.Again(t.Context(), tx, id) }); err != nil {
			t.Fatal(err)
		}
		once()
		empty(t, p, id, Sent)

		wide := russian
		wide.To = "асель@lamp.example"
		id = send(t, d, p, wide)
		once()
		if r := state(id); r.State != Failed || !strings.Contains(r.Why, "SMTPUTF8") {
			t.Errorf("an address that the server cannot take: %+v", r)
		}
		s.utf8 = true
		id = send(t, d, p, wide)
		once()
		empty(t, p, id, Sent)

		late := russian
		late.Until = d.Now().Add(-time.Second)
		id = send(t, d, p, late)
		n := len(s.messages())
		once()
		empty(t, p, id, Late)
		if len(s.messages()) != n {
			t.Error("a letter was sent after its time")
		}

		rows, err := job.Kept(t.Context(), d, []string{event}, []string{"done", "failed", "waiting"}, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		said := log.String()
		for _, e := range rows {
			said += e.LastError + e.Payload
		}
		list, err := p.List(t.Context(), 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			said += r.Why
		}
		if strings.Contains(strings.ToLower(said), "asel") || !strings.Contains(said, "550") {
			t.Errorf("an error names the address:\n%s", said)
		}
	})
}

// Without a server nothing is sent, ever; the letters can be read, and end.
func TestKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := posted(t, d, nil, io.Discard)
		id := send(t, d, p, russian)
		r, err := p.Get(t.Context(), id)
		if err != nil || r.State != Kept || r.To != "Asel@lamp.example" || len(r.Parts) != 3 {
			t.Fatal(r, err)
		}
		s := newSink(t)
		later := posted(t, d, s, io.Discard)
		if err := later.Once(t.Context()); err != nil || len(s.messages()) != 0 {
			t.Errorf("%d letters of before were sent, %v", len(s.messages()), err)
		}
		if to, err := To(t.Context(), d, "ASEL@lamp.example"); err != nil || len(to) != 1 {
			t.Error(to, err)
		}
		p.o.Now = func() time.Time { return d.Now().Add(KeptFor - time.Minute) }
		if err := p.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Get(t.Context(), id); err != nil {
			t.Error("it was thrown away too early", err)
		}
		p.o.Now = func() time.Time { return d.Now().Add(KeptFor + time.Minute) }
		if err := p.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Get(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Error("it is kept for ever", err)
		}
		id = send(t, d, p, russian)
		if err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return Forget(t.Context(), tx, "asel@LAMP.example") }); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Get(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Error("its reader is gone and it is not", err)
		}
	})
}

// A letter that comes again and again is ended by one click, and says so under its
// signature; where the site has no TLS, nobody could.
func TestOff(t *testing.T) {
	d, s := dbtest.New(t), newSink(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for base, want := range map[string]string{"https://lamp.example": "<https://lamp.example/-/account/off/TOKEN>", "http://localhost:8080": ""} {
		p, err := New(d, Options{BaseURL: base, Now: d.Now, Newsroom: func(context.Context, string) (string, error) { return "Lamp", nil },
			SMTP: &SMTP{Server: s.address, TLS: NoTLS, From: "desk@lamp.example", DKIMSelector: "s", DKIMKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})}})
		if err != nil {
			t.Fatal(err)
		}
		l := russian
		l.Parts = append(l.Parts[:3:3], Part{Text: "Не присылать", Path: "/-/account/off/TOKEN", Off: true})
		send(t, d, p, l)
		if err := p.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		all := s.messages()
		m, err := netmail.ReadMessage(strings.NewReader(all[len(all)-1]))
		if err != nil {
			t.Fatal(err)
		}
		post := ""
		if want != "" {
			post = "List-Unsubscribe=One-Click"
		}
		if m.Header.Get("List-Unsubscribe") != want || m.Header.Get("List-Unsubscribe-Post") != post {
			t.Errorf("%s: %q, %q", base, m.Header.Get("List-Unsubscribe"), m.Header.Get("List-Unsubscribe-Post"))
		}
		if sig := m.Header.Get("DKIM-Signature"); !strings.Contains(sig, "h=From:To:Subject:Date:Message-ID:List-Unsubscribe:List-Unsubscribe-Post;") {
			t.Errorf("the signature: %s", sig)
		}
	}
}

// A server that wants a name gets it, under TLS alone; a wrong password is the operator's
// to put right, so the letter waits.
func TestSignedIn(t *testing.T) {
	d := dbtest.New(t)
	s, roots := secureSink(t)
	s.secret = base64.StdEncoding.EncodeToString([]byte("\x00news\x00right"))
	for password, want := range map[string]State{"wrong": Waiting, "right": Sent} {
		p, err := New(d, Options{BaseURL: "https://lamp.example", Now: d.Now, Newsroom: func(context.Context, string) (string, error) { return "Lamp", nil },
			SMTP: &SMTP{Server: s.address, TLS: Implicit, From: "desk@lamp.example", User: "news", Password: password, Roots: roots}})
		if err != nil {
			t.Fatal(err)
		}
		id := send(t, d, p, russian)
		due(t, d)
		if err := p.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := p.Get(t.Context(), id)
		if err != nil || r.State != want || strings.Contains(r.Why, password) {
			t.Errorf("%s: %+v, %v", password, r, err)
		}
		if err := d.Tx(t.Context(), db.Desk, func(tx *db.Tx) error { return p.Drop(t.Context(), tx, id) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := (SMTP{Server: s.address, TLS: Implicit, From: "a@lamp.example", User: "news", Password: "right"}).Check(t.Context()); err == nil {
		t.Error("a server is believed for which nobody vouches")
	}
}

func TestConfigured(t *testing.T) {
	for name, s := range map[string]SMTP{
		"no port":      {Server: "mail.example", From: "a@lamp.example"},
		"no address":   {Server: "mail.example:587"},
		"no such way":  {Server: "mail.example:587", TLS: "ssl", From: "a@lamp.example"},
		"no key":       {Server: "mail.example:587", From: "a@lamp.example", DKIMKey: []byte("x"), DKIMSelector: "s"},
		"no authority": {Server: "mail.example:587", From: "a@lamp.example", Roots: []byte("x")},
	} {
		if _, err := New(nil, Options{SMTP: &s}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := newSink(t)
	if err := (SMTP{Server: s.address, TLS: NoTLS, From: "a@lamp.example"}).Check(t.Context()); err != nil {
		t.Error(err)
	}
	// The sink has no TLS: who wants it gets nothing in the open.
	if err := (SMTP{Server: s.address, From: "a@lamp.example", User: "u", Password: "p"}).Check(t.Context()); err == nil {
		t.Error("a password was sent without TLS")
	}
	for _, c := range s.commands {
		if strings.HasPrefix(c, "AUTH") {
			t.Error(c)
		}
	}
}
