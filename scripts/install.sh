# The slow part of ./lab, sourced by it: fetches Node, installs the packages, and says what is missing when that fails.

log=$state/install.log
lock=$state/install.lock

say() { echo "lab: $*" >&2; }
die() {
  say "$*"
  exit 1
}

# Runs "$@" while no other ./lab does. The lock is a folder with the owner's process id in it.
with_lock() {
  mkdir -p "$state" 2>/dev/null || die "cannot write in $root: make the folder writable, or copy the project to one that is"
  told=
  unowned=0
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -z "$owner" ]; then unowned=$((unowned + 1)); else unowned=0; fi
    if [ "$unowned" -ge 5 ] || { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; }; then
      # Renamed first: of two that find it stale, one gets it.
      if mv "$lock" "$lock.stale.$$" 2>/dev/null; then rm -rf "$lock.stale.$$"; fi
      continue
    fi
    [ -n "$told" ] || say "process ${owner:-unknown} is installing already, waiting for it (if that is wrong: rm -r '$lock')"
    told=yes
    sleep 1
  done
  stage=
  trap 'rm -rf "$lock" ${stage:+"$stage"}' EXIT
  trap 'echo >&2; exit 130' INT
  trap 'exit 143' TERM HUP
  echo $$ >"$lock/pid"
  "$@"
  rm -rf "$lock"
  trap - EXIT INT TERM HUP
}

install_all() {
  installed && return # by the process that was waited for
  : >"$log"
  find_node || fetch_node
  packages_fit || install_packages
  build_bridge
}

fetch_node() {
  require_npm
  say "no Node >= 24 here: fetching Node $node_pin beside the project (once)"
  rm -rf "$state/new"
  mkdir -p "$state/new"
  echo '{ "private": true, "allowScripts": { "node": true } }' >"$state/new/package.json"
  run_shown "fetching Node" npm install --prefix "$state/new" --no-save --no-audit --no-fund --ignore-scripts=false "node@$node_pin" || die "Node $node_pin could not be fetched: $(npm_error); full output: $log"
  rm -rf "${state:?}/$node_pin"
  mv "$state/new" "$state/$node_pin"
  find_node || die "the Node $node_pin from npm does not run on this system: install Node 24 or newer and start again"
}

# Built aside and moved in when complete: a failed or interrupted install leaves what was there, and no half of a new one.
install_packages() {
  require_npm
  say "installing packages for Node $node_version (once; the Kafka client is built from its source: a minute or two)"
  stage=$(staging_folder)
  cp "$packages/package.json" "$packages/package-lock.json" "$stage/"
  [ ! -f "$root/.npmrc" ] || cp "$root/.npmrc" "$stage/"
  PATH=$(dirname -- "$node"):$PATH
  export PATH
  headers=$(find_headers)
  if [ -n "$headers" ]; then
    ln -s "$headers" "$stage/node"
    npm_config_nodedir=$stage/node
    export npm_config_nodedir
  fi
  cd "$stage"
  run_shown "installing packages" npm ci --no-audit --no-fund --ignore-scripts || die "npm ci failed: $(npm_error); full output: $log"
  cd "$OLDPWD"
  build_client
  [ "$joining" = /dev/null ] || run_shown "joining packages" "$node" "$joining" "$stage" || say "packages could not be joined, so each start takes longer; full output: $log"
  fingerprint >"$stage/node_modules/${stamp##*/}"
  rm -rf "$packages/node_modules"
  mv "$stage/node_modules" "$packages/node_modules"
  rm -rf "$stage"
}

# The client is kept in the user's cache, where the jars are (defaultCacheDir in src/lab/broker/jars.ts), by what it was made of: its own package
# and zstd's, the way it is built, Node, the system. So other packages that change, and other folders with the project, need no compiler.
client=node_modules/@confluentinc/kafka-javascript
build_client() {
  case $(uname -s) in Darwin) cache=${HOME:-}/Library/Caches ;; *) cache=${XDG_CACHE_HOME:-${HOME:-}/.cache} ;; esac
  made_of=$(cat "$stage/$client/package.json" "$stage/node_modules/zstd-napi/package.json" "$root/scripts/build-client.sh" | cksum)
  kept="${LAB_CACHE:-$cache/replayground}/client-$(echo "$made_of $node_version $(uname -srm)" | cksum | tr ' ' -)"
  if [ -d "$kept" ]; then
    rm -rf "${stage:?}/$client"
    cp -Rp "$kept" "$stage/$client"
    return
  fi
  run_shown "building the Kafka client" sh "$root/scripts/build-client.sh" "$stage" || explain_failure "the Kafka client"
  # Where there is no place for it, it is built again next time. Renamed when complete: of two, the first stays.
  mkdir -p "$kept.$$" 2>/dev/null && cp -Rp "$stage/$client/." "$kept.$$" 2>/dev/null && mv "$kept.$$" "$kept" 2>/dev/null || rm -rf "$kept.$$"
}

build_bridge() {
  run_shown "building the bridge to librdkafka" sh "$root/native/build.sh" || explain_failure "the bridge"
  bridge_fingerprint >"$bridge_stamp"
}

# librdkafka's build knows no spaces in paths, and its result can be moved: it is made elsewhere when the project's path has any.
staging_folder() {
  case $root in
    *[!A-Za-z0-9/._-]*) mktemp -d "${TMPDIR:-/tmp}/replayground-install.XXXXXX" ;;
    *)
      rm -rf "$state/packages"
      mkdir -p "$state/packages"
      echo "$state/packages"
      ;;
  esac
}

require_npm() {
  command -v npm >/dev/null 2>&1 || die "npm is missing: install Node 24 with npm (nodejs.org; Debian/Ubuntu: apt install npm; Fedora: dnf install npm; macOS: brew install node)"
}

# The folder that holds include/node for $node, when it is on this machine.
find_headers() {
  real=$("$node" -p process.execPath)
  bin=$(dirname -- "$real")
  for folder in "$bin/.." "$bin/../node_modules"/node-* "$bin/../../"node-*; do
    if [ -f "$folder/include/node/node.h" ]; then
      (cd -- "$folder" && pwd -P)
      return
    fi
  done
}

# Runs a command with its output in the log. It stays in the foreground, so that Ctrl-C reaches all of it; the clock runs beside it.
run_shown() {
  title=$1
  shift
  show_clock "$title" &
  clock=$!
  status=0
  "$@" >>"$log" 2>&1 </dev/null || status=$?
  # Not by TERM: this shell's handler swallows it where the clock has only just begun.
  kill -KILL "$clock" 2>/dev/null || true
  wait "$clock" 2>/dev/null || true
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  return "$status"
}

show_clock() {
  seconds=0
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 1))
    if [ -t 2 ]; then
      printf '\rlab: %s, %s s' "$1" "$seconds" >&2
    elif [ $((seconds % 30)) -eq 0 ]; then
      say "still $1, $seconds s"
    fi
  done
}

# npm's first error that says something in words.
npm_error() {
  sed -n -E 's/^npm (error|ERR!) +//p' "$log" | grep -v -E '^(code|path|command|errno|syscall|[0-9]+$)' | head -n 1
}

# $1 is what could not be built.
explain_failure() {
  missing=$(missing_build_tools)
  [ -n "$missing" ] || die "$1 could not be built: $(grep -m 1 -E 'error:|\*\*\*|ERR!' "$log"); full output: $log"
  die "$1 could not be built, missing:$missing. Debian/Ubuntu: apt install g++ make python3 bash libssl-dev zlib1g-dev;" \
    "Fedora: dnf install gcc-c++ make python3 bash openssl-devel zlib-devel; macOS: xcode-select --install && brew install openssl@3. Full output: $log"
}

missing_build_tools() {
  compiler=
  for name in ${CXX:-} g++ c++ clang++; do
    if command -v "$name" >/dev/null 2>&1; then
      compiler=$name
      break
    fi
  done
  [ -n "$compiler" ] || printf ' %s' g++
  for name in make python3 bash; do command -v "$name" >/dev/null 2>&1 || printf ' %s' "$name"; done
  [ -n "$compiler" ] || return 0
  for header in openssl/ssl.h zlib.h; do
    echo "#include <$header>" | "$compiler" -E -x c++ - >/dev/null 2>&1 || printf ' %s' "$header"
  done
}
