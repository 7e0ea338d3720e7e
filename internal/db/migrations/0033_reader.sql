-- +goose Up

-- Readers who have an account (reader). handle is what passkeys know them by, and
-- nothing else; going_at says since when one is being deleted.
CREATE TABLE reader (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  email $TEXT NOT NULL,
  email_folded $TEXT NOT NULL,
  name $TEXT NOT NULL DEFAULT '',
  lang $TEXT NOT NULL,
  handle $BYTES NOT NULL UNIQUE,
  tells_replies BOOLEAN NOT NULL DEFAULT TRUE,
  tells_reports BOOLEAN NOT NULL DEFAULT TRUE,
  created_at BIGINT NOT NULL,
  going_at BIGINT,
  UNIQUE (publication_id, email_folded)
);

-- Links that sign in, known or unknown the address: who uses one has shown that it is
-- theirs. Tokens are random; only their SHA-256 is kept. No address of a network is.
CREATE TABLE reader_link (
  digest $BYTES NOT NULL PRIMARY KEY,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  email $TEXT NOT NULL,
  email_folded $TEXT NOT NULL,
  lang $TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX reader_link_email ON reader_link (email_folded);
CREATE INDEX reader_link_expires ON reader_link (expires_at);
CREATE TABLE reader_session (
  id $ID,
  digest $BYTES NOT NULL UNIQUE,
  reader_id BIGINT NOT NULL REFERENCES reader (id),
  via $TEXT NOT NULL CHECK (via IN ('link', 'passkey')),
  agent $TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX reader_session_reader ON reader_session (reader_id);
CREATE INDEX reader_session_expires ON reader_session (expires_at);
CREATE TABLE reader_passkey (
  id $ID,
  reader_id BIGINT NOT NULL REFERENCES reader (id),
  credential $BYTES NOT NULL UNIQUE,
  public_key $BYTES NOT NULL,
  flags BIGINT NOT NULL,
  signs BIGINT NOT NULL,
  aaguid $BYTES NOT NULL,
  format $TEXT NOT NULL,
  transports $TEXT NOT NULL DEFAULT '',
  name $TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX reader_passkey_reader ON reader_passkey (reader_id);

-- Challenges that were answered, until they would have expired anyway.
CREATE TABLE reader_spent (
  digest $BYTES NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX reader_spent_expires ON reader_spent (expires_at);
