-- +goose Up

-- What an older system called a comment: addresses that lead to one name it by
-- this ("#comment-123", "?replytocom=123") (comment).
ALTER TABLE comment ADD COLUMN old_id BIGINT;
