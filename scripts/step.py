"""Run a command; say what it does and how long it took: `step.py TITLE COMMAND...`."""

import subprocess
import sys
import time

title, *command = sys.argv[1:]
print(f"── {title}", flush=True)
start = time.monotonic()
try:
    code = subprocess.run(command).returncode
except KeyboardInterrupt:
    code = 130
outcome = "done in" if code == 0 else f"FAILED (exit {code}) after"
print(f"   {title}: {outcome} {time.monotonic() - start:.0f} s", flush=True)
sys.exit(code)
