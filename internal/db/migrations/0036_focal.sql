-- +goose Up

-- Where the important part of the picture above an article is in that article, in one
-- number (rendition.Focal); 0: where the picture's own is. PostgreSQL has settled what
-- the view's columns are when it was made.
DROP VIEW article_media_public;
DROP VIEW article_public;
ALTER TABLE article ADD COLUMN lead_focal BIGINT NOT NULL DEFAULT 0;
CREATE INDEX article_lead_focal ON article (lead_media_id, lead_focal) WHERE lead_focal <> 0;
CREATE VIEW article_public AS
  SELECT * FROM article
  WHERE state = 'approved' AND live_revision_id IS NOT NULL AND visible_from IS NOT NULL;
CREATE VIEW article_media_public AS
  SELECT m.media_id AS media_id, a.visible_from AS visible_from
  FROM article_media m JOIN article_public a ON a.id = m.article_id;
