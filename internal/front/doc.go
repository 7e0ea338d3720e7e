// Package front is how editors arrange the front page: which article stands in
// which place, until when, by which rule a place fills itself otherwise, and the
// breaking line above everything.
//
// An arrangement is stored whole with every change, so that the history is what
// was, undoing is going back to it, and the page of any instant can be worked out.
// Filling the places (Arrangement.Fill) knows no clock and no database: it is given
// the instant and the articles. Room site gives them and makes the page; without an
// arrangement it is the page of a newsroom that never came here.
//
// What is promised: an article that readers may not see yet is in no place before
// its instant and one that was withdrawn leaves its place at once, the rule standing
// in; a line about an article is shown while readers may see that; nothing stands
// in two places. A change names what whoever makes it has seen, and is refused when
// somebody else was first.
//
// Rows name staff by number and hold no names.
//
// Tables: front_version
//
// Routes: /desk/front …
//
// Permissions: front.write; for rehearsals also article.read, of everybody's.
package front
