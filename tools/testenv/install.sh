#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: PostgreSQL 15 or later,
# Chromium, Postfix, a Java runtime, Node.js with npm, newsboat, sfeed, xmllint, Python's
# feedparser, jsonschema and dkim, the encoders of WebP and AVIF, and the npm packages pinned
# in test/e2e and assets/desk. As root or with `sudo -n`; otherwise it says what to install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tools/testenv/find.sh

missing=()
want() { missing+=("$1"); }
find_postgres >/dev/null || want postgresql
find_chromium >/dev/null || want chromium
PATH="$PATH:/usr/sbin" command -v postfix >/dev/null || want postfix
/usr/bin/python3 -c "import dkim" 2>/dev/null || want python3-dkim
command -v openssl >/dev/null || want openssl
command -v newsboat >/dev/null || want newsboat
command -v sfeed >/dev/null || want sfeed
command -v xmllint >/dev/null || want libxml2-utils
/usr/bin/python3 -c "import feedparser" 2>/dev/null || want python3-feedparser
/usr/bin/python3 -c "import jsonschema" 2>/dev/null || want python3-jsonschema
command -v cwebp >/dev/null || want webp
command -v avifenc >/dev/null || want libavif-bin
command -v java >/dev/null || want default-jre-headless
command -v node >/dev/null || want nodejs
command -v npm >/dev/null || want npm

if [ "${#missing[@]}" -gt 0 ]; then
	if [ "$(id -u)" = 0 ]; then
		root=()
	elif sudo -n true 2>/dev/null; then
		root=(sudo -n)
	else
		echo "make test needs these Debian packages: ${missing[*]}" >&2
		echo "install them:  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
		exit 1
	fi
	if ! command -v apt-get >/dev/null; then
		echo "make test needs, under the names your system has for them: ${missing[*]}" >&2
		exit 1
	fi
	echo "installing: ${missing[*]}"
	log="$(mktemp)"
	trap 'rm -f "$log"' EXIT
	apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >>"$log" 2>&1; }
	# No mail server of the machine's own is set up: Debian's question is answered first.
	echo "postfix postfix/main_mailer_type select No configuration" | "${root[@]}" debconf-set-selections 2>/dev/null || true
	# A stale list of packages names versions that the mirror has dropped.
	if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; }; then
		tail -n 40 "$log" >&2
		echo "apt-get could not install: ${missing[*]}" >&2
		exit 1
	fi
fi

find_postgres >/dev/null || { echo "PostgreSQL is older than 15" >&2; exit 1; }

tools/testenv/packages.sh test/e2e
tools/testenv/packages.sh assets/desk
