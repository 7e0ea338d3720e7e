-- +goose Up

-- How a newsroom puts terms into another language, and what it leaves as it is
-- (glossary). to_lang is empty where that holds for every language; folded is what
-- tells terms apart, sought what they are looked for by, both made in Go.
CREATE TABLE glossary_term (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  from_lang $TEXT NOT NULL,
  to_lang $TEXT NOT NULL,
  stays BOOLEAN NOT NULL DEFAULT FALSE,
  term $TEXT NOT NULL,
  translation $TEXT NOT NULL DEFAULT '',
  never $TEXT NOT NULL DEFAULT '',
  note $TEXT NOT NULL DEFAULT '',
  folded $TEXT NOT NULL,
  sought $TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (publication_id, from_lang, to_lang, folded)
);
