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
