"""Run a command; say what it does and how long it took: `step.py TITLE COMMAND...`."""

import subprocess
import sys
import time

title, *command = sys.argv[1:]
print(f"── {title}", flush=True)
start = time.monotonic()
process = subprocess.Popen(command)
try:
    code = process.wait()
except KeyboardInterrupt:  # the command was interrupted too: let it clean up
    process.wait()
    code = 130
outcome = "done in" if code == 0 else f"FAILED (exit {code}) after"
print(f"   {title}: {outcome} {time.monotonic() - start:.0f} s", flush=True)
sys.exit(code)
