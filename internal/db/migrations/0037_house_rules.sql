-- +goose Up

-- The house rules of an edition, a whole version at a time: JSON as room comment writes
-- it. An edition that has none here has those that Dateline begins with, version 1
-- (comment).
CREATE TABLE house_rules (
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  version BIGINT NOT NULL,
  rules $TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  staff_id BIGINT,
  PRIMARY KEY (edition_id, version)
);

-- What is decided for one discussion, or for all under a section; NULL: as elsewhere
-- (comment).
CREATE TABLE comment_setting (
  kind $TEXT NOT NULL CHECK (kind IN ('article', 'topic')),
  ref_id BIGINT NOT NULL,
  moderation $TEXT,
  days BIGINT,
  slow BIGINT,
  PRIMARY KEY (kind, ref_id)
);

-- writer is by what somebody is known again: an account ("r:17") or what their browser
-- was given ("g:…"); empty: not at all. token is the hash of the comment's private
-- address, print that of what it says, request what a browser calls its sending, so
-- that one sent twice is one. held_for says why it waits, risk and signs what a machine
-- thinks of it. gone is the decision whose tombstone stands in its place. version is
-- compared before anything about it is decided.
ALTER TABLE comment ADD COLUMN writer $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN token $TEXT;
ALTER TABLE comment ADD COLUMN request $TEXT;
ALTER TABLE comment ADD COLUMN print $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN quote $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN role $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN rules_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE comment ADD COLUMN edited_at BIGINT;
ALTER TABLE comment ADD COLUMN held_for $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN risk BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN signs $TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN gone BIGINT;
CREATE UNIQUE INDEX comment_token ON comment (token);
CREATE UNIQUE INDEX comment_request ON comment (request);
CREATE INDEX comment_writer ON comment (writer, created_at);
CREATE INDEX comment_print ON comment (article_id, print);
CREATE INDEX comment_state ON comment (state, risk, created_at);

-- What a comment said before its writer changed it, for moderators (comment).
CREATE TABLE comment_past (
  comment_id BIGINT NOT NULL REFERENCES comment (id),
  version BIGINT NOT NULL,
  body $TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (comment_id, version)
);
