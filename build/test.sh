#!/bin/sh
# test.sh: every check, the quick ones first. In CI (CI=true) all must run;
# elsewhere what needs system packages that cannot be had says "not run".
set -u
sh build/versions.sh go node || exit 1

failed=
skipped=
passed=0
check() { # name target
  echo
  echo "=== $1"
  begin=$(date +%s)
  make --no-print-directory "$2"
  code=$?
  echo "=== $1: $(($(date +%s) - begin)) s"
  case $code in
    0) passed=$((passed + 1)) ;;
    *) if [ -z "${CI:-}" ] && [ "$(id -u)" != 0 ] && ! sh build/need.sh $3 </dev/null >/dev/null 2>&1; then
         skipped="$skipped $2"
         echo "=== $1: not run (needs: $3)"
       else
         failed="$failed $2"
       fi ;;
  esac
}

check "frontend: lint, types, units" check-ui ""
check "frontend: build; server" server ""
check "go: format, vet, staticcheck" check-lint ""
check "go: tests" check-go ""
check "go: race detector where things run side by side" check-race "race"
check "store on PostgreSQL" check-postgres "postgres"
check "fuzz: foreign bytes" fuzz ""
check "real mail servers: Dovecot, Postfix, mutt" check-mail "mail"
check "kills in the middle of work" crash ""
check "stories in the browser" check-e2e "browser"
check "stories in the window" check-window "window display"

echo
for name in $skipped; do echo "not run: make $name"; done
for name in $failed; do echo "FAILED: make $name"; done
echo "checks: $passed passed, $(echo "$failed" | wc -w) failed, $(echo "$skipped" | wc -w) skipped"
[ -z "$failed" ]
