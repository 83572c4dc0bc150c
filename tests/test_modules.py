"""Has every module of the library a name of its own, that no other has in the plural?"""

from collections import Counter
from pathlib import Path

import cnnlib

FOLDER = Path(cnnlib.__file__).parent


def test_no_two_modules_share_a_name():
    twins = FOLDER / "questions" / "zh"  # named as what they translate
    paths = [path for path in FOLDER.rglob("*.py") if twins not in path.parents]
    names = [path.stem for path in paths if not path.stem.startswith("__")]
    names += [path.name for path in FOLDER.iterdir() if (path / "__init__.py").is_file()]
    assert len(names) > 30
    count = Counter(name.rstrip("s") for name in names)
    assert not [name for name, times in count.items() if times > 1]
