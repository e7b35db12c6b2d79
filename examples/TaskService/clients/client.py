#!/usr/bin/env python3
"""A client of TaskService on pyzmq: sends good and bad requests, checks every reply, and reports what it measured as JSON lines.

Nothing here comes from ZmqLoop: the sockets are pyzmq's, one DEALER with several requests under way, or several REQ in lockstep.
"""

import argparse
import collections
import json
import os
import time

import zmq

HUGE = b"x" * (16 * 1024 * 1024)
TELL_EVERY = 0.25  # seconds
LATE = {27: "timer", 30: "pool", 33: "worker", 36: "reply"}

Case = collections.namedtuple("Case", "frames id kind result mentions")


def request(id, kind=None, result=None, mentions="", **fields):
    body = json.dumps({"id": id, **fields}).encode()
    return Case([body], id, kind, result, mentions)


def bad(frames, kind, id=None):
    return Case(frames, id, kind, None, "")


def make_case(index, id):
    """The index-th request of a client, and the reply it must get: mostly good ones, and every kind of bad one in each hundred."""
    place = index % 100
    if place == 0:
        return bad([b'{"id": 1, "op": "echo"'], "malformed")
    if place == 3:
        return bad([b'{"id": 1, "op": "\xff\xfe"}'], "malformed")
    if place == 6:
        return bad([b'{"id": 1, "op": "echo", "payload": 1} and more'], "malformed")
    if place == 9:
        return bad([b""], "empty_frame")
    if place == 12:
        return bad([json.dumps({"id": id, "op": "echo", "payload": 1}).encode(), b"one", b"two too many"], "extra_frames")
    if place == 15:
        return bad([b"[1, 2, 3]"], "bad_request")
    if place == 18:
        return bad([b'{"op": "sum", "args": [1, 2]}'], "bad_request")
    if place == 21:
        return request(id, "bad_request", op="sum", args=["one", "two"])
    if place == 24:
        return request(id, "unknown_op", op="make_coffee", mentions="make_coffee")
    if place in LATE:
        where = LATE[place]
        mentions = "worker failed" if where == "worker" else f"id {id} failed in its {where}"
        return request(id, "late_failure", op="fail_late", where=where, mentions=mentions)
    if place == 39:
        return request(id, "failure", op="fail_now", mentions=f"id {id} failed at once")
    if place == 42:
        return request(id, result=[id], op="slow", milliseconds=50, payload=[id])
    if index % 500 == 45:
        return Case([b'{"id": 1, "op": "echo", "payload": "' + HUGE + b'"}'], None, "too_large", None, "")
    if index == 48:
        return request(id, "timeout", op="slow", milliseconds=60000, payload=None)
    if place % 2:
        return request(id, result=float(3 * id + 6), op="sum", args=[id + 1, id + 2, id + 3])
    return request(id, result={"text": f"grüße {id}"}, op="echo", payload={"text": f"grüße {id}"})


class Ledger:
    """What was sent, what came back, and how long it took."""

    def __init__(self, name):
        self.name = name
        self.pending = {}
        self.answered_keys = set()
        self.sent = self.ok = self.duplicates = self.mismatched = 0
        self.errors = collections.Counter()
        self.latencies = []
        self.notes = []
        self.first = self.last = self.told = time.time()
        self.told_of = None

    def send(self, key, case):
        self.pending[key] = (case, time.perf_counter())
        self.sent += 1

    def receive(self, key, body):
        if key not in self.pending:
            self.duplicates += key in self.answered_keys
            self.mismatched += key not in self.answered_keys
            self.note(f"nobody asked for {key!r}: {body[:200]!r}")
            return
        case, since = self.pending.pop(key)
        self.answered_keys.add(key)
        self.answered_keys.discard(None)
        self.latencies.append(round((time.perf_counter() - since) * 1000, 3))
        if case.kind != "timeout":  # until it there was nothing but waiting
            self.last = time.time()
        problem = self.check(case, body)
        if problem:
            self.mismatched += 1
            self.note(f"{problem}: {case} got {body[:300]!r}"[:600])
        self.tell()

    def wait(self, poll, milliseconds):
        """Polls for so long at most, and tells meanwhile what was answered before."""
        end = time.monotonic() + milliseconds / 1000
        while True:
            left = max(0.0, end - time.monotonic())
            ready = poll(int(1000 * min(left, TELL_EVERY)))
            if ready or left == 0:
                return ready
            self.tell()

    def tell(self):
        if time.time() - self.told > TELL_EVERY and self.told_of != (self.sent, len(self.latencies)):
            self.report("progress")

    def check(self, case, body):
        reply = json.loads(body)
        error = reply.get("error") or {}
        if reply["ok"]:
            self.ok += 1
        else:
            self.errors[error.get("kind")] += 1
        if reply["id"] != case.id:
            return "wrong id"
        if error.get("kind") != case.kind or reply["ok"] != (case.kind is None):
            return "wrong kind"
        if reply["ok"] and reply["result"] != case.result:
            return "wrong result"
        if case.mentions not in error.get("message", ""):
            return "wrong message"
        return None

    def note(self, text):
        if len(self.notes) < 3:
            self.notes.append(text)

    def report(self, event):
        self.told = time.time()
        self.told_of = (self.sent, len(self.latencies))
        line = {"event": event, "client": self.name, "sent": self.sent, "answered": len(self.latencies)}
        if event != "progress":
            line.update(ok=self.ok, errors=self.errors, outstanding=len(self.pending), duplicates=self.duplicates,
                        mismatched=self.mismatched, first=self.first, last=self.last, latencies=self.latencies, notes=self.notes)
        print(json.dumps(line), flush=True)


class Dealer:
    """One DEALER socket. Some requests go out bare and are known by their id; others in an envelope, which comes back."""

    def __init__(self, context, options, ledger):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(options.endpoint)
        self.window = options.window
        self.ledger = ledger

    def send(self, index, case):
        bare = case.id is not None and index % 2 == 0
        if index == 51:  # nothing but an empty frame: an envelope without a body
            case, frames, key = bad([], "missing_frame"), [b""], None
        elif index == 54:  # no delimiter, two frames: the reply can be told by its being the only one without an id
            case, frames, key = bad([], "extra_frames"), [b"one", b"two"], None
        elif bare:
            frames, key = case.frames, case.id
        elif index % 100 == 57:
            case, key = bad([], "missing_frame"), b"%d" % index
            frames = [key, b""]
        else:
            key = b"%d" % index
            frames = [key, b"", *case.frames]
        while len(self.ledger.pending) >= self.window or key in self.ledger.pending:
            if not self.receive(None):
                break
        self.ledger.send(key, case)
        self.socket.send_multipart(frames)
        while self.socket.poll(0):
            self.receive(None)

    def receive(self, patience):
        if not self.ledger.wait(self.socket.poll, 20000 if patience is None else patience):
            return False
        frames = self.socket.recv_multipart()
        if len(frames) == 3:
            self.ledger.receive(frames[0], frames[2])
        else:  # bare, or behind the delimiter of the empty frame
            self.ledger.receive(json.loads(frames[-1])["id"], frames[-1])
        return True


class Reqs:
    """Several REQ sockets, each with one request under way: the socket itself matches replies to requests."""

    def __init__(self, context, options, ledger):
        self.poller = zmq.Poller()
        self.free = []
        self.ledger = ledger
        for _ in range(options.sockets):
            socket = context.socket(zmq.REQ)
            socket.linger = 0
            socket.connect(options.endpoint)
            self.poller.register(socket, zmq.POLLIN)
            self.free.append(socket)

    def send(self, index, case):
        while not self.free:
            if not self.receive(20000):
                return
        socket = self.free.pop()
        self.ledger.send(socket, case)
        socket.send_multipart(case.frames)

    def receive(self, patience):
        ready = self.ledger.wait(self.poller.poll, patience)
        for socket, _ in ready:
            self.ledger.receive(socket, socket.recv())
            self.free.append(socket)
        return bool(ready)


def run(client, ledger, options):
    for index in range(options.requests):
        client.send(index, make_case(index, options.first_id + index))
    while ledger.pending and client.receive(20000):
        pass
    # Is there anything more than there should be?
    while client.receive(100):
        pass
    ledger.report("done")


def vanish(client, ledger, options):
    """Leaves in the middle: with requests under way, without a goodbye."""
    slow = min(4, options.requests)
    for index in range(options.requests - slow):
        client.send(index, make_case(index, options.first_id + index))
    for index in range(options.requests - slow, options.requests):
        id = options.first_id + index
        client.send(2 * id, request(id, result=[id], op="slow", milliseconds=400, payload=[id]))
    time.sleep(0.1)  # they are on their way
    ledger.report("vanishing")
    if options.plan == "killed":
        time.sleep(60)  # for whoever kills this process
    os._exit(9)


def interrupt(client, ledger, options):
    """Has slow requests under way while the service is told to stop: they are answered all the same."""
    for index in range(options.requests - 1):
        id = options.first_id + index
        client.send(0, request(id, result=[id], op="slow", milliseconds=500, payload=[id]))
    last = options.first_id + options.requests - 1
    client.send(0, request(last, result=1, op="echo", payload=1))
    while last in ledger.pending and client.receive(20000):
        pass
    ledger.report("in_flight")  # the last was answered, so those before it were accepted
    while ledger.pending and client.receive(20000):
        pass
    ledger.report("done")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--name", default="client")
    parser.add_argument("--style", choices=["dealer", "req"], default="dealer")
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--first-id", type=int, default=1)
    parser.add_argument("--window", type=int, default=24, help="DEALER: requests under way")
    parser.add_argument("--sockets", type=int, default=12, help="REQ: sockets")
    parser.add_argument("--plan", choices=["run", "exit", "killed", "interrupt"], default="run")
    options = parser.parse_args()
    ledger = Ledger(options.name)
    client = (Dealer if options.style == "dealer" else Reqs)(zmq.Context(), options, ledger)
    {"run": run, "exit": vanish, "killed": vanish, "interrupt": interrupt}[options.plan](client, ledger, options)


if __name__ == "__main__":
    main()
