-- +goose Up

-- What the feeds of an older system called an article, where it came from one:
-- the programs of that site's subscribers know it by this (article).
CREATE TABLE article_guid (
  article_id BIGINT NOT NULL PRIMARY KEY,
  guid $TEXT NOT NULL
) $CLUSTERED;
