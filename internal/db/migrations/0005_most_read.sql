-- +goose Up

-- What was read most of all time stands first here, not at the end of a walk
-- through every article.
CREATE INDEX view_total_most ON view_total ((base + counted));
