#!/bin/sh
# bench.sh: one table of figures, with their targets and what they stand beside.
#
# BENCH_SIZE=100000 measures on a desk of that many tickets (default: 10,000);
# it is made once, in build/tmp, and gets some hundred messages more each time.
# BENCH_TIME is how long each of the store's benchmarks runs. Nothing fails
# because it was slow.
set -eu
size=${BENCH_SIZE:-10000}
time=${BENCH_TIME:-1s}
tmp=build/tmp
desk=$tmp/desk-$size
mkdir -p $tmp

sh build/versions.sh go node
make --no-print-directory server
desktop=
if sh build/need.sh window display </dev/null; then
  make --no-print-directory desktop
  desktop=build/bin/aparte
fi
if ! [ -f "$desk/made" ]; then
  rm -rf "$desk"
  make --no-print-directory desk SIZE="$size"
  touch "$desk/made"
fi

echo "measuring: the store's benchmarks, on $size tickets" >&2
APARTE_BENCH_DESK=$PWD/$desk go test ./internal/store -run '^$' -bench '^Benchmark(List|Open|Write|Raw)$' \
  -benchtime "$time" >$tmp/bench-store.txt || { cat $tmp/bench-store.txt >&2; exit 1; }
go build -tags bench -o $tmp/benchtest ./app/benchtest

echo "$(git describe --tags --always --dirty), $(go env GOVERSION), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), a desk of $size tickets"
set -- $tmp/benchtest -server build/bin/aparte-server -desktop "$desktop" -desk "$desk" -store $tmp/bench-store.txt
[ -n "$desktop" ] || exec "$@"
# A display and a session bus of its own, so that nothing on the screen is in
# the way. What these say is no part of the table.
exec 5>&1
exec xvfb-run -a -s "-screen 0 1440x900x24 -nolisten tcp" dbus-run-session -- sh -c '
  openbox & manager=$!
  "$@" >&5
  code=$?
  kill $manager 2>/dev/null
  exit $code' sh "$@" >$tmp/bench-display.log
