#!/bin/sh
# Builds the Kafka client from its source, with every codec that Kafka has: sh scripts/build-client.sh <the folder of node_modules>
# One way everywhere. The client's ready-made binary holds a librdkafka of its own, which the bridge (native/) could not share, and what
# its own build finds on a machine (zstd, curl, SASL) decides what it can do there. Needs: a C++ compiler, make, bash, python3, headers of
# OpenSSL and zlib. The path must not hold spaces; the result may be moved.
set -eu

modules=$(CDPATH='' cd -- "$1/node_modules" && pwd -P)
client=$modules/@confluentinc/kafka-javascript
zstd=$modules/zstd-napi/deps/zstd/lib
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# zstd as a static library out of the sources that come with that package; hidden, since Node's executable exports functions of these names.
mkdir -p "$client/build-zstd"
cd "$client/build-zstd"
find "$zstd" -name '*.c' -print0 |
  xargs -0 -n 3 -P "$jobs" "${CC:-cc}" -c -O2 -fPIC -fvisibility=hidden -DZSTD_DISABLE_ASM -DZSTDLIB_VISIBLE= -DZSTDERRORLIB_VISIBLE=
"${AR:-ar}" rcs libzstd.a ./*.o
CPPFLAGS="-I$zstd ${CPPFLAGS:-}"
LDFLAGS="-L$client/build-zstd ${LDFLAGS:-}"
export CPPFLAGS LDFLAGS

# Behind a batch with a wrong checksum librdkafka goes on at a place that is none (its own FIXME, 2.15.1): by what stands there it steps over
# the batch, over many more, or ends the process. It is to stop there instead; the bridge says that the partition stands.
reader=$client/deps/librdkafka/src/rdkafka_msgset_reader.c
wrong='rd_kafka_buf_skip_to(rkbuf, crc_len);'
[ "$(grep -cF "$wrong" "$reader")" = 1 ] || { echo "$reader is not the one that this script mends: look at '$wrong'" >&2; exit 1; }
sed "s/rd_kafka_buf_skip_to(rkbuf, crc_len);/return RD_KAFKA_RESP_ERR__BAD_MSG;/" "$reader" >"$reader.new"
mv "$reader.new" "$reader"

# The same librdkafka on every machine: zstd or failure, and nothing that a machine without it would lack. The client's own build would
# configure it otherwise, so it finds that done.
cd "$client"
./configure --enable-zstd --disable-curl --disable-gssapi --disable-lz4-ext
make -j "$jobs" -C deps/librdkafka libs
echo '#!/bin/sh' >configure

cd "$modules/.."
CKJS_LINKING=dynamic JOBS=$jobs npm_config_build_from_source=true \
  npm rebuild @confluentinc/kafka-javascript --foreground-scripts --ignore-scripts=false

# macOS writes down where a library was built; Linux looks beside who needs it already.
if [ "$(uname -s)" = Darwin ]; then
  cd "$client/build"
  for name in librdkafka librdkafka++; do install_name_tool -id "@rpath/$name.1.dylib" "deps/$name.1.dylib"; done
  for file in deps/librdkafka++.1.dylib Release/confluent-kafka-javascript.node; do
    for name in librdkafka librdkafka++; do install_name_tool -change "$client/build/deps/$name.1.dylib" "@rpath/$name.1.dylib" "$file"; done
    install_name_tool -add_rpath @loader_path/../deps "$file"
  done
  for file in deps/*.1.dylib Release/confluent-kafka-javascript.node; do codesign --force --sign - "$file"; done
fi

# Intermediate files are more than half of it.
rm -rf "$client/build-zstd" "$client/build/Release/obj.target" "$client"/build/deps/*.a
find "$client/deps/librdkafka" \( -name '*.o' -o -name '*.a' -o -name '*.so*' -o -name '*.dylib' \) -delete
