-- +goose Up

-- What somebody tells the newsroom of a comment (article 16): on what ground, why, and
-- if they want, who they are. token is the hash of the address of its receipt. Name and
-- address can be taken out when it is decided (comment).
CREATE TABLE comment_notice (
  id $ID,
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  comment_id BIGINT NOT NULL REFERENCES comment (id),
  ground $TEXT NOT NULL CHECK (ground IN ('rule', 'law')),
  rule BIGINT NOT NULL DEFAULT 0,
  text $TEXT NOT NULL,
  name $TEXT NOT NULL DEFAULT '',
  email $TEXT NOT NULL DEFAULT '',
  token $TEXT NOT NULL UNIQUE,
  at BIGINT NOT NULL,
  outcome $TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'acted', 'kept')),
  decided_at BIGINT,
  staff_id BIGINT,
  decision_id BIGINT REFERENCES comment_decision (id)
);
CREATE INDEX comment_notice_comment ON comment_notice (comment_id, outcome);
CREATE INDEX comment_notice_edition ON comment_notice (edition_id, at);
CREATE INDEX comment_notice_open ON comment_notice (outcome, comment_id);

-- What was said lately, in all editions: the log counts it.
CREATE INDEX comment_lately ON comment (state, created_at);
