// Package channel delivers what the newsroom publishes to where its readers are, and
// keeps the ledger of it: what was delivered, what is tried again, what has failed and
// why.
//
// An article's publication is an event of the outbox (job). Once it is due, and the
// article is public, each channel that is set up says what is to be delivered
// (Channel.Plan): errands of its own, written in the transaction that ends the event.
// Each errand is tried until it succeeds, for two days; at the desk one sees them all and
// can try again or give up.
//
// Closets: channel/websub tells a hub that feeds have changed.
//
// Tables: none (those of job)
//
// Routes: /desk/delivery …; panel "delivery" on "article".
package channel
