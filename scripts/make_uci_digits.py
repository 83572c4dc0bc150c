"""Pack the digits of scikit-learn into `cnnlib/data/uci_digits.npz`, the same bytes on each run.

Usage: python scripts/make_uci_digits.py FILE

FILE is `sklearn/datasets/data/digits.csv.gz` of scikit-learn: a copy of the test set of E. Alpaydin
and C. Kaynak, Optical Recognition of Handwritten Digits (UCI Machine Learning Repository, 1998).
Its MD5 is checked first. The SHA-256 printed at the end belongs into `cnnlib/datasets.py`.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.make_mnist import write_npz

DESTINATION = Path(__file__).parents[1] / "cnnlib" / "data" / "uci_digits.npz"
MD5 = "a0339c30a8a5312a1b6f9e5c719dcce5"  # of the rows of numbers, unpacked


def main(path: Path) -> None:
    content = gzip.decompress(path.read_bytes())
    found = hashlib.md5(content).hexdigest()
    if found != MD5:
        raise ValueError(f"{path}: expected MD5 {MD5}, found {found}; fetch the genuine file")
    rows = np.loadtxt(content.decode().splitlines(), delimiter=",").astype(np.uint8)
    write_npz(DESTINATION, {"images": rows[:, :64].reshape(-1, 8, 8), "labels": rows[:, 64]})
    packed = DESTINATION.read_bytes()
    print(f"{DESTINATION}: {len(packed):,} bytes, SHA-256 {hashlib.sha256(packed).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
