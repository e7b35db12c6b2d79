# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its parts share their variables
# The peers that the tests and the demo talk to: pyzmq and zeromq.js. None of them is needed: where one cannot be had, the
# variable that should name it is empty and another says why, and the tests skip with that reason. Sourced by build.sh.

find_pyzmq() {
  export ZMQLOOP_PYTHON=${ZMQLOOP_PYTHON-} ZMQLOOP_PYTHON_REASON=
  if use_python_with_zmq || fetch_once pyzmq fetch_pyzmq; then
    say "pyzmq: $ZMQLOOP_PYTHON"
  else
    ZMQLOOP_PYTHON=''
    ZMQLOOP_PYTHON_REASON="No Python here has pyzmq and it could not be fetched"
    ZMQLOOP_PYTHON_REASON+=" (Debian, Ubuntu: apt-get install python3-zmq; elsewhere: pip install pyzmq)."
    say "pyzmq: none. $ZMQLOOP_PYTHON_REASON"
  fi
}

# /usr/bin/python3 first: it is the one that the distribution's python3-zmq belongs to, whatever else is on the PATH.
use_python_with_zmq() {
  local python modules=$root/$unpacked/usr/lib/python3/dist-packages
  for python in "$ZMQLOOP_PYTHON" /usr/bin/python3 "$(command -v python3 || true)"; do
    [ -n "$python" ] || continue
    if imports_zmq "$python"; then
      ZMQLOOP_PYTHON=$python
      return
    fi
    if [ -d "$modules/zmq" ] && PYTHONPATH=$modules${PYTHONPATH:+:$PYTHONPATH} imports_zmq "$python"; then
      export ZMQLOOP_PYTHON=$python PYTHONPATH=$modules${PYTHONPATH:+:$PYTHONPATH}
      return
    fi
  done
  return 1
}

# Asking for the version, since an empty folder named zmq can be imported too.
imports_zmq() { "$1" -c 'import zmq; zmq.zmq_version()' >/dev/null 2>&1; }

fetch_pyzmq() { [ -x /usr/bin/python3 ] && apt_get python3-zmq && use_python_with_zmq; }

node_folder=artifacts/node
node_package=zeromq@6.8.0

find_node_zeromq() {
  export ZMQLOOP_NODE_MODULES=$root/$node_folder/node_modules ZMQLOOP_NODE_REASON=
  if ! command -v node >/dev/null; then
    ZMQLOOP_NODE_REASON="There is no 'node' on the PATH."
  elif ! node_loads_zeromq && ! fetch_once zeromq.js fetch_node_zeromq; then
    ZMQLOOP_NODE_REASON="npm could not fetch a $node_package that this node loads: see $setup_folder/npm.log."
  fi
  [ -z "$ZMQLOOP_NODE_REASON" ] || ZMQLOOP_NODE_MODULES=''
  say "zeromq.js: ${ZMQLOOP_NODE_MODULES:-none. $ZMQLOOP_NODE_REASON}"
}

node_loads_zeromq() {
  NODE_PATH=$ZMQLOOP_NODE_MODULES node -e 'require("zeromq")' >/dev/null 2>&1
}

# --ignore-scripts: the package holds binaries for the usual systems; its install script would compile libzmq for the others.
fetch_node_zeromq() {
  say "Fetching $node_package with npm"
  npm install --prefix "$node_folder" --ignore-scripts --no-save --no-audit --no-fund \
    --fetch-retries 1 --fetch-timeout 30000 "$node_package" >"$(log_of npm)" 2>&1 && node_loads_zeromq
}
