-- +goose Up

-- Articles by when readers see them, in all editions: the desk's lists (article).
CREATE INDEX article_shown ON article (publication_id, state, visible_from, id);
