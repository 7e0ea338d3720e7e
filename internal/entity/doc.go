// Package entity keeps people, organisations and places, each named in every
// language that has a name for it. Contributors, places of datelines and later
// the subjects of dossiers are entities from the start, so that one person is
// one person in every edition.
//
// Names are found by their folded form (lang.Fold) and ordered by a key made in
// Go (lang.SortKey), because the two engines fold and sort differently.
//
// Tables: entity, entity_name
package entity
