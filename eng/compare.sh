# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# What only `./build.sh compare` needs: the peers in C, tornado, and README's program as it is published. Where one cannot be had, a
# variable or a log says why, and the report names it as missing with that reason. Sourced by build.sh.

compiled=artifacts/peers

find_peers_in_c() {
  export ZMQLOOP_C_REASON='' ZMQLOOP_LIBUV_REASON=''
  mkdir -p "$compiled"
  if ! find_compiler; then
    ZMQLOOP_C_REASON="There is no C compiler, and none could be installed (Debian, Ubuntu: apt-get install gcc libc6-dev)."
    ZMQLOOP_LIBUV_REASON=$ZMQLOOP_C_REASON
  else
    compile_peer zmq libzmq.so.5 libzmq3-dev || ZMQLOOP_C_REASON=$(why_not_compiled zmq libzmq3-dev)
    compile_peer uv libuv.so.1 libuv1-dev || ZMQLOOP_LIBUV_REASON=$(why_not_compiled uv libuv1-dev)
  fi
  say "libzmq in C: ${ZMQLOOP_C_REASON:-compiled}"
  say "libuv: ${ZMQLOOP_LIBUV_REASON:-compiled}"
}

why_not_compiled() {
  echo "bench/peers/$1_peer.c was not compiled: see $(log_of "$1_peer") (Debian, Ubuntu: apt-get install $2)."
}

# A compiler that was only unpacked finds neither its libraries nor libc's: it has to be installed.
find_compiler() {
  compiler=${CC:-$(command -v cc || command -v gcc || command -v clang || true)}
  compiles && return
  fetch_once gcc fetch_compiler
}

fetch_compiler() { apt_get gcc && apt_get libc6-dev && compiler=gcc && compiles; }

compiles() {
  [ -n "$compiler" ] && printf '#include <stdio.h>\nint main(void) { return 0; }\n' | "$compiler" -x c - -o "$compiled/probe" 2>/dev/null
}

# compile_peer NAME LIBRARY PACKAGE: with the library that is there, or with what the package brings.
compile_peer() {
  link_peer "$1" "$2" || { fetch_once "$3" apt_get "$3" && link_peer "$1" "$2"; }
}

# By the library's full name, which needs no package for developers: only the header does.
link_peer() {
  local source=bench/peers/$1_peer.c folders=() folder search
  search=$root/$unpacked/usr/lib/$(uname -m)-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  while IFS= read -r -d : folder; do folders+=("-L$folder"); done <<<"$search:"
  "$compiler" -O2 -Wall "$source" -o "$compiled/$1_peer" -I"$unpacked/usr/include" "${folders[@]}" -Wl,--allow-shlib-undefined \
    "-l:$2" -lpthread >"$(log_of "$1_peer")" 2>&1 || return 1
  export LD_LIBRARY_PATH=$search
}

# ZMQStream and the peer of that name run on tornado.
find_tornado() {
  export ZMQLOOP_TORNADO_REASON=''
  [ -n "$ZMQLOOP_PYTHON" ] || return 0
  if ! imports_tornado && ! fetch_once tornado fetch_tornado; then
    ZMQLOOP_TORNADO_REASON="$ZMQLOOP_PYTHON has no tornado, and it could not be fetched"
    ZMQLOOP_TORNADO_REASON+=" (Debian, Ubuntu: apt-get install python3-tornado; elsewhere: pip install tornado)."
  fi
  say "tornado: ${ZMQLOOP_TORNADO_REASON:-found}"
}

imports_tornado() { "$ZMQLOOP_PYTHON" -c 'import tornado.ioloop' >/dev/null 2>&1; }

fetch_tornado() {
  apt_get python3-tornado || return 1
  imports_tornado && return
  export PYTHONPATH=$root/$unpacked/usr/lib/python3/dist-packages${PYTHONPATH:+:$PYTHONPATH}
  imports_tornado
}

# README's program with both engines in it, as its users publish it. What Native AOT or the trimmer cannot have here is named as missing.
publish_quickstart() {
  rm -rf -- artifacts/published
  mkdir -p "$setup_folder"
  publish_in jit --no-self-contained
  publish_in trimmed --self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true
  publish_in ready --self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true -p:PublishReadyToRun=true
  publish_in native -p:PublishAot=true
}

# publish_in NAME OPTIONS...: NetMQ's and AsyncIO's own warnings (IL2104, IL3053) are no errors, as with users.
publish_in() {
  local way=$1
  shift
  say "Publishing examples/Quickstart: $way"
  dotnet publish examples/Quickstart --configuration Release --use-current-runtime --output "artifacts/published/$way" \
    --nologo --verbosity quiet --tl:off -p:TreatWarningsAsErrors=false "$@" >"$(log_of "$way")" 2>&1 || rm -rf -- "artifacts/published/$way"
}
