#!/bin/sh
# Builds the addon from native/src: sh native/build.sh [output [more flags for the compiler and the linker]]
# By the compiler itself rather than by node-gyp: Node-API's headers come from a package and do not depend on Node's version, paths may hold
# spaces, and it takes seconds. It needs node_modules with the client as scripts/build-client.sh leaves it: here in the package, above in a checkout.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
client=node_modules/@confluentinc/kafka-javascript
if [ -d "$here/$client" ]; then top=$here above=..; else top=$here/.. above=../..; fi
modules=$top/node_modules
libraries=$above/$client/build/deps
client=$top/$client
output=${1:-$here/build/bridge.node}
[ $# -eq 0 ] || shift
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

mkdir -p "$(dirname -- "$output")"
output=$(CDPATH='' cd -- "$(dirname -- "$output")" && pwd -P)/$(basename -- "$output")
objects=$(mktemp -d "${TMPDIR:-/tmp}/bridge-build.XXXXXX")
trap 'rm -rf "$objects"' EXIT
cd "$objects"
printf '%s\0' "$here"/src/*.cc |
  xargs -0 -n 1 -P "$jobs" "${CXX:-c++}" -c -std=c++17 -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -Werror=return-type \
    -DNAPI_VERSION=9 -DNODE_GYP_MODULE_NAME=bridge -DNAPI_CPP_EXCEPTIONS -DNODE_ADDON_API_DISABLE_DEPRECATED \
    -isystem "$modules/node-addon-api" -isystem "$modules/node-api-headers/include" -isystem "$client/deps/librdkafka/src" "$@"
case $(uname -s) in
  Darwin) set -- -bundle -undefined dynamic_lookup "-Wl,-rpath,@loader_path/$libraries" "$@" ;;
  *) set -- -shared -pthread "-Wl,-rpath,\$ORIGIN/$libraries" "$@" ;;
esac
"${CXX:-c++}" -o "$output.new" ./*.o -L"$client/build/deps" -lrdkafka "$@"
# Moved into place: a process that runs keeps the file it has loaded.
mv "$output.new" "$output"
