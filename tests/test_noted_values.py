"""What a lesson asserts is noted with its values, and fails as it did before."""

import ast

import pytest

from scripts import noted_values


@pytest.fixture
def run(monkeypatch):
    """Run a cell as the lesson's kernel does, and give what was noted."""
    noted = {}
    monkeypatch.setattr(noted_values, "COMPARED", noted)

    def run(cell: str) -> dict[str, list[str]]:
        tree = noted_values.NoteValues().visit(ast.parse(cell))
        exec(compile(tree, "cell", "exec"), {noted_values.NAME: noted_values.holds})
        return noted

    return run


def test_values_stand_in_the_place_of_names_and_sums_of_numbers_stay(run):
    noted = run("total = 5\nassert total == 0 * 1 + 1 * 5 == 5")
    assert noted == {"total == 0 * 1 + 1 * 5 == 5": ["5 == 0 * 1 + 1 * 5 == 5"]}


def test_numbers_of_numpy_are_shown_as_numbers(run):
    noted = run("import numpy as np\nassert (np.uint8(0), np.float64(0.5)) < (1, 1)")
    assert list(noted.values()) == [["(0, 0.5) < (1, 1)"]]


def test_a_loop_notes_each_line_once(run):
    (lines,) = run("for n in (1, 2, 2):\n    assert n < 3").values()
    assert lines == ["1 < 3", "2 < 3"]


def test_what_is_no_comparison_is_left_alone(run):
    assert run("assert all([True])\nassert 1 in [1]") == {}
    with pytest.raises(AssertionError, match="why"):
        run("assert not 1, 'why'")


@pytest.mark.parametrize("wrong", ["1 == 2", "1 < 3 < 2", "2 <= 1", "1 >= 2", "1 > 1", "1 != 1"])
def test_what_does_not_hold_fails(run, wrong):
    with pytest.raises(AssertionError):
        run(f"assert {wrong}")


def test_a_function_of_the_reader_stays_as_it_is(run):
    assert run("def f(x):\n    assert x == 1\n\n\nf(1)") == {}


def test_a_long_value_is_cut(run):
    ((line,),) = run("many = list(range(999))\nassert many == many").values()
    assert "…" in line
    assert len(line) < 3 * noted_values.LONGEST
