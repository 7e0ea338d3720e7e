// Package webtest runs page scripts: what a reader or an editor asks for, and what
// must come back. A script is a text file that reads like its subject:
//
//	# An article that was renamed.
//	GET /2022/02/14/old-name
//	code == 301
//	redirect == /2022/02/14/new-name
//
//	POST /-/comments
//	with Sec-Fetch-Site: same-origin
//	json {"article":1,"name":"Anna","text":"…"}
//	code == 201
//	value state == published
//
// A request line (GET, HEAD, POST, PUT, PATCH, DELETE and a path) begins a case.
// What follows it may add to the request:
//
//	with NAME: VALUE       a header; `with Host: ru.example.org` sets the host
//	form a=1&b=2           a body of a form
//	json {…}               a body of JSON
//	send TEXT              any other body
//
// Then come the checks, each SUBJECT OPERATOR VALUE:
//
//	code                   the status
//	header NAME            a header; several of one name are joined by ", "
//	body                   the body as sent
//	redirect               the Location of a 301, 302, 303, 307 or 308
//	selector S             the text of the elements that S selects, white space folded,
//	                       soft hyphens left out (pages are set, see typeset)
//	attr S NAME            the attribute of the elements that S selects and that carry it
//	count S                how many elements S selects
//	value PATH             a value in a JSON body: a.b.0.c
//
// Operators: == != contains !contains ~ !~ (regular expressions), for code and
// count also < <= > >=, and, without a value, exists and missing. Of several
// elements one must fit; with a negation (!=, !contains, !~) none may. A value may
// be quoted as in Go ("a\nb"), and a selector must be where it holds an operator.
// ${NAME} is replaced by what RunWith was given.
//
// Selectors are CSS's: tag, *, #id, .class, [attr], [attr=v] [attr~=v] [attr^=v]
// [attr$=v] [attr*=v], :first-child, :not(…), descendants, children (>) and lists.
package webtest
