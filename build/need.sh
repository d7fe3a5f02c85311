#!/bin/sh
# need.sh SET...  makes sure that the Debian packages of each set are there.
#
# As root it installs what is missing. Otherwise it prints the exact command and
# asks; without a terminal to ask, or with "no", it says so and exits with 3.
# Nothing that is installed here is started, and an installed mail server is
# never replaced.
set -eu

packages() {
  case $1 in
    window)   echo "gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev fonts-dejavu-core" ;;
    display)  echo "xvfb xauth dbus dbus-x11 openbox" ;;
    browser)  echo "chromium fonts-dejavu-core fonts-noto-color-emoji" ;;
    race)     echo "gcc libc6-dev" ;;
    postgres) echo "postgresql" ;;
    mail)     echo "dovecot-imapd dovecot-lmtpd postfix mutt openssl" ;;
    *)        echo "need.sh: there is no set of packages named $1" >&2; exit 2 ;;
  esac
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

if ! command -v dpkg-query >/dev/null; then
  echo "need.sh: this is no Debian system; install by its own means what the set needs: $*" >&2
  exit 3
fi

missing=
for set in "$@"; do
  for package in $(packages "$set"); do
    installed "$package" || missing="$missing $package"
  done
done
[ -n "$missing" ] || exit 0

case $missing in
  *postfix*)
    for other in exim4-daemon-light exim4-daemon-heavy opensmtpd sendmail-bin; do
      if installed "$other"; then
        echo "need.sh: $other is this computer's mail server and stays; the tests that need Postfix cannot run here" >&2
        exit 3
      fi
    done ;;
esac

command="apt-get install -y --no-install-recommends$missing"
root=
if [ "$(id -u)" != 0 ]; then
  echo "These Debian packages are missing:$missing"
  if ! [ -t 0 ] || ! command -v sudo >/dev/null; then
    echo "need.sh: install them with: sudo $command" >&2
    exit 3
  fi
  printf 'Install them now with sudo? [y/N] '
  read -r answer
  case $answer in y | Y | yes) root=sudo ;; *) exit 3 ;; esac
fi

# Debian starts what it installs unless this file says no.
policy=/usr/sbin/policy-rc.d
if ! [ -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | $root tee $policy >/dev/null
  $root chmod +x $policy
  trap '$root rm -f $policy' EXIT
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! { $root apt-get update && $root env DEBIAN_FRONTEND=noninteractive $command; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "need.sh: the packages could not be installed; the whole log is $log" >&2
  exit 1
fi
rm -f "$log"
