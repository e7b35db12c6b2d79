"""What the peers in Python share; measured as measure.h does."""
import statistics
import time

WARM_UP = 1.5  # seconds, as in measure.h


def print_median(seconds, once):
    """The median of rounds, which return nanoseconds per operation, after a warm-up as long."""
    for measured in (False, True):
        ns, end = [], time.monotonic() + seconds
        while time.monotonic() < end or len(ns) < 3:
            ns.append(once())
    print('ns', statistics.median(ns))


class Window:
    """Counts messages in a window of time, which opens after a warm-up, and that begins with the first messages."""

    def __init__(self, seconds):
        self.seconds, self.count, self.state = seconds, 0, 'cold'

    def add(self):
        """True when the window has closed, and its figures are printed."""
        self.count += 1
        return not self.count & 63 and self.look()

    def look(self):
        now = time.monotonic()
        if self.state != 'cold' and now < self.end:
            return False
        if self.state == 'open':
            n = self.count - self.before
            print('rate', n / (now - self.opened))
            print('cpu', (time.thread_time() - self.cpu) * 1e9 / n)
            return True
        self.state = 'warming' if self.state == 'cold' else 'open'
        self.end = now + (WARM_UP if self.state == 'warming' else self.seconds)
        self.opened, self.cpu, self.before = now, time.thread_time(), self.count
        return False


def cpu_per(operations, work):
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1e9 / operations


def random_numbers(count):
    """The same pseudo-random sequence on all sides: xorshift32."""
    x = 1
    for _ in range(count):
        x ^= x << 13 & 0xffffffff
        x ^= x >> 17
        x ^= x << 5 & 0xffffffff
        yield x
