"""The checks of the Chinese lessons judge as the English ones do, and say it in Chinese."""

import re
import warnings

import numpy as np
import pytest

from cnnlib import language
from scripts.books import CHINESE
from tests import trial
from tests.test_checks import ODDITIES

HAN = re.compile(r"[\u4e00-\u9fff]")
PYTHON = re.compile(r"<[^>]+>|Error：.+")  # its own words
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")


@pytest.fixture(autouse=True)
def in_chinese():
    language.use("zh")
    yield
    language.use("en")


@pytest.mark.parametrize("path", CHINESE.lessons(), ids=lambda path: path.stem)
def test_right_and_wrong_answers_are_judged_in_chinese(path):
    for exercise in trial.exercises(path):
        told = [str(exercise.judge(exercise.solution))]
        assert told[0].startswith("✔ ")
        with warnings.catch_warnings(action="ignore"):
            judged = [(exercise.judge(oddity), oddity, "") for oddity in ODDITIES]
            judged += [(exercise.judge(slip), slip, f"：{hint}。") for slip, hint in exercise.slips]
        for verdict, answer, hint in judged:
            told.append(str(verdict))
            if verdict.right:  # a choice gives the reason why it is right
                assert np.array_equal(exercise.expected, answer)
            else:
                assert exercise.kind == "design" or told[-1].endswith(hint)
        for said in told:
            assert HAN.search(said)
            assert not ENGLISH.search(PYTHON.sub("", said))
