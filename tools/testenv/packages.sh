#!/usr/bin/env bash
# Installs the npm packages that a folder's lock file pins by hash, unless they are
# there. Their install scripts do not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../$1"
cmp -s package-lock.json node_modules/.installed-lock && exit 0
echo "installing: the npm packages of $1"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
cp package-lock.json node_modules/.installed-lock
