-- +goose Up

-- The library of pictures (media): under which licence one may be shown and until
-- when, whether it says nothing that the text beside it does not, and what its file
-- said of itself when it came (JSON; empty once somebody has looked at it).
ALTER TABLE media ADD COLUMN licence $TEXT NOT NULL DEFAULT '';
ALTER TABLE media ADD COLUMN expires_at BIGINT;
ALTER TABLE media ADD COLUMN decorative BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE media ADD COLUMN said $TEXT NOT NULL DEFAULT '';
CREATE INDEX media_listed ON media (publication_id, kind, id);
CREATE INDEX media_expires ON media (expires_at);
-- What is searched of a text; empty: not made yet, which a job mends.
ALTER TABLE media_text ADD COLUMN folded $TEXT NOT NULL DEFAULT '';

-- What a picture looks like, in 64 bits of which alike ones share most; NULL: nothing
-- can be said. A picture without a row was not looked at yet.
CREATE TABLE media_look (
  media_id BIGINT NOT NULL PRIMARY KEY REFERENCES media (id),
  hash BIGINT
);

-- Media in texts that are being written, and in all articles (article).
CREATE TABLE working_media (
  article_id BIGINT NOT NULL,
  media_id BIGINT NOT NULL,
  PRIMARY KEY (article_id, media_id)
) $CLUSTERED;
CREATE INDEX working_media_media ON working_media (media_id);
CREATE VIEW article_media_used AS
  SELECT media_id, article_id FROM article_media
  UNION ALL
  SELECT media_id, article_id FROM working_media;
