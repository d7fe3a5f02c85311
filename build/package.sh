#!/bin/sh
# package.sh: archives of what was built. The Windows programs are built here and not run.
set -eu
version=$(git describe --tags --always --dirty)
out=build/bin
test -f frontend/dist/index.html || { echo "package.sh: the UI is not built; run: make server" >&2; exit 1; }
for arch in amd64 arm64; do
  CGO_ENABLED=0 GOOS=windows GOARCH=$arch go build -tags desktop,production -trimpath \
    -ldflags "-s -w -H windowsgui -X aparte/app.Version=$version" -o "$out/aparte-windows-$arch.exe" .
  CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath \
    -ldflags "-s -w -X aparte/app.Version=$version" -o "$out/aparte-server-linux-$arch" .
done
tar -czf "$out/aparte-$version-linux-$(go env GOARCH).tar.gz" -C "$out" aparte aparte-server
ls -l "$out"
