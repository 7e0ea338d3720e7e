-- +goose Up

-- Articles that search engines are asked to leave out. PostgreSQL has settled
-- what the view's columns are when it was made.
ALTER TABLE article ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
DROP VIEW article_public;
CREATE VIEW article_public AS
  SELECT * FROM article
  WHERE state = 'approved' AND live_revision_id IS NOT NULL AND visible_from IS NOT NULL;
