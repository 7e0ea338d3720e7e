-- +goose Up

-- What of its original a translation was made from: the original's revision, and a
-- hash of each of its blocks, by their ids (article).
CREATE TABLE translation (
  article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id),
  source_id BIGINT NOT NULL REFERENCES article (id),
  revision BIGINT NOT NULL,
  hashes $TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX translation_source ON translation (source_id);
