-- +goose Up

-- Letters that go out by mail, or lie in the outbox where no mail server is set up
-- (mail). The key makes the Message-ID, the same however often a letter is tried.
-- Address and words leave the row once the letter is sent.
CREATE TABLE letter (
  id $ID,
  message_key $TEXT NOT NULL UNIQUE,
  kind $TEXT NOT NULL,
  recipient $TEXT NOT NULL,
  recipient_folded $TEXT NOT NULL,
  lang $TEXT NOT NULL,
  subject $TEXT NOT NULL,
  parts $TEXT NOT NULL,
  state $TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'kept', 'failed', 'late')),
  at BIGINT NOT NULL,
  until_at BIGINT NOT NULL DEFAULT 0,
  done_at BIGINT,
  tries BIGINT NOT NULL DEFAULT 0,
  why $TEXT NOT NULL DEFAULT ''
);
CREATE INDEX letter_recipient ON letter (recipient_folded);
CREATE INDEX letter_at ON letter (at);
