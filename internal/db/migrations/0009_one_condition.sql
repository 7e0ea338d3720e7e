-- +goose Up

-- What is public is said in one view. (listing and listing_day hold only what
-- article_public has; their views say no condition again.)
DROP VIEW article_media_public;
CREATE VIEW article_media_public AS
  SELECT m.media_id AS media_id, a.visible_from AS visible_from
  FROM article_media m JOIN article_public a ON a.id = m.article_id;
