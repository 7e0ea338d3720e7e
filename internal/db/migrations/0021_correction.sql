-- +goose Up

-- What readers are told of an article after it was published: what was wrong or not
-- clear in it, what was added, what its editors have to say (correction). A row
-- belongs to one article and so to one edition. It names the numbers of the revisions
-- before and after the change (0: not known), and the passage that was changed.
CREATE TABLE correction (
  id $ID,
  article_id BIGINT NOT NULL REFERENCES article (id),
  edition_id BIGINT NOT NULL,
  kind $TEXT NOT NULL CHECK (kind IN ('correction', 'clarification', 'update', 'note')),
  text $TEXT NOT NULL,
  before_revision BIGINT NOT NULL DEFAULT 0,
  after_revision BIGINT NOT NULL DEFAULT 0,
  passage $TEXT NOT NULL DEFAULT '',
  shows BOOLEAN NOT NULL DEFAULT FALSE,
  staff_id BIGINT,
  said_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX correction_article ON correction (article_id);
CREATE INDEX correction_edition ON correction (edition_id, said_at, id);

-- Until now an article had one text of that kind, and what was corrected before it
-- stood in its revisions alone.
INSERT INTO correction (article_id, edition_id, kind, text, before_revision, after_revision, said_at, changed_at)
  SELECT a.id, a.edition_id, 'correction', a.note,
    coalesce((SELECT max(r.number) - 1 FROM revision r WHERE r.article_id = a.id AND r.why = 'correction'), 0),
    coalesce((SELECT max(r.number) FROM revision r WHERE r.article_id = a.id AND r.why = 'correction'), 0),
    coalesce(a.updated_at, a.changed_at), coalesce(a.updated_at, a.changed_at)
  FROM article a WHERE a.note <> '' ORDER BY a.id;

-- What kind of change a text is that takes its place at a time, and what readers are
-- told of it: JSON (article).
ALTER TABLE working_copy ADD COLUMN due_change $TEXT NOT NULL DEFAULT '';
