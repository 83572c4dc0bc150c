"""Is a data file the one that we shipped?"""

import hashlib
import io
import os
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "data"
ADDRESS = "CNNLIB_DATA"  # names where a browser's Python fetches what its cnnlib leaves out


def load_arrays(path: Path, size: int, sha256: str) -> dict[str, np.ndarray]:
    """The arrays of an npz file, if it has these bytes.

    FileNotFoundError if there is no file, ValueError if it is another; both say what mends it.
    """
    where = f"cnnlib/data/{path.name}"
    remedy = f"restore it: git checkout -- {where} in a clone, else reinstall cnnlib"
    if ADDRESS in os.environ and not path.is_file():
        _fetch(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected {size:,} bytes, no file; {remedy}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        if content.startswith(b"version https://git-lfs"):
            remedy = "it is only a git-lfs pointer, which 'git lfs pull' replaces by the file"
        raise ValueError(
            f"{path}: expected {size:,} bytes with SHA-256 {sha256}, "
            f"found {len(content):,} bytes with {found}; {remedy}"
        )
    with np.load(io.BytesIO(content)) as arrays:
        return dict(arrays)


def _fetch(path: Path) -> None:
    """Get a file from the site that the browser's page came from, and keep it.

    FileNotFoundError if the site does not give it, which a lost connection may be the cause of.
    """
    from js import XMLHttpRequest
    from pyodide.ffi import JsException

    address = f"{os.environ[ADDRESS]}/{path.name}"
    request = XMLHttpRequest.new()
    request.open("GET", address, False)
    request.responseType = "arraybuffer"
    try:
        request.send()
    except JsException as error:
        raise FileNotFoundError(f"{address}: the site does not answer; try again") from error
    if request.status != 200:
        raise FileNotFoundError(f"{address}: the site answers {request.status}, not with the file")
    path.write_bytes(request.response.to_bytes())
