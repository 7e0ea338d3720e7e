-- +goose Up

-- Files made of other files, found by what they were made of (media): sizes
-- and cuts of pictures, drawn cards. A row never changes its meaning, because
-- the source is named by its content. With failure set there is no file, and
-- made_at says when it was last tried.
CREATE TABLE rendition (
  source $TEXT NOT NULL,
  recipe $TEXT NOT NULL,
  blob $TEXT NOT NULL,
  mime $TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  failure $TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (source, recipe)
) $CLUSTERED;
