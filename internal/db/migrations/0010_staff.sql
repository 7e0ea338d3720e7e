-- +goose Up

-- People who work at the desk (user). Their texts are folded in Go, so that both
-- engines find them alike; handle is what passkeys know them by, and nothing else.
CREATE TABLE staff (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  email $TEXT NOT NULL,
  email_folded $TEXT NOT NULL,
  name $TEXT NOT NULL,
  sort_key $TEXT NOT NULL,
  role $TEXT NOT NULL CHECK (role IN ('admin', 'editor', 'author', 'moderator', 'translator')),
  lang $TEXT NOT NULL,
  state $TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'blocked')),
  entity_id BIGINT REFERENCES entity (id),
  handle $BYTES NOT NULL,
  password $TEXT NOT NULL DEFAULT '',
  totp $TEXT NOT NULL DEFAULT '',
  totp_step BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (publication_id, email_folded),
  UNIQUE (handle)
);

-- What a passkey's public half is and what WebAuthn wants remembered of it: flags
-- whether it may be and is copied elsewhere, and how often it has signed.
CREATE TABLE staff_passkey (
  id $ID,
  staff_id BIGINT NOT NULL REFERENCES staff (id),
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
CREATE INDEX staff_passkey_staff ON staff_passkey (staff_id);

-- Tokens are random; only their SHA-256 is kept. No address of a network is.
CREATE TABLE staff_link (
  digest $BYTES NOT NULL PRIMARY KEY,
  staff_id BIGINT NOT NULL REFERENCES staff (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX staff_link_staff ON staff_link (staff_id);
CREATE TABLE staff_session (
  id $ID,
  digest $BYTES NOT NULL UNIQUE,
  staff_id BIGINT NOT NULL REFERENCES staff (id),
  via $TEXT NOT NULL CHECK (via IN ('passkey', 'password', 'link', 'oidc')),
  agent $TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);
CREATE TABLE staff_recovery (
  staff_id BIGINT NOT NULL REFERENCES staff (id),
  digest $BYTES NOT NULL,
  PRIMARY KEY (staff_id, digest)
) $CLUSTERED;

-- Who somebody is at the newsroom's single sign-on.
CREATE TABLE staff_identity (
  issuer $TEXT NOT NULL,
  subject $TEXT NOT NULL,
  staff_id BIGINT NOT NULL REFERENCES staff (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
) $CLUSTERED;
CREATE INDEX staff_identity_staff ON staff_identity (staff_id);

-- Challenges that were answered, until they would have expired anyway: each may
-- be answered once, on whatever node.
CREATE TABLE staff_spent (
  digest $BYTES NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE INDEX staff_spent_expires ON staff_spent (expires_at);

-- The log is read and searched at the desk (audit).
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_action ON audit (action, id);
