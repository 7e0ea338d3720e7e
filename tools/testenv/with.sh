#!/usr/bin/env bash
# with.sh [--durable] COMMAND… runs a command beside a PostgreSQL of its own: made
# anew in a temporary folder, on a free port of 127.0.0.1, as an unprivileged user,
# thrown away afterwards. It keeps its files in memory and never waits for a disk;
# with --durable they are on disk and synced, as in production, for measurements.
# The command learns from its environment:
#   DATELINE_TEST_POSTGRES  postgres://… (kept when already set: no server is started)
#   DATELINE_TEST_CHROMIUM  path of the browser, where there is one
#   DATELINE_TEST_SMTP …   a mail server (postfix.sh)
#   DATELINE_TEST_REQUIRE   1: a test that lacks one of them fails
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/find.sh"
durable=
if [ "${1:-}" = --durable ]; then durable=1; shift; fi
[ $# -gt 0 ] || { echo "usage: with.sh [--durable] COMMAND…" >&2; exit 2; }

export DATELINE_TEST_REQUIRE=1
if browser="$(find_chromium)"; then export DATELINE_TEST_CHROMIUM="$browser"; fi

if [ -n "${DATELINE_TEST_POSTGRES:-}" ]; then exec "$here/postfix.sh" "$@"; fi

bin="$(find_postgres)" || { echo "no PostgreSQL 15 or later here; tools/testenv/install.sh installs one" >&2; exit 1; }

# initdb refuses root, rightly.
as=()
if [ "$(id -u)" = 0 ]; then
	user=nobody
	id postgres >/dev/null 2>&1 && user=postgres
	as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups env HOME=/ )
fi

# A folder that the other user can reach: TMPDIR may be ours alone. In memory a
# CREATE DATABASE takes 20 ms, on a disk ten times as long.
bases=("${TMPDIR:-/tmp}" /tmp /var/tmp)
if [ -z "$durable" ] && [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 3000000 ] 2>/dev/null; then
	bases=(/dev/shm "${bases[@]}")
fi
dir=
for base in "${bases[@]}"; do
	[ -d "$base" ] || continue
	dir="$(mktemp -d "$base/dateline-pg.XXXXXX")" || continue
	[ "${#as[@]}" = 0 ] || chown "$user" "$dir"
	"${as[@]}" test -w "$dir" 2>/dev/null && break
	rmdir "$dir"
	dir=
done
[ -n "$dir" ] || { echo "no temporary folder for PostgreSQL" >&2; exit 1; }

stop() {
	trap - EXIT
	(cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# An ICU collation, not C: a query that leaves the order of text to the database
# answers differently than on SQLite, and its test says so.
cd_root() { (cd / && "${as[@]}" "$@"); }
cd_root "$bin/initdb" -D "$dir/data" -U dateline -A trust -E UTF8 --locale=C.UTF-8 \
	--locale-provider=icu --icu-locale=en --no-sync >"$dir/initdb.log" 2>&1 ||
	{ cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
log_min_messages = warning
CONF
[ -n "$durable" ] || cat >>"$dir/data/postgresql.conf" <<CONF
fsync = off
synchronous_commit = off
full_page_writes = off
CONF

port=
for _ in 1 2 3 4 5 6 7 8; do
	try=$((20000 + RANDOM % 12000))
	(exec 3<>"/dev/tcp/127.0.0.1/$try") 2>/dev/null && continue
	if cd_root "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -o "-p $try" -w -t 60 start >/dev/null 2>&1; then
		port=$try
		break
	fi
done
[ -n "$port" ] || { cat "$dir/data/log" >&2; echo "PostgreSQL did not start" >&2; exit 1; }

export DATELINE_TEST_POSTGRES="postgres://dateline@127.0.0.1:$port/postgres?sslmode=disable"
status=0
"$here/postfix.sh" "$@" || status=$?
if [ "$status" != 0 ] && grep -qE 'PANIC|FATAL: *sorry' "$dir/data/log" 2>/dev/null; then
	echo "--- PostgreSQL said:" >&2
	tail -n 20 "$dir/data/log" >&2
fi
exit "$status"
