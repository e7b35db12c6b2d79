"""A pyzmq REP that knows of traces: what it was asked, and in which trace, goes to stdout; the parent of its answer comes from argv."""
import json
import re
import sys

import zmq

PARENT = re.compile(rb"traceparent: (00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})((?:\n[^\r]*[^\r\n])?)")
STATE = re.compile(rb"\ntracestate: ([ -~]{1,512})(?!.)")


def with_trace(frames, parent, state=None):
    header = f"traceparent: {parent}" + (f"\ntracestate: {state}" if state else "")
    return [*frames, header.encode()]


def without_trace(frames, fewest=2):  # 3 on a ROUTER, whose first frame is the routing id
    found = PARENT.fullmatch(frames[-1]) if len(frames) >= fewest and len(frames[-1]) <= 4096 else None
    if found is None:
        return frames, {}
    state = STATE.search(found[2])
    carrier = {"traceparent": found[1], "tracestate": state[1] if state else b""}
    return frames[:-1], {name: value.decode() for name, value in carrier.items() if value}


socket = zmq.Context.instance().socket(zmq.REP)
socket.linger = 0
socket.rcvtimeo = 60_000  # milliseconds: only a failure waits for it
socket.bind("tcp://127.0.0.1:*")
print(socket.last_endpoint.rstrip(b"\0").decode(), flush=True)
while True:  # until it is killed
    frames, trace = without_trace(socket.recv_multipart())
    print(json.dumps({"frames": [frame.decode("latin-1") for frame in frames], "trace": trace}), flush=True)
    socket.send_multipart(with_trace([b"answer"], sys.argv[1], "theirs=1"))
