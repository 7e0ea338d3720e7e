-- +goose Up

-- Who gives feeds and articles their names (tag: URIs, RFC 4151) and since when:
-- settled once, because no subscriber knows an article by another name. Names
-- that were given before this began with the present host and the year 2026.
ALTER TABLE publication ADD COLUMN naming_host $TEXT NOT NULL DEFAULT '';
ALTER TABLE publication ADD COLUMN naming_date $TEXT NOT NULL DEFAULT '';
UPDATE publication SET naming_date = '2026';
