-- +goose Up

-- A reader's report of an error (correction). Who reports the same passage, or one that
-- overlaps it, is another voice of one remark: what each has marked, and would have
-- there, stands here. token is the SHA-256 of what the address of its status page ends
-- in; an address for one letter is kept with the seed of that until the letter is sent.
CREATE TABLE report (
  id $ID,
  remark_id BIGINT NOT NULL REFERENCES remark (id),
  voice_id BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  edition_id BIGINT NOT NULL,
  field $TEXT NOT NULL DEFAULT '',
  block $TEXT NOT NULL,
  exact $TEXT NOT NULL,
  prefix $TEXT NOT NULL,
  suffix $TEXT NOT NULL,
  from_point BIGINT NOT NULL,
  to_point BIGINT NOT NULL,
  once BOOLEAN NOT NULL DEFAULT FALSE,
  replaces BOOLEAN NOT NULL DEFAULT FALSE,
  replacement $TEXT NOT NULL DEFAULT '',
  token $TEXT NOT NULL UNIQUE,
  seed $TEXT NOT NULL DEFAULT '',
  email $TEXT NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL
);
CREATE INDEX report_remark ON report (remark_id, id);
CREATE INDEX report_email ON report (id) WHERE email <> '';

-- When somebody at the desk first looked at what a reader reports.
ALTER TABLE remark ADD COLUMN seen_at BIGINT;
CREATE INDEX remark_decided ON remark (kind, decided_at);
