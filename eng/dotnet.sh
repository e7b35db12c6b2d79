# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# What every call of dotnet shares. Sourced by build.sh.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Build nodes that outlive the command would keep a CI job's output pipe open.
if [ -n "${CI-}" ]; then export MSBUILDDISABLENODEREUSE=1; fi

require_dotnet() {
  command -v dotnet >/dev/null ||
    fail "The .NET 10 SDK is needed, and there is no 'dotnet' on the PATH: see https://dotnet.microsoft.com/download."
}

# build PROJECT CONFIGURATION
build() {
  say "Building $1 ($2)"
  dotnet build "$1" --configuration "$2" --nologo --verbosity minimal --tl:off
}

# in_solution PROJECT: by its file name, since solutions may spell paths with backslashes.
in_solution() { grep -qF "$(basename "$1")" ZmqLoop.sln; }

# publish_native CONFIGURATION: the program that AotTests runs. Where Native AOT's compiler or a linker cannot be had, that test is skipped.
publish_native() {
  local linker log=artifacts/setup/native.log
  rm -rf -- artifacts/native-aot
  mkdir -p artifacts/setup
  linker=$(command -v clang || command -v gcc) || return 0
  say "Publishing tests/ZmqLoop.NetMQ.Aot with Native AOT ($log)"
  dotnet publish tests/ZmqLoop.NetMQ.Aot --configuration "$1" --use-current-runtime --output artifacts/native-aot \
    --nologo --verbosity quiet --tl:off -p:NativeAot=true -p:NativeLinker="${linker##*/}" -p:BuildProjectReferences=false >"$log" 2>&1 &&
    return 0
  rm -rf -- artifacts/native-aot
  grep -q 'error NU' "$log" || fail "tests/ZmqLoop.NetMQ.Aot cannot be published: see $log."
  say "Native AOT's compiler cannot be had from the registry: see $log"
}
