-- +goose Up

-- What stands at an address is found by what it is, and a word by its skeleton;
-- an edition has too many of both to go through. SQLite took the edition for the
-- rarest column of these keys, so it stands in them no more.
DROP INDEX address_ref;
CREATE INDEX address_ref ON address (kind, ref_id);
DROP INDEX search_word_skeleton;
CREATE INDEX search_word_skeleton ON search_word (skeleton);
