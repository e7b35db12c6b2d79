# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Makes the packages. Sourced by build.sh.

packages=artifacts/packages

# pack_packages [VERSION]: eng/Packages.proj says which. Two clones of one commit make the same files, byte for byte: paths of this machine
# are mapped away, and the files in the archives are as old as the commit.
pack_packages() {
  rm -rf -- "$packages"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || say 1735689600)}
  export SOURCE_DATE_EPOCH
  say "Packing into $packages"
  dotnet pack eng/Packages.proj --configuration Release --nologo --verbosity quiet --tl:off ${1:+-p:Version="$1"}
  (cd "$packages" && ls -- *nupkg)
  say "To use them: dotnet nuget add source '$root/$packages' --name ZmqLoop; and in your project: dotnet add package ZmqLoop"
}
