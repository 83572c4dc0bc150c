#!/bin/sh
# Find a Python that the course runs on (PYTHON=... names one), and let it see to .venv.
cd "$(dirname "$0")/.." || exit 1

fits() {
    "$1" -c 'import sys
sys.exit(sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        </dev/null >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.13 python3.12 python3.11 python
fi

found=
for candidate; do
    if fits "$candidate"; then
        exec "$candidate" -B scripts/environment.py
    fi
    version=$("$candidate" --version 2>&1 </dev/null) && found="$found    $candidate: $version
"
done

echo "The course needs CPython 3.11, 3.12 or 3.13, and none was found. What was found:" >&2
echo "${found:-    no Python at all
}" >&2
echo "Install one, or name one: make book PYTHON=/path/to/python3.12" >&2
exit 1
