-- +goose Up

-- Which article stands where in the order of time that search goes by, and of
-- which text its words were taken (search).
CREATE TABLE search_doc (
  doc BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  hash BIGINT NOT NULL,
  PRIMARY KEY (doc, article_id)
) $CLUSTERED;
CREATE UNIQUE INDEX search_doc_article ON search_doc (article_id);
-- Places whose words are still in a part but count no more (search).
CREATE TABLE search_gone (
  doc BIGINT NOT NULL PRIMARY KEY
) $CLUSTERED;

-- The index of words: parts, each holding the words of some articles of one
-- edition. Parts are only ever added, and merged into larger ones (search).
CREATE TABLE search_part (
  id $ID,
  edition_id BIGINT NOT NULL,
  docs BIGINT NOT NULL,
  state $TEXT NOT NULL CHECK (state IN ('making', 'live', 'dead')),
  at BIGINT NOT NULL
);
CREATE INDEX search_part_edition ON search_part (edition_id, state);
CREATE TABLE search_post (
  part BIGINT NOT NULL,
  term $TEXT NOT NULL,
  low BIGINT NOT NULL,
  posts $BYTES NOT NULL,
  places $BYTES NOT NULL,
  PRIMARY KEY (part, term, low)
) $CLUSTERED;

-- Words as they are written, and what they are in the index: for suggestions,
-- and for those who type Kazakh in other letters (search).
CREATE TABLE search_word (
  edition_id BIGINT NOT NULL,
  word $TEXT NOT NULL,
  term $TEXT NOT NULL,
  skeleton $TEXT NOT NULL,
  PRIMARY KEY (edition_id, word)
) $CLUSTERED;
CREATE INDEX search_word_skeleton ON search_word (edition_id, skeleton);
