-- +goose Up

-- What a tag, a person or a place has become part of: revisions and texts at work name
-- it by its id for good, and are to find that (topic, entity).
ALTER TABLE topic ADD COLUMN merged_into BIGINT REFERENCES topic (id);
ALTER TABLE entity ADD COLUMN merged_into BIGINT REFERENCES entity (id);
CREATE INDEX topic_merged ON topic (merged_into);
CREATE INDEX entity_merged ON entity (merged_into);
