-- +goose Up

-- What somebody has to say of a passage of a text that is worked on (correction): a
-- comment, other words for it, a reader's report. version is that of the text in which
-- the passage stood (article; below zero a revision's number), field which line of it
-- it is in, empty the body. from_point and to_point count code points.
CREATE TABLE remark (
  id $ID,
  article_id BIGINT NOT NULL REFERENCES article (id),
  edition_id BIGINT NOT NULL,
  kind $TEXT NOT NULL CHECK (kind IN ('comment', 'suggestion', 'report')),
  state $TEXT NOT NULL CHECK (state IN ('open', 'applied', 'refused', 'stale')),
  version BIGINT NOT NULL,
  field $TEXT NOT NULL DEFAULT '',
  block $TEXT NOT NULL,
  exact $TEXT NOT NULL,
  prefix $TEXT NOT NULL,
  suffix $TEXT NOT NULL,
  from_point BIGINT NOT NULL,
  to_point BIGINT NOT NULL,
  once BOOLEAN NOT NULL DEFAULT FALSE,
  replaces BOOLEAN NOT NULL DEFAULT FALSE,
  replacement $TEXT NOT NULL DEFAULT '',
  voices BIGINT NOT NULL DEFAULT 1,
  made_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT,
  reason $TEXT NOT NULL DEFAULT '',
  applied_version BIGINT
);
CREATE INDEX remark_article ON remark (article_id, state, id);
CREATE INDEX remark_state ON remark (state, kind, made_at, id);

-- Who says it, and in which words: several may say the same. Nobody of the staff: a
-- reader.
CREATE TABLE remark_voice (
  id $ID,
  remark_id BIGINT NOT NULL REFERENCES remark (id),
  staff_id BIGINT,
  note $TEXT NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL
);
CREATE INDEX remark_voice_remark ON remark_voice (remark_id, id);
CREATE INDEX remark_voice_staff ON remark_voice (staff_id);
