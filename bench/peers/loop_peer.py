"""What Python's loops do: loop_peer.py tornado|asyncio WORK SECONDS COUNT. The works are uv_peer.c's, and
   wrap DEPTH    a wrapped callback's call in so many StackContexts; the package that holds tornado 4.5's stack_context.py
                  is named by ZMQLOOP_TORNADO45."""
import asyncio
import os
import sys
import threading
import time

from measure import cpu_per, print_median, random_numbers

BATCH = 1000


class Asyncio:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.call, self.post, self.later = self.loop.call_soon, self.loop.call_soon_threadsafe, self.loop.call_later
        self.run, self.stop = self.loop.run_forever, self.loop.stop

    def cancel(self, timer):
        timer.cancel()


class Tornado:
    def __init__(self):
        from tornado.ioloop import IOLoop
        self.loop = IOLoop()
        self.call = self.post = self.loop.add_callback
        self.later, self.cancel = self.loop.call_later, self.loop.remove_timeout
        self.run, self.stop = self.loop.start, self.loop.stop


def chains(side, width, count):
    left = count

    def hop():
        nonlocal left
        left -= 1
        if left > 0:
            side.call(hop)
        else:
            side.stop()
    for _ in range(width):
        side.call(hop)
    ns = cpu_per(count, side.run)
    left = -1
    side.call(side.stop)  # those that were added last
    side.run()
    return ns


def nothing():
    pass


def cancel_timers(side, count):
    delays = [1 + n % 3600000 / 1000 for n in random_numbers(count)]

    def work():
        timers = [side.later(delay, nothing) for delay in delays]
        for timer in timers:
            side.cancel(timer)
    ns = cpu_per(count, work)
    side.call(side.stop)  # asyncio drops what was cancelled when it runs
    return ns + cpu_per(count, side.run)


def fire_timers(side, count):
    """All are due, at different times, when the loop begins: the time between is not counted."""
    delays = [n % 50 / 1000 for n in random_numbers(count)]
    left = count

    def fired():
        nonlocal left
        left -= 1
        if not left:
            side.stop()

    def add():
        for delay in delays:
            side.later(delay, fired)
    ns = cpu_per(count, add)
    time.sleep(0.06)
    return ns + cpu_per(count, side.run)


def posts(side, threads, count):
    left = count // threads * threads

    def posted():
        nonlocal left
        left -= 1
        if not left:
            side.stop()

    def produce():
        for _ in range(count // threads):
            side.post(posted)
    producers = [threading.Thread(target=produce) for _ in range(threads)]
    start = time.monotonic()
    for producer in producers:
        producer.start()
    side.run()
    ns = (time.monotonic() - start) * 1e9 / count
    for producer in producers:
        producer.join()
    return ns


class Instance:
    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


def wrap(depth):
    import importlib
    folder, package = os.path.split(os.environ['ZMQLOOP_TORNADO45'].rstrip('/'))
    sys.path.insert(0, folder)
    stack_context = importlib.import_module(package + '.stack_context')

    def wrapped(depth):
        if not depth:
            return stack_context.wrap(nothing)
        with stack_context.StackContext(Instance):
            return wrapped(depth - 1)
    call = wrapped(depth)

    def once():
        def work():
            for _ in range(1000):
                call()
        return cpu_per(1000, work)
    return once


def main(style, work, seconds, count):
    count = int(count)
    if work == 'wrap':
        once = wrap(count)
    else:
        side = Tornado() if style == 'tornado' else Asyncio()
        once = {
            'callbacks': lambda: chains(side, BATCH, count),
            'chain': lambda: chains(side, 1, count),
            'timers-cancel': lambda: cancel_timers(side, count),
            'timers-fire': lambda: fire_timers(side, count),
            'posts-1': lambda: posts(side, 1, count),
            'posts-4': lambda: posts(side, 4, count),
        }[work]
    print_median(float(seconds), once)


if __name__ == '__main__':
    main(*sys.argv[1:])
