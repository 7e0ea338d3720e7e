// Package user is the people who work at the desk: their accounts, what each role
// may do, how they prove who they are, and their sessions.
//
// It promises:
//   - of every token that lets somebody in (session, link, recovery code) the
//     tables have the SHA-256 alone, and a link and a recovery code work once;
//   - a session is read from its table with every request, so it is dead on every
//     node with the next one after it was ended, the account blocked or reset or
//     its role changed;
//   - who signs in wrongly learns one thing: that it was wrong. Accounts that are
//     not there, are blocked or have no password get the same answer after the
//     same work;
//   - tries are bounded for an account and for a network, in this process's memory
//     alone: no address of a network is written down anywhere;
//   - what somebody did to accounts is in the audit log, written in the same
//     transaction;
//   - one administrator who can sign in remains.
//
// Passkeys are the way in (WebAuthn, resident, with the person verified). The
// other way is a password together with a code of an authenticator (RFC 6238),
// never one without the other. A newsroom's single sign-on (OpenID Connect) lets
// those in who have an account here. One-time links let in who has nothing yet or
// has lost it; they come from the operator or an administrator.
//
// What waits between two requests of a sign-in (a challenge, a state) is sealed
// with the installation's secret and kept by the browser: strangers write nothing
// into the database before they have proved something.
//
// Store keeps people and sessions; Gate lets in.
//
// Tables: staff, staff_passkey, staff_link, staff_session, staff_recovery,
// staff_identity, staff_spent
//
// Permissions: roles.go names them all, also those that other rooms' routes ask
// for, and says which role has which.
package user
