#!/bin/sh
# versions.sh [go] [node]  fails with one sentence where the tool is missing or too old.
set -eu

at_least() { # have want
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

for tool in "$@"; do
  case $tool in
    go)
      command -v go >/dev/null || { echo "Go is missing: install Go 1.26 or newer from https://go.dev/dl/" >&2; exit 1; }
      have=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
      at_least "$have" 1.26 || { echo "Go $have is too old: install Go 1.26 or newer from https://go.dev/dl/" >&2; exit 1; } ;;
    node)
      command -v node >/dev/null || { echo "Node is missing: install Node 20.19 or newer from https://nodejs.org/" >&2; exit 1; }
      have=$(node --version | sed 's/^v//')
      at_least "$have" 20.19 || { echo "Node $have is too old: install Node 20.19 or newer from https://nodejs.org/" >&2; exit 1; } ;;
  esac
done
