"""A pyzmq peer: each line on stdin is a command in JSON, each line on stdout its answer. It ends with its stdin."""
import base64
import hashlib
import json
import sys

import zmq
from zmq.auth.thread import ThreadAuthenticator

context = zmq.Context()
sockets = {}
authenticator = None
LONG = 4096
TIMEOUT = 20_000  # milliseconds: only a failure waits for it


def show(frame):
    if len(frame) <= LONG:
        return base64.b64encode(frame).decode()
    return {"size": len(frame), "sha256": hashlib.sha256(frame).hexdigest()}


def read(frame):
    return bytes([frame["byte"]]) * frame["size"] if isinstance(frame, dict) else base64.b64decode(frame)


def socket_open(command):
    socket = context.socket(getattr(zmq, command["type"].upper()))
    socket.linger = 0
    socket.rcvtimeo = socket.sndtimeo = TIMEOUT
    for name, value in command.get("options", {}).items():
        if name == "hwm":
            socket.sndhwm = socket.rcvhwm = value
        elif name == "curve_server":
            socket.curve_server = value
        elif name == "plain_server":
            socket.plain_server = value
        else:  # routing_id, curve_publickey, curve_secretkey, curve_serverkey, plain_username, plain_password
            setattr(socket, name, value.encode())
    sockets[command["id"]] = socket


def socket_bind(command):
    socket = sockets[command["id"]]
    socket.bind(command["endpoint"])
    return {"endpoint": socket.last_endpoint.rstrip(b"\0").decode()}


def socket_connect(command):
    sockets[command["id"]].connect(command["endpoint"])


def socket_subscribe(command):
    sockets[command["id"]].subscribe(command["prefix"])


def socket_send(command):
    sockets[command["id"]].send_multipart([read(frame) for frame in command["frames"]])


def socket_recv(command):
    if "timeout" in command and not sockets[command["id"]].poll(command["timeout"]):
        return {"frames": []}
    return {"frames": [show(frame) for frame in sockets[command["id"]].recv_multipart()]}


def send_numbered(command):
    """Sends 'n' and padding until it would block; tells how many went."""
    sent = command["first"]
    while sent < command["count"]:
        try:
            sockets[command["id"]].send_multipart([str(sent).encode(), bytes(command["padding"])], zmq.DONTWAIT)
        except zmq.Again:
            break
        sent += 1
    return {"sent": sent}


def recv_numbered(command):
    """Receives so many messages; tells their numbers."""
    return {"numbers": [int(sockets[command["id"]].recv_multipart()[0]) for _ in range(command["count"])]}


def echo(command):
    socket = sockets[command["id"]]
    for _ in range(command["count"]):
        socket.send_multipart(socket.recv_multipart())


def socket_close(command):
    sockets.pop(command["id"]).close(0)


def authenticate(command):
    """Lets in those whose certificates lie in a directory."""
    global authenticator
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve(domain="*", location=command["directory"])


def certificates(command):
    public_file, secret_file = zmq.auth.create_certificates(command["directory"], command["name"])
    public, secret = zmq.auth.load_certificate(secret_file)
    return {"public": public.decode(), "secret": secret.decode()}


def load(command):
    public, secret = zmq.auth.load_certificate(command["file"])
    return {"public": public.decode(), "secret": secret.decode() if secret else None}


COMMANDS = {
    "version": lambda command: {"version": f"pyzmq {zmq.__version__}, libzmq {zmq.zmq_version()}"},
    "open": socket_open, "bind": socket_bind, "connect": socket_connect, "subscribe": socket_subscribe,
    "send": socket_send, "recv": socket_recv, "send numbered": send_numbered, "recv numbered": recv_numbered,
    "echo": echo, "close": socket_close, "authenticate": authenticate, "certificates": certificates, "load": load,
}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = COMMANDS[command["cmd"]](command) or {}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
if authenticator:
    authenticator.stop()
context.destroy(0)
