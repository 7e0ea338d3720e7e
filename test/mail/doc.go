// Package mail holds letters to a real mail server: Postfix, started by
// tools/testenv/postfix.sh, and a verifier of signatures that is not ours.
package mail
