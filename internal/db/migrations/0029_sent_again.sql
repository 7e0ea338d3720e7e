-- +goose Up

-- What a page of an editor's browser sent last, and the version that it named: one
-- whose answer was lost names the same version again, with a text that has grown
-- since (article).
CREATE TABLE working_sent (
  article_id BIGINT NOT NULL,
  tab $TEXT NOT NULL,
  version BIGINT NOT NULL,
  snapshot $TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (article_id, tab)
) $CLUSTERED;
CREATE INDEX working_sent_made ON working_sent (made_at);
