-- +goose Up

-- The hours of one article, from its first on (views).
CREATE INDEX view_hour_article ON view_hour (article_id, hour);

-- From where readers came: a kind of site, by hour and edition, and never by reader.
-- Its sum is all that was read in an hour, however many articles that were.
CREATE TABLE view_source (
  hour BIGINT NOT NULL,
  edition_id BIGINT NOT NULL,
  source $TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (hour, edition_id, source)
) $CLUSTERED;
-- Before this nobody told.
INSERT INTO view_source (hour, edition_id, source, n)
  SELECT v.hour, a.edition_id, 'none', sum(v.n) FROM view_hour v JOIN article a ON a.id = v.article_id GROUP BY v.hour, a.edition_id;

-- Sites from which several readers came within an hour.
CREATE TABLE view_host (
  hour BIGINT NOT NULL,
  edition_id BIGINT NOT NULL,
  host $TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (hour, edition_id, host)
) $CLUSTERED;

-- What is read now: by spans of five minutes, kept for some hours.
CREATE TABLE view_slot (
  slot BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (slot, article_id)
) $CLUSTERED;

-- Links to a text that readers do not see yet, for somebody without an account. Of
-- the link itself only its hash is kept (article).
CREATE TABLE preview_link (
  id $ID,
  article_id BIGINT NOT NULL REFERENCES article (id),
  hash $TEXT NOT NULL UNIQUE,
  staff_id BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT
);
CREATE INDEX preview_link_article ON preview_link (article_id, until_at);
