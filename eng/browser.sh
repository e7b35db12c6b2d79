# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# A browser for the tests of the live page: Debian's chromium, or whichever there is, driven by playwright-core, which brings none of its
# own. Not needed: without it those tests skip and say why. Sourced by build.sh.

browser_folder=artifacts/browser
browser_packages=(playwright-core@1.65.1 axe-core@4.14.1)

find_browser() {
  export ZMQLOOP_CHROMIUM=${ZMQLOOP_CHROMIUM-} ZMQLOOP_BROWSER_MODULES=$root/$browser_folder/node_modules ZMQLOOP_BROWSER_REASON=
  if ! command -v node >/dev/null; then
    ZMQLOOP_BROWSER_REASON="There is no 'node' on the PATH."
  elif ! use_chromium && ! fetch_once chromium fetch_chromium; then
    ZMQLOOP_BROWSER_REASON="There is no chromium, and it could not be fetched (Debian: apt-get install chromium)."
  elif ! node_loads_playwright && ! fetch_once playwright fetch_playwright; then
    ZMQLOOP_BROWSER_REASON="npm could not fetch ${browser_packages[*]}: see $setup_folder/browser.log."
  fi
  [ -z "$ZMQLOOP_BROWSER_REASON" ] || ZMQLOOP_CHROMIUM=''
  say "chromium: ${ZMQLOOP_CHROMIUM:-none. $ZMQLOOP_BROWSER_REASON}"
}

use_chromium() {
  local browser
  for browser in "$ZMQLOOP_CHROMIUM" chromium chromium-browser google-chrome; do
    if [ -n "$browser" ] && browser=$(command -v "$browser") && "$browser" --version >/dev/null 2>&1; then
      ZMQLOOP_CHROMIUM=$browser
      return
    fi
  done
  return 1
}

fetch_chromium() { apt_get chromium && use_chromium; }

node_loads_playwright() {
  NODE_PATH=$ZMQLOOP_BROWSER_MODULES node -e 'require("playwright-core"); require("axe-core")' >/dev/null 2>&1
}

fetch_playwright() {
  say "Fetching ${browser_packages[*]} with npm"
  npm install --prefix "$browser_folder" --ignore-scripts --no-save --no-audit --no-fund \
    --fetch-retries 1 --fetch-timeout 30000 "${browser_packages[@]}" >"$(log_of browser)" 2>&1 && node_loads_playwright
}
