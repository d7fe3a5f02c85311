#!/bin/sh
# window-test.sh: the stories in the real window, on a display and a session bus of their own.
set -eu
exec xvfb-run -a -s "-screen 0 1440x900x24 -nolisten tcp" dbus-run-session -- sh -c '
  openbox & manager=$!
  go test -tags window -count=1 ./app/windowtest
  code=$?
  kill $manager 2>/dev/null
  exit $code'
