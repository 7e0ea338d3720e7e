-- +goose Up

-- The hosts of older systems, and the edition whose front page stands where
-- theirs did: what is asked there is their address first.
CREATE TABLE old_host (
  publication_id BIGINT NOT NULL,
  host $TEXT NOT NULL,
  edition_id BIGINT NOT NULL,
  PRIMARY KEY (publication_id, host)
) $CLUSTERED;
INSERT INTO old_host (publication_id, host, edition_id)
  SELECT DISTINCT s.publication_id, s.host, p.default_edition_id
  FROM import_source s JOIN publication p ON p.id = s.publication_id
  WHERE s.host <> '' AND p.default_edition_id IS NOT NULL;
