-- +goose Up

-- The beginning of a word is looked for among the words as they are written, so
-- numbers and words with an apostrophe stand here too, and skeletons write every
-- doubled letter singly. The program fills the table again (a higher version of
-- what the index holds); what articles stand in the index by is as it was.
DELETE FROM search_word;
