# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# What every call of dotnet shares. Sourced by build.sh.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Build nodes that outlive the command would keep a CI job's output pipe open.
if [ -n "${CI-}" ]; then export MSBUILDDISABLENODEREUSE=1; fi

require_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed, and there is no 'dotnet' on the PATH: see https://dotnet.microsoft.com/download."
}

# build PROJECT CONFIGURATION
build() {
  say "Building $1 ($2)"
  dotnet build "$1" --configuration "$2" --nologo --verbosity minimal --tl:off
}

# NetMQ is not in every registry, and what builds on it is left out where it cannot be had: UseNetMQ, which MSBuild reads from the
# environment as well, says so to every build from here on. Given by the caller, it is believed.
netmq_project=src/ZmqLoop.NetMQ/ZmqLoop.NetMQ.csproj

find_netmq() {
  [ -f "$netmq_project" ] || return 0
  if [ -z "${UseNetMQ-}" ]; then
    if netmq_is_in_reach || fetch_once netmq fetch_netmq; then UseNetMQ=true; else UseNetMQ=false; fi
  fi
  export UseNetMQ
  if uses_netmq; then say "NetMQ: $netmq_version"; else say "NetMQ: none, so what builds on it is left out"; fi
}

uses_netmq() { [ "${UseNetMQ-}" = true ]; }

netmq_version=$(sed -n 's:.*<NetMQVersion>\(.*\)</NetMQVersion>.*:\1:p' Directory.Build.props)

netmq_is_in_reach() {
  [ -f "${NUGET_PACKAGES:-${HOME-}/.nuget/packages}/netmq/$netmq_version/netmq.nuspec" ]
}

# Quickly: without a network, or with a registry that does not have it, nobody wants to wait.
fetch_netmq() {
  say "Looking for NetMQ in the package registry"
  NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 within 30 \
    dotnet restore "$netmq_project" -p:UseNetMQ=true --verbosity quiet --nologo >"$(log_of netmq)" 2>&1
}

# in_solution PROJECT: by its file name, since solutions may spell paths with backslashes.
in_solution() { grep -qF "$(basename "$1")" ZmqLoop.sln; }
