#!/bin/sh
# Runs the store's tests on a throw-away PostgreSQL server.
#
# Needs Debian's postgresql package. PostgreSQL refuses to run as root, so as
# root the server runs as the user that the package made. Nothing that is
# installed or running is touched: the cluster lives in a temporary folder,
# listens on a socket there and on no port, and is gone at the end.
#
# Further arguments go to go test: build/postgres-test.sh -race
set -eu
cd "$(dirname "$0")/.."

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
	echo "postgres-test: not run: PostgreSQL is not installed (apt-get install postgresql)" >&2
	[ -n "${CI:-}" ] && exit 1
	exit 0
fi

dir=$(mktemp -d /tmp/aparte-postgres.XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as="runuser -u postgres --"
fi
chmod 711 "$dir"
stop() {
	$as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Collation C: the desk compares text by its code points, as SQLite does.
(
	cd "$dir"
	$as "$bin/initdb" -D "$dir/data" -U aparte -A trust -E UTF8 --locale=C --no-sync >/dev/null
	$as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 \
		-o "-k $dir -c listen_addresses='' -c fsync=off -c max_connections=300" start >/dev/null
) || {
	cat "$dir/log" >&2 || true
	exit 1
}

export APARTE_TEST_POSTGRES="postgres:///postgres?host=$dir&user=aparte&sslmode=disable"
go test -count=1 -run Postgres "$@" ./internal/store/...
