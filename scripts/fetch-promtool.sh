#!/bin/sh
# Puts promtool into a folder: sh scripts/fetch-promtool.sh <folder>. It comes with Prometheus alone, and Debian and Ubuntu have that as a package;
# the program is taken out of it, so nothing is installed and no server is started.
set -eu

folder=$1
mkdir -p "$folder"
cd "$folder"
apt-get download prometheus || { apt-get update && apt-get download prometheus; }
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x --strip-components=3 ./usr/bin/promtool
rm -f prometheus_*.deb
