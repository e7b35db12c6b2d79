# What each peer of a test begins with: prelude.py CODE ENDPOINT runs CODE with these names.
import json
import os
import sys

import zmq
import zmq.auth

LIMIT = 30000  # only a failure waits for it
context = zmq.Context()
code, endpoint, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]


def socket(kind):
    made = context.socket(kind)
    made.linger = made.rcvtimeo = made.sndtimeo = LIMIT
    return made


def connected(kind, prepare=lambda made: None):
    made = socket(kind)
    prepare(made)
    made.connect(endpoint)
    return made


exec(compile(code, "<test>", "exec"))
context.destroy(LIMIT)  # what was sent last is on its way until then
