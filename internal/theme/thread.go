package theme

// line is a comment in the flat order in which it is printed.
type line struct {
	Comment
	// Kid: it answers another one and is indented.
	Kid bool
	// To is whom it answers, where the indent does not show it.
	To string
}

// threads lays the tree of comments out flat: threads may be as deep as people
// were stubborn, a page has one level of indent, and a browser's tree a limit
// of 512.
func threads(roots []Comment) []line {
	var out []line
	type todo struct {
		Comment
		depth int
		to    string
	}
	var stack []todo
	push := func(all []Comment, depth int, to string) {
		for i := len(all) - 1; i >= 0; i-- {
			stack = append(stack, todo{all[i], depth, to})
		}
	}
	push(roots, 0, "")
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c.Comment.To != "" { // what it answers was on the page before
			c.depth, c.to = 1, c.Comment.To
		}
		l := line{Comment: c.Comment, Kid: c.depth > 0}
		if c.depth > 1 || c.Comment.To != "" {
			l.To = c.to
		}
		out = append(out, l)
		push(c.Replies, c.depth+1, c.Name)
	}
	return out
}

// spoken is the status whose words an error page uses.
func spoken(status int) int {
	switch status {
	case 403, 404, 405, 410, 413, 429, 500, 503:
		return status
	}
	if status >= 500 {
		return 500
	}
	return 400
}
