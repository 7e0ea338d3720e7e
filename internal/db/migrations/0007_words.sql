-- +goose Up

-- Words stood here with stems as they were before, and stems that nobody wrote
-- among the words that are proposed to readers. The index is made anew (a higher
-- version of what it holds) and fills the table again.
DELETE FROM search_word;
