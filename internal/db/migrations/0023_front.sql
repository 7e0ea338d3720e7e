-- +goose Up

-- How an edition's front page was arranged, a row for each change; the last one is
-- how it is. content_of is the change that first made it look like this, and
-- before_that the one whose looks undoing gives back, 0 for none (front).
CREATE TABLE front_version (
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  number BIGINT NOT NULL,
  content_of BIGINT NOT NULL,
  before_that BIGINT NOT NULL,
  arrangement $TEXT NOT NULL,
  deed $TEXT NOT NULL,
  place $TEXT NOT NULL DEFAULT '',
  article_id BIGINT,
  staff_id BIGINT,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (edition_id, number)
) $CLUSTERED;
