-- +goose Up

-- What an older system had counted most stands first here. Our own counts are in
-- no index: PostgreSQL would write a row's place anew with every view.
CREATE INDEX view_total_base ON view_total (base);
