# terminal.py COMMAND...: runs a command in a terminal of its own, copies what it shows to stdout, and does what stdin says, a line each:
# "key c" types Ctrl-C, "text ..." types a line, "end" types Ctrl-D. Ends with the command's exit code.
import os
import pty
import select
import sys

child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[1], sys.argv[1:])

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
        os.write(terminal, keys[text] if text in keys else (text.removeprefix("text ") + "\n").encode())

_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
