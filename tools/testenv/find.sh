# Where this machine keeps what the tests need. To be sourced.

# find_postgres prints the folder of PostgreSQL's programs, version 15 or later.
find_postgres() {
	local dir version
	for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) "$(dirname "$(command -v postgres 2>/dev/null || echo /)")"; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && [ -x "$dir/pg_ctl" ] || continue
		version="$("$dir/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')"
		[ "$version" -ge 15 ] && echo "$dir" && return 0
	done
	return 1
}

# find_chromium prints the path of a Chromium or Chrome.
find_chromium() {
	local name
	if [ -n "${DATELINE_TEST_CHROMIUM:-}" ]; then echo "$DATELINE_TEST_CHROMIUM"; return 0; fi
	for name in chromium chromium-browser google-chrome-stable google-chrome; do
		command -v "$name" 2>/dev/null && return 0
	done
	return 1
}
