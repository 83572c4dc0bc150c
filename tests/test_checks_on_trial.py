"""Every check of every lesson on trial: wrong programs, right answers in every form, each slip.

A trial returns the faults that it finds; the last tests plant faults and see them found.
"""

import re
import warnings
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from cnnlib import (
    Activation,
    Conv2D,
    Dense,
    Flatten,
    GlobalMaxPooling2D,
    MaxPooling2D,
    Network,
    UpSampling2D,
    architectures,
    checks,
)
from tests import trial
from tests.test_checks import ODDITIES
from tests.test_structure import LESSONS, TEMPLATE
from tests.wrong_programs import HELPERS, WRONG

# Of the mutants, these are accepted, at most one in a hundred, because they are right:
NO_FAULTS = {
    ("convolution 3", "ones for: np.zeros"): "every value is written before it is returned",
    ("before-cnns 3", "one more than: images"): "the weights of an edge kernel add up to 0",
    ("before-cnns 3", "minus: images"): "the size of a response has no sign",
    ("before-cnns 3", "one more than: wrapped"): "the weights of an edge kernel add up to 0",
    ("before-cnns 3", "minus: wrapped"): "the size of a response has no sign",
    ("receptive-fields 3", "0 and 1 swapped: (size, jump)"): "both begin with 1",
    (
        "equal-budgets 3",
        "without the call: int(np.ceil(p * (1 - p) / error ** 2))",
    ): "a whole number is right as a float, too",
    ("equal-budgets 3", "minus: error"): "a square has no sign",
    (
        "what-it-looks-at 2",
        "0 and 1 swapped: np.minimum((confidence * bins).astype(int), bins - 1)",
    ): "the smaller of two is the same in either order",
    ("what-it-looks-at 2", "one more than: bins"): "one more bin stays empty",
    ("what-it-looks-at 2", "turned round: confidence - right"): "a distance has no sign",
    ("what-it-looks-at 3", "one more than: confidence"): "the order of the answers stays",
}
ONE_IN = 100

TYPES = [f"float{bits}" for bits in (16, 32, 64)]
TYPES += [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]


each_notebook = pytest.mark.parametrize("path", [*LESSONS, TEMPLATE], ids=lambda path: path.stem)
exercises = cache(trial.exercises)


def named(name):
    lesson = name.rpartition(" ")[0]
    path = next(path for path in [*LESSONS, TEMPLATE] if trial.slug(path) == lesson)
    return next(exercise for exercise in exercises(path) if exercise.name == name)


def accepted_mutants(exercise):
    """How many wrong programs there were, and which of them the check takes for right."""
    mutants, exercise = trial.mutants(exercise.program), replace(exercise, slips=[])
    with warnings.catch_warnings(action="ignore"):
        return len(mutants), [
            what for what, source in mutants.items() if exercise.judge(exercise.run(source)).right
        ]


def programs(name):
    """The wrong programs written for an exercise, each with what it calls."""
    return [f"{HELPERS.get(name, '')}\n\n{source}" for source in WRONG.get(name, [])]


def accepted_programs(exercise):
    """Which of the programs written for it the check takes for right."""
    sources = programs(exercise.name)
    return [source for source in sources if exercise.judge(exercise.run(source)).right]


def in_every_form(value):
    """A right value as people write it: each number in each type that holds it, each container."""
    if isinstance(value, tuple) and len({np.shape(part) for part in value}) > 1:
        return
    exact = np.asarray(value)
    yield exact.tolist()
    if exact.ndim:
        yield from (exact, tuple(exact.tolist()), exact.astype(object))
    whole = np.array_equal(exact, np.round(exact))
    for kind in TYPES:
        with np.errstate(all="ignore"):
            as_kind = exact.astype(kind)
        fits = np.array_equal(as_kind, exact)
        if fits or (not whole and kind in ("float16", "float32")):
            yield as_kind if exact.ndim else as_kind[()]
    fractions = np.vectorize(Fraction, otypes=[object])(exact.astype(float))
    yield fractions.tolist()


def in_every_number(exact):
    yield from in_every_form(exact)
    yield from ([exact], (exact,), np.array(exact), np.array([exact]), np.array([[exact]]))
    yield np.longdouble(exact)
    if exact != round(exact) and len(repr(float(exact)).replace(".", "")) > 7:
        yield from (round(exact), *(round(float(exact), digits) for digits in range(5)))


def in_per_cent(exact):
    yield from in_every_number(exact)
    yield from (100 * exact, f"{100 * exact:g}%", f" {100 * exact:g} % ", round(100 * exact))


def in_every_case(name):
    yield from (name, name.upper(), name.lower(), f"  {name} ", np.str_(name), f"'{name}'", [name])


def returning(function, form):
    return lambda *arguments: list(in_every_form(function(*arguments)))[form]


def right_answers(exercise):
    """The right answer in every form."""
    yield exercise.solution
    if exercise.kind == "number":
        yield from in_every_number(exercise.expected)
    elif exercise.kind == "share":
        yield from in_per_cent(exercise.expected)
    elif exercise.kind == "choice":
        yield from in_every_case(exercise.expected)
    elif exercise.kind == "function":
        forms = min(len(list(in_every_form(expected))) for _, expected in exercise.expected)
        yield from (returning(exercise.solution, form) for form in range(forms))
    elif exercise.kind == "network":
        layers = [replace(layer, name=None) for layer in exercise.solution.layers]
        yield Network(exercise.expected.input_shape, layers)
    elif exercise.kind == "design":
        nameless = [replace(layer, name=None) for layer in exercise.solution.layers]
        yield replace(exercise.solution, layers=nameless, name="network")
    else:
        yield from in_every_form(exercise.expected)


def refused(exercise):
    """The right answers that the check does not take."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        verdicts = [(answer, exercise.judge(answer)) for answer in right_answers(exercise)]
    return [f"{answer!r}: {verdict}" for answer, verdict in verdicts if not verdict.right]


def wrong_answers(exercise):
    yield from (slip for slip, _ in exercise.slips)
    yield from ODDITIES
    if exercise.kind in ("number", "share"):
        yield from (exercise.expected * 1.01 + step for step in (0.1, 1, -1))
    if exercise.kind == "shape":
        yield from (exercise.expected[::-1], exercise.expected[1:], (*exercise.expected, 1))
    if exercise.kind == "array":
        right = np.asarray(exercise.expected)
        yield from (right + 1, 0 * right, right[..., :-1], right.T, right.tolist() * 2)
    if exercise.kind == "function":
        yield from (exercise.run(source) for source in programs(exercise.name))


def numbers(words):
    return {float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*(?:\.\d+)?", words)}


def told(exercise):
    """The verdicts on wrong answers that say what would have been right."""
    found = []
    for answer in wrong_answers(exercise):
        with warnings.catch_warnings(action="ignore"):
            verdict = exercise.judge(answer)
        if verdict.right:
            continue
        said = str(verdict)
        if exercise.kind in ("number", "share"):
            hint = said.partition(" is not it")[2]
            tells = any(abs(n - exercise.expected) < 1e-3 for n in numbers(hint))
        elif exercise.kind == "choice":
            tells = said.count(f'"{exercise.expected}"') and not said.startswith(
                "✘ The answer must"
            )
        elif exercise.kind == "function":
            due = {checks._brief(expected, 10**6) for _, expected in exercise.expected}
            after = said.partition(" it gives ")[2].partition(", w")[2]
            tells = any(
                re.search(rf"(?<![\w.(]){re.escape(text)}(?!\w|\.\d)", after) for text in due
            )
        elif exercise.kind == "network":
            tells = f"{exercise.expected.parameters:,}" in said
        elif exercise.kind == "design":  # the budget is given, and there are many right answers
            tells = str(exercise.solution.parameters) in said.replace(",", "")
        else:
            right = np.asarray(exercise.expected).tolist()
            tells = str(tuple(right) if exercise.kind == "shape" else right) in said
        if tells:
            found.append(said)
    return found


def slips_in_vain(exercise):
    """Slips that are right, or that get another hint than their own; and those that are lost."""
    found = []
    if exercise.kind in ("number", "share") and exercise.written_slips != len(exercise.slips):
        found.append(
            f"{exercise.written_slips} slips are written, and {len(exercise.slips)} differ"
        )
    for slip, hint in exercise.slips if exercise.kind != "design" else []:  # tried by hand below
        if exercise.kind == "choice" and slip == exercise.expected:
            continue  # that is the reason why it is right
        with warnings.catch_warnings(action="ignore"):
            verdict = exercise.judge(slip)
        if verdict.right is not False or not str(verdict).endswith(f": {hint}."):
            found.append(f"{hint}: {verdict}")
    return found


def test_the_mutants_of_worked_solutions_are_refused():
    tried, accepted = 0, set()
    for path in [*LESSONS, TEMPLATE]:
        for exercise in exercises(path):
            if exercise.program:
                number, taken = accepted_mutants(exercise)
                assert number > 10, exercise.name
                tried += number
                accepted |= {(exercise.name, what.partition(" (line")[0]) for what in taken}
    assert accepted == set(NO_FAULTS)
    assert len(accepted) * ONE_IN <= tried


@each_notebook
def test_wrong_programs_are_refused(path):
    for exercise in exercises(path):
        if exercise.program:
            written = len(programs(exercise.name))
            assert written >= 4, f"write some for {exercise.name} in tests/wrong_programs.py"
            assert accepted_programs(exercise) == [], exercise.name


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_runs_at_least_on_one_case(name):
    exercise = named(name)
    for source in programs(name):
        program = exercise.run(source)
        calls = [checks._call(program, arguments)[0] for arguments, _ in exercise.expected]
        assert any(not isinstance(given, Exception) for given in calls), (source, calls[0])


@each_notebook
def test_the_right_answer_is_right_in_every_form(path):
    for exercise in exercises(path):
        assert refused(exercise) == [], exercise.name


@each_notebook
def test_nothing_raises_and_no_nonsense_is_right(path):
    for exercise in exercises(path):
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.simplefilter("error")
            for answer in ODDITIES:
                right = exercise.judge(answer).right
                assert not right or exercise.expected == answer, (exercise.name, answer)
        for answer in (None, [..., 1], "x", np.ma.masked, object()):
            assert exercise.check(answer).right is not True, exercise.name


@each_notebook
def test_no_verdict_on_a_wrong_answer_tells_the_right_one(path):
    for exercise in exercises(path):
        assert told(exercise) == [], exercise.name


@each_notebook
def test_each_slip_gets_its_own_hint(path):
    for exercise in exercises(path):
        assert slips_in_vain(exercise) == [], exercise.name


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lenet-by-hand 2", "c3"),
        ("sparse-connectivity 3", np.array([4, 3])),
        ("sparse-connectivity 3", (4.0, 3.0)),
        ("learned-kernels 3", 0.261),
        ("learned-kernels 3", "25 %"),
        ("equal-budgets 2", 10),
        ("equal-budgets 2", 10.33),
    ],
)
def test_what_readers_give_is_accepted(name, answer):
    assert named(name).check(answer).right


@pytest.mark.parametrize(
    ("name", "answer", "hint"),  # two ways to one number: the hint is true for both
    [
        (
            "before-cnns 2",
            2 * 2 * (2 * 2) * 9,
            "each block holds the histograms of four cells, and neigh",
        ),
        (
            "before-cnns 2",
            2 * 2 * 9,
            "count every block, its four cells, and 9 directions for each",
        ),
        (
            "convolution 1",
            (28 + 2 - 5) // 2 + 1,
            "count the padding of both sides, and the place where",
        ),
        (
            "convolution 1",
            (28 + 4 - 5) // 2,
            "count the padding of both sides, and the place where",
        ),
        (
            "weight-sharing 1",
            int(np.lcm.reduce([2, 3, 2])),
            "one of the three strides is not in it yet",
        ),
        ("equal-budgets 1", 20_000 // 640, "that is over the budget"),
    ],
)
def test_a_hint_is_true_on_whatever_way_the_answer_was_found(name, answer, hint):
    assert f"is not it: {hint}" in named(name).check(answer).message


def test_a_network_is_told_of_the_layer_that_is_wrong():
    exercise = named("alexnet-by-hand 3")
    layers = list(exercise.solution.layers)
    layers[2] = replace(layers[2], padding="valid", name="conv2")
    assert '"conv2" is the first layer' in exercise.check(replace_layers(exercise, layers)).message
    assert exercise.check(61_100_840).right is False


@pytest.mark.parametrize(
    ("number", "layers", "hint"),
    [
        (
            4,
            [Flatten(), Dense(5), Dense(4)],
            '29 over the budget of 2,000: "dense" costs most, 2,005',
        ),
        (4, [Flatten(), Dense(4, activation="relu")], "scores must be free to fall below 0"),
        (4, [UpSampling2D(9), Conv2D(9, 2), GlobalMaxPooling2D(), Dense(4)], "pool earlier"),
        (4, [Flatten(), Dense(10)], "it ends in (10,), and its task wants (4,)"),
        (3, [GlobalMaxPooling2D(), Dense(4)], "the two layers of kernels have to stay as they are"),
        (
            3,
            [
                Conv2D(8, 5, padding="same"),
                MaxPooling2D(2),
                Conv2D(16, 3, strides=5, padding="same"),
                Flatten(),
                Dense(4),
            ],
            "the two layers of kernels have to stay as they are",
        ),
    ],
)
def test_a_design_is_told_of_its_slip(number, layers, hint):
    exercise = named(f"project-small-budget {number}")
    verdict = exercise.check(Network((20, 20, 1), layers))
    assert verdict.right is False
    assert hint in verdict.message


def test_a_design_that_gives_no_probabilities_is_told_so():
    exercise = named("lenet-in-keras 1")
    *layers, last = exercise.solution.layers
    bare = replace(last, activation=None)
    assert "needs softmax" in exercise.check(replace_layers(exercise, [*layers, bare])).message
    assert exercise.check(replace_layers(exercise, [*layers, bare, Activation("softmax")])).right


@pytest.mark.parametrize(
    ("name", "place", "hint"),
    [
        ("lenet-by-hand 3", 0, "C1, S2 and C3 have to stay as they are"),
        ("lenet-by-hand 3", 2, "C1, S2 and C3 have to stay as they are"),
        ("alexnet-by-hand 2", 0, "everything from conv1 to pool5 has to stay as it is"),
        ("alexnet-by-hand 2", 6, "everything from conv1 to pool5 has to stay as it is"),
    ],
)
def test_a_design_that_changes_what_has_to_stay_is_told_so(name, place, hint):
    exercise = named(name)
    layers = list(exercise.solution.layers)
    layers[place] = replace(layers[place], filters=layers[place].filters // 2)
    assert hint in exercise.check(replace_layers(exercise, layers)).message


@pytest.mark.parametrize(
    ("name", "original"),
    [("lenet-by-hand 3", architectures.lenet5()), ("alexnet-by-hand 2", architectures.alexnet())],
)
def test_a_design_that_leaves_all_as_it_was_is_over_its_budget(name, original):
    assert "over the budget" in named(name).check(original).message


@pytest.mark.parametrize(
    ("layers", "hint"),
    [
        ([Flatten(), Dense(10, activation="softmax")], "over the budget of 150,000"),
        ([GlobalMaxPooling2D(), Dense(10)], "the loss wants probabilities"),
        (
            [Conv2D(9, 11), Conv2D(9, 3), GlobalMaxPooling2D(), Dense(10, activation="softmax")],
            "over 60 million MACs",
        ),
    ],
)
def test_a_slim_network_is_told_of_its_slip(layers, hint):
    verdict = named("alexnet-in-keras 2").check(Network((227, 227, 3), layers))
    assert verdict.right is False
    assert hint in verdict.message


def replace_layers(exercise, layers):
    return Network(exercise.solution.input_shape, layers)


# Faults planted: each trial finds them


def test_weak_cases_are_found():
    exercise = named("convolution 3")
    square = replace(exercise, expected=exercise.expected[:1])
    assert len(accepted_mutants(square)[1]) > len(accepted_mutants(exercise)[1]) + 20
    assert len(accepted_programs(square)) >= 3
    strides = named("receptive-fields 3")
    assert len(accepted_programs(replace(strides, expected=strides.expected[:1]))) >= 4


def test_a_check_that_takes_everything_is_found():
    exercise = named("lenet-in-numpy 3")
    assert len(accepted_programs(replace(exercise, expected=[]))) == len(WRONG["lenet-in-numpy 3"])


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("equal-budgets 2", 10.5),
        ("sparse-connectivity 3", (4, 2)),
        ("sparse-connectivity 1", [1]),
        ("lenet-by-hand 2", "C1"),
        ("learned-kernels 3", 0.5),
    ],
)
def test_a_right_answer_that_is_refused_is_found(name, planted):
    exercise = named(name)
    assert refused(replace(exercise, expected=planted, options={}))


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("receptive-fields 1", [(13, "it is 14")]),
        ("equal-budgets 2", [(3, "it is 10.3333")]),
        ("sparse-connectivity 3", [((4, 2), "it is (4, 3)")]),
        ("alexnet-in-keras 3", [([0, 1], "it is [0.0, 4.0]")]),
    ],
)
def test_a_hint_that_tells_the_answer_is_found(name, planted):
    assert len(told(replace(named(name), slips=planted))) == 1


@pytest.mark.parametrize("name", ["convolution 2", "learned-kernels 2", "lenet-in-keras 4"])
def test_a_verdict_that_tells_what_differs_is_found(name, monkeypatch):
    assert told(named(name)) == []
    monkeypatch.setattr(checks, "_differing", lambda given, due: f"it should be {due.tolist()}")
    assert told(named(name))


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("receptive-fields 3", [(lambda layers: 1, "it is 5")]),
        ("lenet-by-hand 2", [("C3", "it is right"), ("C1", 'it is "C3"'), ("F6", "no")]),
    ],
)
def test_a_hint_that_tells_what_is_due_is_found(name, planted):
    assert told(replace(named(name), slips=planted))


@pytest.mark.parametrize(
    ("name", "planted", "faults"),
    [
        ("receptive-fields 1", [(14, "a slip that is right")], 1),
        ("receptive-fields 1", [(13, "one"), (13.0, "the same again")], 1),
        ("lenet-in-numpy 3", [(lambda x, g: 1 // 0, "it never agrees")], 1),
    ],
)
def test_a_slip_in_vain_is_found(name, planted, faults):
    assert (
        len(slips_in_vain(replace(named(name), slips=planted, written_slips=len(planted))))
        == faults
    )
    exercise = named("receptive-fields 1")
    assert slips_in_vain(replace(exercise, written_slips=exercise.written_slips + 1))
