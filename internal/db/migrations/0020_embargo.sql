-- +goose Up

-- Until when nobody may show an article to readers, and who has asked to lift that:
-- somebody else has to agree (article).
ALTER TABLE article_work ADD COLUMN embargo_until BIGINT;
ALTER TABLE article_work ADD COLUMN lift_staff_id BIGINT;
