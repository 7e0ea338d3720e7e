-- +goose Up

-- Names and headlines as they are looked for at the desk: folded in Go (stem.Sought),
-- because the engines fold differently, and Cyrillic not at all on SQLite. What has
-- none yet is folded when the program begins to serve (article, topic, entity).
CREATE TABLE article_sought (
  article_id BIGINT NOT NULL PRIMARY KEY,
  headline $TEXT NOT NULL DEFAULT '',
  working $TEXT NOT NULL DEFAULT ''
) $CLUSTERED;
ALTER TABLE topic_name ADD COLUMN sought $TEXT;
ALTER TABLE entity_name ADD COLUMN sought $TEXT;
