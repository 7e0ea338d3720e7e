-- +goose Up

-- What is being written: the text at work, its way to readers, and the versions
-- before it, which a late save is merged against (article). Nothing wrote the
-- former table.
DROP TABLE working_copy;
CREATE TABLE working_copy (
  article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id),
  base_revision_id BIGINT,
  state $TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'ready', 'approved')),
  version BIGINT NOT NULL,
  snapshot $TEXT NOT NULL,
  headline $TEXT NOT NULL,
  words BIGINT NOT NULL,
  writers $TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  reviewer_id BIGINT,
  due_at BIGINT,
  changed_at BIGINT NOT NULL
);
CREATE INDEX working_copy_changed ON working_copy (changed_at);
CREATE INDEX working_copy_due ON working_copy (due_at);
CREATE TABLE working_version (
  article_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  snapshot $TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (article_id, version)
) $CLUSTERED;
CREATE INDEX working_version_made ON working_version (made_at);

-- Whose an article is, what it is due for, and what the newsroom notes about it;
-- none of that is printed.
CREATE TABLE article_work (
  article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id),
  staff_id BIGINT,
  due_at BIGINT,
  notes $TEXT NOT NULL DEFAULT ''
);
CREATE INDEX article_work_staff ON article_work (staff_id, article_id);
CREATE INDEX article_work_due ON article_work (due_at);

-- Who has an article open, and where; a row that was not renewed for twenty seconds
-- is nobody's.
CREATE TABLE article_open (
  article_id BIGINT NOT NULL,
  tab $TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  name $TEXT NOT NULL,
  block $TEXT NOT NULL DEFAULT '',
  place BIGINT NOT NULL DEFAULT 0,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (article_id, tab)
) $CLUSTERED;

-- A headline for where there is little room. PostgreSQL has settled what the
-- view's columns are when it was made.
DROP VIEW article_media_public;
DROP VIEW article_public;
ALTER TABLE article ADD COLUMN short_headline $TEXT NOT NULL DEFAULT '';
CREATE VIEW article_public AS
  SELECT * FROM article
  WHERE state = 'approved' AND live_revision_id IS NOT NULL AND visible_from IS NOT NULL;
CREATE VIEW article_media_public AS
  SELECT m.media_id AS media_id, a.visible_from AS visible_from
  FROM article_media m JOIN article_public a ON a.id = m.article_id;
