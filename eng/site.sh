# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# Makes the site of the pages and the API. Sourced by build.sh.

site=artifacts/site
site_source=artifacts/site-source # the pages as docfx is given them
project_url=https://github.com/zmqloop/zmqloop

# make_site: eng/site/docfx.json says what of. A warning is an error: a link that leads nowhere, a page that is missing.
make_site() {
  local log
  log=$(log_of site)
  dotnet tool restore >"$log" 2>&1 || fail "docfx, which .config/dotnet-tools.json names, cannot be had from the registry: see $log."
  build examples/HostedService Release # the packages it is made of, and what those are made of
  build src/ZmqLoop.Testing Release
  build src/ZmqLoop.Dashboard Release
  prepare_site
  say "Making the site"
  rm -rf -- "$site"
  (cd "$site_source" && dotnet docfx docfx.json --warningsAsErrors) >"$log" 2>&1 || {
    grep -E 'warning|error' "$log" >&2 || tail -n 20 "$log" >&2
    fail "The site has warnings: see $log."
  }
  say "$site/index.html (dotnet docfx serve $site)"
}

# prepare_site: README is the front page, and what is no page (examples, sources) is at the project's own address.
prepare_site() {
  local page
  rm -rf -- "$site_source"
  mkdir -p "$site_source"
  cp -R eng/site/docfx.json eng/site/toc.yml eng/site/template ./*.md docs "$site_source"
  sed -E '1s/width="[0-9]+" height="[0-9]+"/width="38" height="38"/' src/icon.svg >"$site_source/icon.svg"
  mkdir -p "$site_source/bench/results"
  cp bench/README.md "$site_source/bench"
  cp bench/results/*.md bench/results/*.svg "$site_source/bench/results"
  printf '%s\n' --- 'title: An event loop for ZeroMQ on .NET' --- | cat - README.md >"$site_source/index.md"
  rm -- "$site_source/README.md"
  for page in "$site_source"/*.md "$site_source"/docs/*.md "$site_source/bench/README.md"; do
    sed -E -e "s,\]\((\.\./)?(examples|src|tests|templates|eng|\.github|LICENSE),](${project_url}/blob/main/\2,g" \
      -e 's,\]\((\.\./)?README\.md,](\1index.md,g' "$page" >"$page.new"
    mv "$page.new" "$page"
  done
}
