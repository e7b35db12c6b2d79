"""A pyzmq server or client of one kind: requests.py rep|router|req|dealer ENDPOINT NAME.

A server prints where it listens, and answers with its name and what it was asked; "sleep SECONDS" makes it late; by a ROUTER "drop" is not
answered, and "fail CODE TEXT" is an error. A client sends each line of stdin as a request, frames divided by a bar, and prints the answers'
frames in JSON. A DEALER calls what stands behind "cancel" off at once, as a Responder understands it, and prints no frames."""
import json
import sys
import time

import zmq

kind, endpoint, name = sys.argv[1:4]
context = zmq.Context()
socket = context.socket(getattr(zmq, kind.upper()))
socket.linger = 0
TIMEOUT = 30_000  # milliseconds: only a failure waits for it


def serve():
    socket.bind(endpoint)
    print(socket.last_endpoint.rstrip(b"\0").decode(), flush=True)
    while True:
        frames = socket.recv_multipart()
        body = frames.index(b"", 1) + 1 if kind == "router" else 0
        words = frames[body].split()
        if words[:1] == [b"sleep"]:
            time.sleep(float(words[1]))
        if kind == "router" and words[:1] == [b"drop"]:
            continue
        if kind == "router" and words[:1] == [b"fail"]:
            frames[body - 2] = frames[body - 2].replace(b"ZLR1?", b"ZLR1!", 1)
            socket.send_multipart(frames[:body] + [b"error", words[1], b" ".join(words[2:])])
            continue
        socket.send_multipart(frames[:body] + [name.encode()] + frames[body:])


def ask():
    socket.rcvtimeo = TIMEOUT
    socket.connect(endpoint)
    for line in sys.stdin:
        frames = [frame.encode() for frame in line.rstrip("\n").split("|")]
        if kind == "dealer" and frames[0] == b"cancel":
            socket.send_multipart([b"ZLR1?" + b"00000001", b""] + frames[1:])
            socket.send_multipart([b"ZLR1x" + b"00000001", b""])  # no body: no request
            print("[]", flush=True)
            continue
        if kind == "dealer":
            frames = [b"my own number", b""] + frames
        socket.send_multipart(frames)
        print(json.dumps([frame.decode() for frame in socket.recv_multipart()]), flush=True)


serve() if kind in ("rep", "router") else ask()
