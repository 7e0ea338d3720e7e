-- +goose Up

-- What changed in the eyes of readers, for the caches of other processes (db).
CREATE TABLE change (
  id $ID,
  at BIGINT NOT NULL,
  origin $TEXT NOT NULL,
  tags $TEXT NOT NULL
);
CREATE INDEX change_at ON change (at);

-- What must happen outside because something was published (job). A row is
-- written in the transaction that publishes, and is seen and retried at the desk.
CREATE TABLE outbox (
  id $ID,
  at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  kind $TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  payload $TEXT NOT NULL DEFAULT '{}',
  state $TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'dropped')),
  attempts BIGINT NOT NULL DEFAULT 0,
  last_error $TEXT NOT NULL DEFAULT '',
  done_at BIGINT
);
CREATE INDEX outbox_due ON outbox (state, not_before);

-- Who did what and when; names as they were then (audit).
CREATE TABLE audit (
  id $ID,
  at BIGINT NOT NULL,
  actor_id BIGINT,
  actor $TEXT NOT NULL,
  action $TEXT NOT NULL,
  kind $TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  detail $TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_ref ON audit (kind, ref_id, id);

-- The publication, its language editions and what they say of themselves (edition).
CREATE TABLE publication (
  id $ID,
  key $TEXT NOT NULL UNIQUE,
  default_edition_id BIGINT,
  zone $TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE edition (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  lang $TEXT NOT NULL,
  position BIGINT NOT NULL DEFAULT 0,
  name $TEXT NOT NULL,
  tagline $TEXT NOT NULL DEFAULT '',
  colophon $TEXT NOT NULL DEFAULT '',
  place_id BIGINT,
  UNIQUE (publication_id, lang)
);
CREATE TABLE edition_host (
  host $TEXT NOT NULL PRIMARY KEY,
  edition_id BIGINT NOT NULL REFERENCES edition (id)
);
CREATE TABLE setting (
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  key $TEXT NOT NULL,
  value $TEXT NOT NULL,
  PRIMARY KEY (publication_id, key)
);
CREATE TABLE follow_link (
  id $ID,
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  position BIGINT NOT NULL,
  kind $TEXT NOT NULL,
  name $TEXT NOT NULL,
  url $TEXT NOT NULL
);
CREATE INDEX follow_link_edition ON follow_link (edition_id, position);
CREATE TABLE announcement (
  id $ID,
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  kind $TEXT NOT NULL CHECK (kind IN ('announcement', 'breaking')),
  text $TEXT NOT NULL,
  url $TEXT NOT NULL DEFAULT '',
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX announcement_window ON announcement (edition_id, ends_at);

-- People, organisations and places, named in every language (entity).
CREATE TABLE entity (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  kind $TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'place')),
  created_at BIGINT NOT NULL
);
CREATE TABLE entity_name (
  entity_id BIGINT NOT NULL REFERENCES entity (id),
  lang $TEXT NOT NULL,
  name $TEXT NOT NULL,
  folded $TEXT NOT NULL,
  sort_key $TEXT NOT NULL,
  PRIMARY KEY (entity_id, lang)
);
CREATE INDEX entity_name_folded ON entity_name (folded);

-- Those who are credited; they need no login (author).
CREATE TABLE contributor (
  entity_id BIGINT NOT NULL PRIMARY KEY REFERENCES entity (id),
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  slug $TEXT NOT NULL,
  portrait_id BIGINT,
  url $TEXT NOT NULL DEFAULT '',
  UNIQUE (publication_id, slug)
);
CREATE TABLE contributor_text (
  entity_id BIGINT NOT NULL REFERENCES contributor (entity_id),
  lang $TEXT NOT NULL,
  role $TEXT NOT NULL DEFAULT '',
  bio $TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (entity_id, lang)
);

-- Shelves: sections (a tree), tags, genres, columns, series (topic).
CREATE TABLE topic (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  kind $TEXT NOT NULL CHECK (kind IN ('section', 'tag', 'genre', 'column', 'series')),
  parent_id BIGINT REFERENCES topic (id),
  owner_id BIGINT REFERENCES entity (id),
  position BIGINT NOT NULL DEFAULT 0,
  schema_type $TEXT NOT NULL DEFAULT ''
);
CREATE INDEX topic_kind ON topic (publication_id, kind, position);
CREATE TABLE topic_name (
  topic_id BIGINT NOT NULL REFERENCES topic (id),
  lang $TEXT NOT NULL,
  publication_id BIGINT NOT NULL,
  kind $TEXT NOT NULL,
  name $TEXT NOT NULL,
  slug $TEXT NOT NULL,
  description $TEXT NOT NULL DEFAULT '',
  folded $TEXT NOT NULL,
  sort_key $TEXT NOT NULL,
  PRIMARY KEY (topic_id, lang),
  UNIQUE (publication_id, kind, lang, slug)
);

-- Pictures and files (media).
CREATE TABLE media (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  token $TEXT NOT NULL UNIQUE,
  kind $TEXT NOT NULL CHECK (kind IN ('image', 'audio', 'video', 'file')),
  mime $TEXT NOT NULL,
  file_name $TEXT NOT NULL,
  blob $TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 $TEXT NOT NULL,
  width BIGINT NOT NULL DEFAULT 0,
  height BIGINT NOT NULL DEFAULT 0,
  colour $TEXT NOT NULL DEFAULT '',
  focal_x BIGINT NOT NULL DEFAULT 500,
  focal_y BIGINT NOT NULL DEFAULT 500,
  rights $TEXT NOT NULL DEFAULT '',
  source_url $TEXT NOT NULL DEFAULT '',
  always BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);
CREATE INDEX media_sha ON media (publication_id, sha256);
CREATE TABLE media_text (
  media_id BIGINT NOT NULL REFERENCES media (id),
  lang $TEXT NOT NULL,
  title $TEXT NOT NULL DEFAULT '',
  caption $TEXT NOT NULL DEFAULT '',
  alt $TEXT NOT NULL DEFAULT '',
  credit $TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (media_id, lang)
);

-- Every address of ours, past and present, and those of systems before us (address).
CREATE TABLE address (
  edition_id BIGINT NOT NULL,
  path $TEXT NOT NULL,
  kind $TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  current BOOLEAN NOT NULL,
  PRIMARY KEY (edition_id, path)
) $CLUSTERED;
CREATE INDEX address_ref ON address (kind, edition_id, ref_id);
CREATE TABLE redirect (
  publication_id BIGINT NOT NULL,
  path $TEXT NOT NULL,
  host $TEXT NOT NULL,
  seq BIGINT NOT NULL,
  edition_id BIGINT NOT NULL,
  kind $TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  url $TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (publication_id, path, host)
) $CLUSTERED;

-- Stories (language-neutral), articles (one edition each), what they said at
-- each revision, and where they are listed (article).
CREATE TABLE story (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  original_id BIGINT,
  created_at BIGINT NOT NULL
);
CREATE TABLE article (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  story_id BIGINT NOT NULL REFERENCES story (id),
  edition_id BIGINT NOT NULL REFERENCES edition (id),
  kind $TEXT NOT NULL CHECK (kind IN ('article', 'page')),
  format $TEXT NOT NULL DEFAULT 'text' CHECK (format IN ('text', 'live')),
  access $TEXT NOT NULL DEFAULT 'free' CHECK (access IN ('free', 'registered', 'members', 'paid')),
  state $TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'ready', 'approved', 'withdrawn', 'spiked')),
  visible_from BIGINT,
  day BIGINT NOT NULL DEFAULT 0,
  slug $TEXT NOT NULL DEFAULT '',
  path $TEXT NOT NULL DEFAULT '',
  parent_id BIGINT,
  position BIGINT NOT NULL DEFAULT 0,
  live_revision_id BIGINT,
  head_revision_id BIGINT,
  revision BIGINT NOT NULL DEFAULT 0,
  kicker $TEXT NOT NULL DEFAULT '',
  headline $TEXT NOT NULL DEFAULT '',
  standfirst $TEXT NOT NULL DEFAULT '',
  teaser $TEXT NOT NULL DEFAULT '',
  seo_title $TEXT NOT NULL DEFAULT '',
  seo_description $TEXT NOT NULL DEFAULT '',
  genre_id BIGINT,
  column_id BIGINT,
  section_id BIGINT,
  lead_media_id BIGINT,
  words BIGINT NOT NULL DEFAULT 0,
  dateline_at BIGINT,
  dateline_zone $TEXT NOT NULL DEFAULT '',
  dateline_offset BIGINT NOT NULL DEFAULT 0,
  dateline_place_id BIGINT,
  dateline_place $TEXT NOT NULL DEFAULT '',
  sticky BOOLEAN NOT NULL DEFAULT FALSE,
  urgency BIGINT NOT NULL DEFAULT 5,
  comments $TEXT NOT NULL DEFAULT 'open' CHECK (comments IN ('open', 'closed', 'hidden')),
  updated_at BIGINT,
  withdrawn_at BIGINT,
  withdrawn_reason $TEXT NOT NULL DEFAULT '',
  note $TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX article_story ON article (story_id);
CREATE INDEX article_page ON article (edition_id, kind, parent_id, position);
CREATE INDEX article_state ON article (publication_id, state, changed_at);
CREATE TABLE revision (
  id $ID,
  article_id BIGINT NOT NULL REFERENCES article (id),
  number BIGINT NOT NULL,
  snapshot $TEXT NOT NULL,
  sha256 $TEXT NOT NULL,
  prev_sha256 $TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  actor $TEXT NOT NULL,
  why $TEXT NOT NULL DEFAULT '',
  published_at BIGINT,
  UNIQUE (article_id, number)
);
CREATE TABLE working_copy (
  article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id),
  base_revision_id BIGINT,
  snapshot $TEXT NOT NULL,
  version BIGINT NOT NULL,
  actor $TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE TABLE byline (
  article_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  entity_id BIGINT NOT NULL,
  role $TEXT NOT NULL DEFAULT 'author',
  printed $TEXT NOT NULL,
  PRIMARY KEY (article_id, position)
) $CLUSTERED;
CREATE INDEX byline_entity ON byline (entity_id);
CREATE TABLE article_topic (
  article_id BIGINT NOT NULL,
  topic_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (article_id, topic_id)
) $CLUSTERED;
CREATE INDEX article_topic_topic ON article_topic (topic_id);
CREATE TABLE article_media (
  article_id BIGINT NOT NULL,
  media_id BIGINT NOT NULL,
  PRIMARY KEY (article_id, media_id)
) $CLUSTERED;
CREATE INDEX article_media_media ON article_media (media_id);
-- Where an approved article is listed: kind 0 the edition, 1 a topic and those
-- above it, 2 a contributor. Lists cost the same at ten articles and a million.
CREATE TABLE listing (
  edition_id BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  ref_id BIGINT NOT NULL,
  visible_from BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  PRIMARY KEY (edition_id, kind, ref_id, visible_from, article_id)
) $CLUSTERED;
CREATE INDEX listing_article ON listing (article_id);
-- Days, for the calendar: kind 0 rows once more, by their frozen day.
CREATE TABLE listing_day (
  edition_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  visible_from BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  PRIMARY KEY (edition_id, day, visible_from, article_id)
) $CLUSTERED;

-- Publicly visible, as far as a table can say: visible_from stands against the
-- clock, and whoever reads the view binds the instant (article.Public).
CREATE VIEW article_public AS
  SELECT * FROM article
  WHERE state = 'approved' AND live_revision_id IS NOT NULL AND visible_from IS NOT NULL;
CREATE VIEW article_media_public AS
  SELECT m.media_id AS media_id, a.visible_from AS visible_from
  FROM article_media m JOIN article a ON a.id = m.article_id
  WHERE a.state = 'approved' AND a.live_revision_id IS NOT NULL AND a.visible_from IS NOT NULL;
CREATE VIEW listing_public AS
  SELECT edition_id, kind, ref_id, visible_from, article_id FROM listing;
CREATE VIEW listing_day_public AS
  SELECT edition_id, day, visible_from, article_id FROM listing_day;

-- Readers' comments (comment).
CREATE TABLE comment (
  id $ID,
  article_id BIGINT NOT NULL REFERENCES article (id),
  parent_id BIGINT REFERENCES comment (id),
  author_kind $TEXT NOT NULL CHECK (author_kind IN ('guest', 'reader', 'staff', 'imported', 'remote')),
  author_id BIGINT,
  name $TEXT NOT NULL,
  email $TEXT NOT NULL DEFAULT '',
  body $TEXT NOT NULL,
  state $TEXT NOT NULL CHECK (state IN ('approved', 'pending', 'spam', 'trash')),
  created_at BIGINT NOT NULL
);
CREATE INDEX comment_article ON comment (article_id, state, created_at);

-- Reads, counted by article and hour; the imported number stands apart (views).
CREATE TABLE view_total (
  article_id BIGINT NOT NULL PRIMARY KEY,
  base BIGINT NOT NULL DEFAULT 0,
  counted BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE view_hour (
  hour BIGINT NOT NULL,
  article_id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (hour, article_id)
) $CLUSTERED;

-- What came from where, so that an import runs again without doubling (importer).
CREATE TABLE import_source (
  id $ID,
  publication_id BIGINT NOT NULL REFERENCES publication (id),
  host $TEXT NOT NULL,
  url $TEXT NOT NULL,
  UNIQUE (publication_id, url)
);
CREATE TABLE import_item (
  source_id BIGINT NOT NULL,
  kind $TEXT NOT NULL,
  key $TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  hash $TEXT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (source_id, kind, key)
) $CLUSTERED;
CREATE INDEX import_item_ref ON import_item (kind, ref_id);
