"""Is a data file the one that we shipped?"""

import hashlib
import io
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "data"


def load_arrays(path: Path, size: int, sha256: str) -> dict[str, np.ndarray]:
    """The arrays of an npz file, if it has these bytes.

    FileNotFoundError if there is no file, ValueError if it is another; both say what mends it.
    """
    where = f"cnnlib/data/{path.name}"
    remedy = f"restore it: git checkout -- {where} in a clone, else reinstall cnnlib"
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
