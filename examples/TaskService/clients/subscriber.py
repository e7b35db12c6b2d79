#!/usr/bin/env python3
"""Listens to TaskService's progress until it says that it has stopped, and reports how much it heard as JSON lines."""

import argparse
import collections
import json

import zmq


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    options = parser.parse_args()
    socket = zmq.Context().socket(zmq.SUB)
    socket.subscribe(b"")
    socket.connect(options.endpoint)
    print(json.dumps({"event": "ready"}), flush=True)
    heard = collections.Counter()
    last = {}
    while "stopped" not in heard and socket.poll(30000):
        topic, body = socket.recv_multipart()
        heard[topic.decode()] += 1
        last = json.loads(body)
    print(json.dumps({"event": "done", "heard": heard, "service_done": last.get("done", 0)}), flush=True)


if __name__ == "__main__":
    main()
