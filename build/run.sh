#!/bin/sh
# run.sh: from a bare computer to the sandbox on the screen.
set -eu
sh build/versions.sh go node

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  make --no-print-directory desktop
  exec build/bin/aparte sandbox --window
fi
echo "There is no display here: the sandbox is served on loopback instead. Open the address below in a browser."
make --no-print-directory server
exec build/bin/aparte-server sandbox
