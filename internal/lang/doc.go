// Package lang knows languages: the words of the interface, dates, plurals,
// numbers, names of time zones, the order of names, and what a wall clock
// meant in a zone.
//
// All of a language is data, in locales/: words (ru.json), the forms of words
// that CLDR gives (cldr/ru.json, made by tools/cldr: months, weekdays, plurals,
// relative times, digits; and for all languages at once scripts.json, letters.json
// and weeks.json: directions, alphabets, first days of the week) and ours
// (data/ru.json: patterns of dates, Russian without "г.", Kazakh with the year
// first; names of zones by city, where CLDR names them by country; typography;
// letters in addresses). What a language lacks it says in English.
//
// It promises that a Locale exists for every tag: a language whose words we
// lack speaks English and keeps its own tag and direction. Everything here is
// safe for use by many goroutines, and needs neither the system's locales nor
// its zone files: the zone data is embedded and LoadZones replaces it while
// the program runs.
//
// A Locale returns plain text. Whoever writes HTML escapes it.
package lang
