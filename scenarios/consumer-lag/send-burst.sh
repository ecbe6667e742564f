#!/bin/sh
# Sends the burst of this exercise into the lab that runs, 10,000 orders or as many as it is told: send-burst.sh 2000 --rate 500/s
set -eu
exec "$(dirname -- "$0")/../../lab" burst "$@"
