-- +goose Up

-- Answers to what readers with an account wrote, and whether these have been told of
-- them by letter (comment).
CREATE TABLE comment_answer (
  comment_id BIGINT NOT NULL PRIMARY KEY REFERENCES comment (id),
  reader_id BIGINT NOT NULL REFERENCES reader (id),
  told BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX comment_answer_reader ON comment_answer (reader_id, told);

-- When a reader was last told, so that letters keep their distance (comment).
CREATE TABLE comment_told (
  reader_id BIGINT NOT NULL PRIMARY KEY REFERENCES reader (id),
  at BIGINT NOT NULL
);
