-- +goose Up

-- Every decision about a comment or its writer, with its statement of reasons
-- (Regulation (EU) 2022/2065, article 17): what, on what ground, the facts, whether a
-- machine found or decided it, until when. What restricts somebody without a ground
-- cannot be stored. before is the comment's state until then, stands whether the
-- decision still holds. Names of readers and removed texts are not in it (comment).
CREATE TABLE comment_decision (
  id $ID,
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  article_id BIGINT NOT NULL,
  comment_id BIGINT NOT NULL REFERENCES comment (id),
  deed $TEXT NOT NULL CHECK (deed IN ('hold', 'approve', 'remove', 'spam', 'restore', 'mute', 'ban', 'watch', 'lift')),
  ground $TEXT NOT NULL DEFAULT '' CHECK (ground IN ('', 'rule', 'law')),
  rule BIGINT NOT NULL DEFAULT 0,
  rules_version BIGINT NOT NULL DEFAULT 0,
  title $TEXT NOT NULL DEFAULT '',
  law $TEXT NOT NULL DEFAULT '',
  category $TEXT NOT NULL DEFAULT '',
  facts $TEXT NOT NULL DEFAULT '',
  source $TEXT NOT NULL DEFAULT 'own' CHECK (source IN ('own', 'notice', 'appeal')),
  found_by_machine BOOLEAN NOT NULL DEFAULT FALSE,
  by_machine BOOLEAN NOT NULL DEFAULT FALSE,
  staff_id BIGINT,
  at BIGINT NOT NULL,
  until BIGINT,
  before $TEXT NOT NULL DEFAULT '',
  held_for $TEXT NOT NULL DEFAULT '',
  public_before BOOLEAN NOT NULL DEFAULT FALSE,
  version BIGINT NOT NULL DEFAULT 0,
  writer $TEXT NOT NULL DEFAULT '',
  lang $TEXT NOT NULL DEFAULT '',
  content_at BIGINT NOT NULL DEFAULT 0,
  waited BIGINT NOT NULL DEFAULT 0,
  stands BOOLEAN NOT NULL DEFAULT TRUE,
  ended_at BIGINT,
  CHECK (deed IN ('hold', 'approve', 'restore', 'lift') OR facts <> '' AND (ground = 'rule' AND rule > 0 AND title <> '' OR ground = 'law' AND law <> '')),
  CHECK (deed NOT IN ('mute', 'ban', 'watch') OR until IS NOT NULL AND writer <> ''),
  CHECK (by_machine OR staff_id IS NOT NULL)
);
CREATE INDEX comment_decision_comment ON comment_decision (comment_id, id);
CREATE INDEX comment_decision_edition ON comment_decision (edition_id, at);
CREATE INDEX comment_decision_writer ON comment_decision (writer, until);

-- A writer's complaint about a decision (article 20): one each, decided by somebody
-- else than who decided first, which the table itself holds (comment).
CREATE TABLE comment_appeal (
  id $ID,
  decision_id BIGINT NOT NULL UNIQUE REFERENCES comment_decision (id),
  text $TEXT NOT NULL,
  at BIGINT NOT NULL,
  first_staff_id BIGINT,
  outcome $TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'upheld', 'rejected')),
  reason $TEXT NOT NULL DEFAULT '',
  staff_id BIGINT,
  decided_at BIGINT,
  CHECK (outcome = '' OR staff_id IS NOT NULL AND decided_at IS NOT NULL AND reason <> ''),
  CHECK (staff_id IS NULL OR first_staff_id IS NULL OR staff_id <> first_staff_id)
);
CREATE INDEX comment_appeal_open ON comment_appeal (outcome, at);
