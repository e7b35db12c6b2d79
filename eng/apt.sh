# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Debian packages, with root or without. Sourced by build.sh.

# apt in a mktemp folder: Dir::* options and the archives' names stay free of whatever the clone's path contains.
unpacked=artifacts/native

# apt_get PACKAGE: installs it where this user may, else unpacks it and what it needs below $unpacked. What apt says goes to the log.
apt_get() {
  command -v apt-get >/dev/null || return 1
  say "Fetching $1 with apt-get"
  apt_install "$1" >"$(log_of "$1")" 2>&1 || apt_unpack "$1" >>"$(log_of "$1")" 2>&1
}

apt_install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true || return 1
    as_root=(sudo -n)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Acquire::http::Timeout=30)
  local install=("${as_root[@]}" install -y --no-install-recommends "$1")
  # Lists that are missing or stale are the usual reason to fail. An update that fails for one foreign source is good enough.
  "${install[@]}" && return
  "${as_root[@]}" update || true
  "${install[@]}"
}

apt_unpack() {
  local work status=0
  work=$(mktemp -d)
  apt_download "$1" "$work" && unpack "$work"/cache/archives/*.deb || status=1
  rm -rf -- "$work"
  return "$status"
}

# apt_download PACKAGE FOLDER: the package and whatever of its dependencies this system lacks, to FOLDER/cache/archives.
# --reinstall: a package that dpkg believes to be there but whose library cannot be loaded is fetched all the same.
apt_download() {
  mkdir -p "$2/cache/archives/partial" "$2/lists/partial"
  local private=(apt-get -o Debug::NoLocking=1 -o "Dir::Cache=$2/cache" -o Acquire::http::Timeout=30)
  local install=(install -y --no-install-recommends --reinstall --download-only "$1")
  "${private[@]}" "${install[@]}" && return
  private+=(-o "Dir::State::lists=$2/lists")
  "${private[@]}" update || true
  "${private[@]}" "${install[@]}"
}

unpack() {
  local deb
  mkdir -p "$unpacked"
  for deb in "$@"; do
    dpkg-deb -x "$deb" "$unpacked" || return 1
  done
}
