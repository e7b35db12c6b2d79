"""A pyzmq REP that knows of traces: what it was asked, and in which trace, goes to stdout; the parent of its answer comes from argv."""
import json
import sys

import zmq


def with_trace(frames, parent, state=None):
    header = f"traceparent: {parent}" + (f"\ntracestate: {state}" if state else "")
    return [*frames, header.encode()]


def without_trace(frames):
    if len(frames) < 2 or not frames[-1].startswith(b"traceparent: "):
        return frames, {}
    return frames[:-1], dict(line.split(": ", 1) for line in frames[-1].decode().splitlines())


socket = zmq.Context.instance().socket(zmq.REP)
socket.linger = 0
socket.rcvtimeo = 60_000  # milliseconds: only a failure waits for it
socket.bind("tcp://127.0.0.1:*")
print(socket.last_endpoint.rstrip(b"\0").decode(), flush=True)
frames, trace = without_trace(socket.recv_multipart())
print(json.dumps({"frames": [frame.decode() for frame in frames], "trace": trace}), flush=True)
socket.send_multipart(with_trace([b"answer"], sys.argv[1], "theirs=1"))
sys.stdin.read()
