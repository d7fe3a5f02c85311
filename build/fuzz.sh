#!/bin/sh
# fuzz.sh TIME: runs every fuzz target for TIME, and fails where there is none.
set -eu
time=$1
mkdir -p build/tmp
count=0
for file in $(grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' app internal); do
  package=./$(dirname "$file")
  for target in $(sed -nE 's/^func (Fuzz[A-Za-z0-9]*)\(.*/\1/p' "$file"); do
    echo "fuzz $package $target"
    go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" >build/tmp/fuzz.log 2>&1 || {
      cat build/tmp/fuzz.log
      exit 1
    }
    count=$((count + 1))
  done
done
[ "$count" -gt 0 ] || { echo "fuzz.sh: found no fuzz target" >&2; exit 1; }
echo "fuzz: $count targets, $time each"
