# terminal.py COMMAND...: runs a command in a terminal of its own, copies what it shows to stdout, and does what stdin says, a line each:
# "key c" types Ctrl-C, "text ..." types a line, "type ..." the same without its end (a TAB is one), "end" types Ctrl-D, "size 24 80" makes
# the terminal so many rows and columns, as TERMINAL_SIZE does at the start. Ends with the command's exit code; with 99 where the terminal's
# settings are not what they were.
import fcntl
import os
import pty
import select
import struct
import sys
import termios


def resize(terminal, size):
    rows, columns = (int(number) for number in size.split())
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm-256color"
    if "TERMINAL_SIZE" in os.environ:
        resize(0, os.environ["TERMINAL_SIZE"])
    os.execvp(sys.argv[1], sys.argv[1:])

before = termios.tcgetattr(terminal)
keys = {"key c": b"\x03", "end": b"\x04"}
asked = [terminal, 0]
while True:
    ready, _, _ = select.select(asked, [], [])
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # how a terminal ends on Linux
            shown = b""
        if not shown:
            break
        os.write(1, shown)
    if 0 in ready:
        line = sys.stdin.buffer.raw.readline()
        if not line:
            asked.remove(0)
            continue
        text = line.decode().rstrip("\n")
        if text.startswith("size "):
            resize(terminal, text.removeprefix("size "))
        elif text.startswith("type "):
            os.write(terminal, text.removeprefix("type ").encode())
        else:
            os.write(terminal, keys[text] if text in keys else (text.removeprefix("text ") + "\n").encode())

_, status = os.waitpid(child, 0)
changed = termios.tcgetattr(terminal) != before
sys.exit(99 if changed else os.waitstatus_to_exitcode(status) % 256)
