-- +goose Up

-- One row, written now and then to learn whether the database takes writes (db).
CREATE TABLE pulse (
  id BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) $CLUSTERED;
INSERT INTO pulse (id, at) VALUES (1, 0);
