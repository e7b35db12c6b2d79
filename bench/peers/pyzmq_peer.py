"""What pyzmq does: pyzmq_peer.py stream|recv WORK SECONDS ARGUMENTS...; stream is ZMQStream on tornado's loop, recv a blocking
recv. The works are zmq_peer.c's.

pyzmq recommends copy=False for large messages alone: here from its own COPY_THRESHOLD on."""
import sys

import zmq
from measure import Window, cpu_per, print_median


def pull(context, kind, hwm):
    socket = context.socket(kind)
    socket.linger = 0
    socket.set_hwm(hwm)
    return socket


def bind_and_tell(socket, endpoint):
    socket.bind(endpoint)
    print('bound', socket.get_string(zmq.LAST_ENDPOINT), flush=True)


class Blocking:
    def __init__(self, context, seconds):
        self.context, self.seconds = context, seconds

    def recv(self, endpoint, size, frames, hwm):
        socket, window, copy = pull(self.context, zmq.PULL, hwm), Window(self.seconds), size < zmq.COPY_THRESHOLD
        bind_and_tell(socket, endpoint)
        if frames == 1:
            while True:
                socket.recv(copy=copy)
                if window.add():
                    return
        while True:
            socket.recv_multipart(copy=copy)
            if window.add():
                return

    def send(self, endpoint, size, frames, hwm):
        socket, window, body = pull(self.context, zmq.PUSH, hwm), Window(self.seconds), bytes(size)
        socket.connect(endpoint)
        message = [body] * frames
        while not window.add():
            if frames == 1:
                socket.send(body)
            else:
                socket.send_multipart(message)

    def drain(self, size, frames, count):
        near, far = pair(self.context)
        message, copy = [bytes(size)] * frames, size < zmq.COPY_THRESHOLD

        def take():
            for _ in range(count):
                far.recv_multipart(copy=copy)

        def once():
            fill(near, message, count)
            return cpu_per(count, take)
        print_median(self.seconds, once)


def pair(context):
    near, far = pull(context, zmq.PAIR, 0), pull(context, zmq.PAIR, 0)
    far.bind('inproc://drain')
    near.connect('inproc://drain')
    return near, far


def fill(socket, message, count):
    for _ in range(count):
        socket.send_multipart(message)


class Streaming:
    def __init__(self, context, seconds):
        from tornado.ioloop import IOLoop
        from zmq.eventloop.zmqstream import ZMQStream
        self.context, self.seconds, self.loop, self.stream = context, seconds, IOLoop.current(), ZMQStream

    def recv(self, endpoint, size, frames, hwm):
        socket, window = pull(self.context, zmq.PULL, hwm), Window(self.seconds)
        stream = self.stream(socket)

        def received(message):
            if window.add():
                stream.stop_on_recv()
                self.loop.stop()
        stream.on_recv(received, copy=size < zmq.COPY_THRESHOLD)
        bind_and_tell(socket, endpoint)
        self.loop.start()

    def send(self, endpoint, size, frames, hwm):
        socket, window, message = pull(self.context, zmq.PUSH, hwm), Window(self.seconds), [bytes(size)] * frames
        stream, copy = self.stream(socket), size < zmq.COPY_THRESHOLD
        socket.connect(endpoint)

        def sent(message_sent, status):
            if window.add():
                stream.stop_on_send()
                self.loop.stop()
            else:
                stream.send_multipart(message, copy=copy)
        stream.on_send(sent)
        for _ in range(1000):  # waiting in the stream's queue
            stream.send_multipart(message, copy=copy)
        self.loop.start()

    def drain(self, size, frames, count):
        near, far = pair(self.context)
        message, left = [bytes(size)] * frames, [0]

        def received(_):
            left[0] -= 1
            if not left[0]:
                self.loop.stop()
        self.stream(far).on_recv(received, copy=size < zmq.COPY_THRESHOLD)

        def once():
            left[0] = count
            fill(near, message, count)
            return cpu_per(count, self.loop.start)
        print_median(self.seconds, once)

    def echo(self, endpoint):
        socket = pull(self.context, zmq.DEALER, 1000)
        stream = self.stream(socket)
        stream.on_recv(stream.send_multipart)
        bind_and_tell(socket, endpoint)
        self.loop.start()

    def open_idle(self, count):
        self.left, self.streams = 0, []

        def received(_):
            self.left -= 1
            if self.left:
                self.busy.send(b'x')
            else:
                self.loop.stop()
        for i in range(count + 1):
            socket = pull(self.context, zmq.PAIR, 1000)
            socket.bind('inproc://%d' % i)
            self.streams.append(self.stream(socket))
            self.streams[-1].on_recv(received)
        self.busy = pull(self.context, zmq.PAIR, 1000)
        self.busy.connect('inproc://%d' % count)

    def wake(self, wakes):
        self.left = wakes
        self.busy.send(b'x')
        self.loop.start()

    def idle(self, count):
        self.open_idle(count)
        print_median(self.seconds, lambda: cpu_per(100, lambda: self.wake(100)))

    def startup(self):
        self.open_idle(0)
        self.wake(1)
        print('first 1')

    def memory(self, count):
        self.open_idle(count)
        self.wake(1)
        with open('/proc/self/status') as status:
            print('kB', next(line.split()[1] for line in status if line.startswith('VmRSS:')))


def main(style, work, seconds, *arguments):
    context = zmq.Context()
    context.max_sockets = 65535
    side = (Streaming if style == 'stream' else Blocking)(context, float(seconds))
    getattr(side, work)(*(int(a) if a.isdigit() else a for a in arguments))
    sys.stdout.flush()


if __name__ == '__main__':
    main(*sys.argv[1:])
    import os
    os._exit(0)  # without closing thousands of sockets first
