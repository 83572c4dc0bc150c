#!/bin/sh
# Let the first Python that the course runs on see to .venv; PYTHON=... names one.
cd "$(dirname "$0")/.." || exit 1
fits='import sys; assert sys.implementation.name == "cpython" and (3, 11) <= sys.version_info < (3, 14)'
[ -n "${PYTHON:-}" ] && set -- "$PYTHON" || set -- python3 python3.13 python3.12 python3.11 python
for python; do
    "$python" -c "$fits" </dev/null >/dev/null 2>&1 && exec "$python" -B scripts/environment.py
done
echo "The course needs CPython 3.11, 3.12 or 3.13, and none was found. What was found:" >&2
for python; do echo "    $python: $("$python" --version 2>&1 </dev/null | head -n 1)" >&2; done
echo "Install one, or name one: make book PYTHON=/path/to/python3.12" >&2
exit 1
