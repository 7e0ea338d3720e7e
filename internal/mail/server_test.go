package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink is a mail server as a test wants it: it answers as it is told to and keeps
// what it took. A real one is asked in test/mail.
type sink struct {
	*testing.T
	address string
	utf8    bool
	secret  string // what "AUTH PLAIN" must say; "": nobody need sign in

	mu       sync.Mutex
	answers  map[string][]string // to a command, one after another; then as usual
	taken    []string            // whole messages
	to       []string
	commands []string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return sinkAt(t, l)
}

// secureSink speaks TLS from the first byte; roots are those that vouch for it.
func secureSink(t *testing.T) (s *sink, roots []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	paper := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, paper, paper, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	return sinkAt(t, l), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func sinkAt(t *testing.T, l net.Listener) *sink {
	s := &sink{T: t, address: l.Addr().String(), answers: map[string][]string{}}
	var group sync.WaitGroup
	t.Cleanup(func() { l.Close(); group.Wait() })
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() { s.talk(conn) })
		}
	})
	return s
}

// says has the server answer the next commands of a kind so.
func (s *sink) says(command string, answers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[command] = append(s.answers[command], answers...)
}

func (s *sink) answer(command, usual string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.answers[command]; len(list) > 0 {
		s.answers[command] = list[1:]
		return list[0]
	}
	return usual
}

func (s *sink) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.taken...)
}

func (s *sink) talk(conn net.Conn) {
	defer conn.Close()
	say := func(text string) { fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 sink.example ESMTP")
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		command, rest, _ := strings.Cut(line, " ")
		command = strings.ToUpper(command)
		s.mu.Lock()
		s.commands = append(s.commands, line)
		s.mu.Unlock()
		switch command {
		case "EHLO":
			more := ""
			if s.utf8 {
				more = "250-SMTPUTF8\r\n"
			}
			if s.secret != "" {
				more += "250-AUTH PLAIN\r\n"
			}
			say(s.answer(command, "250-sink.example\r\n"+more+"250-8BITMIME\r\n250 ENHANCEDSTATUSCODES"))
		case "DATA":
			answer := s.answer(command, "354 go on")
			say(answer)
			if answer[0] != '3' {
				continue
			}
			var b strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
			}
			answer = s.answer("END", "250 2.0.0 taken")
			if answer == "" { // the connection breaks after it was taken
				s.mu.Lock()
				s.taken = append(s.taken, b.String())
				s.mu.Unlock()
				return
			}
			if answer[0] == '2' {
				s.mu.Lock()
				s.taken = append(s.taken, b.String())
				s.mu.Unlock()
			}
			say(answer)
		case "RCPT":
			answer := s.answer(command, "250 2.1.5 fine")
			if answer[0] == '2' {
				s.mu.Lock()
				s.to = append(s.to, rest)
				s.mu.Unlock()
			}
			say(answer)
		case "AUTH":
			if kind, said, _ := strings.Cut(rest, " "); kind == "PLAIN" && said == s.secret {
				say("235 2.7.0 welcome")
			} else {
				say("535 5.7.8 no: " + rest)
			}
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say(s.answer(command, "250 2.0.0 fine"))
		}
	}
}
