"""The Chinese course says what the English one says, piece by piece, and cannot drift unseen."""

import json
import re

import pytest
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from scripts import translation
from scripts.translation import Piece, code_faults, prose_faults
from tests.test_glossary import FORMS, WORDS

ROOT = translation.ROOT
PAIRS = list(translation.pairs())
NOTEBOOKS = [pair for pair in PAIRS if pair[0].suffix == ".ipynb"]
CHINESE_SIGN = translation.CHINESE


@pytest.fixture(autouse=True)
def words(monkeypatch):
    """Samples may name what they like; the course's own list is tested beside."""
    known = translation.latin_words() | {"LeNet", "Keras"}
    monkeypatch.setattr(translation, "latin_words", lambda: known)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair[1].relative_to(ROOT)))
def test_a_file_says_what_its_english_twin_says(pair):
    assert [f"{name}: {'; '.join(found)}" for name, found in translation.look(*pair)] == []


def test_no_twin_is_without_an_english_file():
    twins = {twin for _, twin in PAIRS}
    found = [*translation.TWINS.glob("*.md"), *translation.TWINS.glob("[!.]*/*.md")]
    found += translation.TWINS.glob("*/*.ipynb")  # JupyterLab leaves copies deeper down
    found += (translation.QUESTIONS / "zh").glob("on_*.py")
    assert set(found) <= twins


def test_each_latin_word_that_is_allowed_is_used_somewhere():
    prose = " ".join(twin.read_text("utf-8") for _, twin in PAIRS)
    groups = yaml.safe_load(translation.LATIN.read_text("utf-8"))
    said = groups.pop("said by other programs")
    listed = [word for words in groups.values() for word in words.split()] + said
    assert len(listed) == len(set(listed))
    assert [word for word in listed if word not in prose] == []


GLOSSARIES = [
    (path / "appendix" / "glossary.md").read_text("utf-8") for path in (ROOT, ROOT / "zh")
]
TITLES = [re.findall(r"^## (.+)$", page, re.M) for page in GLOSSARIES]
WORD_OF = dict(zip(*TITLES, strict=True))
# Shorter forms of a term, and what is said beside its Chinese word.
FORMS_OF = {
    "Adam": "Adam",
    "CNN": "CNN",
    "Dilation": "空洞|膨胀",
    "Equivariance": "等变",
    "Grad-CAM": "Grad-CAM",
    "Group": "组",
    "HOG": "HOG",
    "Invariance": "不变",
    "Leak": "泄漏",
    "Logit": "logit",
    "MAC": "乘加|MAC",
    "Patch": "块",
    "ReLU": "ReLU",
    "Seed": "种子",
    "Softmax": "softmax",
    "Validation split": "验证",
}
# Where the English word is no term: a unit of measure.
NO_TERM = {
    ("09-lenet-by-hand", "the-word-does-not-help", "Unit"),
    ("12-alexnet-in-keras", "what-does-scale-do", "Unit"),
    ("14-equal-budgets", "mcnemar", "Unit"),
}
USED = re.compile(rf"(?<![\w-])({WORDS})(?![\w-])", re.I)


def test_both_glossaries_have_the_same_terms():
    page = GLOSSARIES[1]
    assert re.findall(r"^\*\*(.+)\*\* · ", page, re.M) == TITLES[0]
    assert all(CHINESE_SIGN.search(title) for title in TITLES[1])


@pytest.mark.parametrize("pair", NOTEBOOKS, ids=lambda pair: pair[1].stem)
def test_a_term_has_its_chinese_word_throughout(pair):
    ours, theirs = map(translation.pieces, pair)
    for our, their in zip(ours, theirs, strict=True):
        if our.kind != "markdown" or their.text.startswith(translation.REFERENCES):
            continue
        for term in {FORMS[word.lower()] for word in USED.findall(translation.plain(our.text))}:
            wanted = f"{WORD_OF[term]}|{FORMS_OF.get(term, WORD_OF[term])}"
            found = re.search(wanted, their.text) or (pair[0].stem, our.name, term) in NO_TERM
            assert found, f"{our.name}: {term} is {wanted}"


def left_over(text: str) -> list[str]:
    """Marks of Markdown that stay in the text: what is beside them keeps them from closing."""
    markdown = MarkdownIt("commonmark", {"html": True}).use(dollarmath_plugin).enable("table")
    inline = [token for block in markdown.parse(text) for token in block.children or ()]
    said = "\n".join(token.content for token in inline if token.type == "text")
    return re.findall(r"^.*[*$`].*$", said, re.M)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair[1].relative_to(ROOT)))
def test_emphasis_and_formulas_close_in_chinese(pair):
    prose = [piece for piece in translation.pieces(pair[1]) if piece.kind == "markdown"]
    assert [line for piece in prose for line in left_over(piece.text)] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("这是**卷积核**的", 0),
        ("**注意。**后面", 1),
        ("“*核*”", 0),
        ("值$x$是", 0),
        ("值 $x 是", 1),
    ],
)
def test_a_mark_that_does_not_close_is_found(text, left):
    assert len(left_over(text)) == left


ENGLISH = (
    "A *kernel* of 3×3 and stride −2 has **9** [weights](../appendix/glossary.md#weight): $k^2$, "
    "see `kernel_size`.\n\n- LeNet has 61,706.\n"
)
CHINESE = (
    "一个3×3、步幅−2的*卷积核*有**9**个[权重](../appendix/glossary.md#weight)：$k^2$，"
    "见`kernel_size`。\n\n- LeNet有61,706个。\n"
)


def test_a_faithful_translation_has_no_fault():
    assert prose_faults(ENGLISH, CHINESE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("61,706", "61,796", "numbers"),
        ("−2", "2", "numbers"),
        ("#weight", "#bias", "links"),
        ("[权重](../appendix/glossary.md#weight)", "权重", "links"),
        ("$k^2$", "$k^3$", "formulas"),
        ("`kernel_size`", "`strides`", "code"),
        ("`kernel_size`", "kernel_size", "code"),
        ("*卷积核*", "卷积核", "emphasis"),
        ("**9**", "9", "strong words"),
        ("- LeNet", "LeNet", "list items"),
        ("卷积核", "kernel", "English words: kernel"),
        ("个。", "个.", "half-width"),
        ("卷积核*", "卷积核*，LeNet,又", "half-width"),
        ("个。", "个（this is what nobody translated at all）。", "English words"),
        (CHINESE, ENGLISH, "is not translated"),
    ],
)
def test_a_planted_fault_in_prose_is_found(old, new, fault):
    assert old in CHINESE
    found = prose_faults(ENGLISH, CHINESE.replace(old, new))
    assert fault in "; ".join(found)


OUR_CODE = '''
def count(kernel):
    """How many weights a kernel has, 9 for 3×3."""
    return kernel.size  # all of them are free to change


print(f"{count(kernel):,} weight{'' if count(kernel) == 1 else 's'}", "same")
'''
THEIR_CODE = '''
def count(kernel):
    """一个卷积核有多少权重，3×3时是9。"""
    return kernel.size  # 全都可以变


print(f"{count(kernel):,}个权重", "same")
'''


def test_faithful_code_has_no_fault():
    assert code_faults(OUR_CODE, THEIR_CODE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kernel.size", "kernel.ndim", "its code is not the same"),
        ("count(kernel):,}", "count(kernel)}", "values"),
        ("是9", "是8", "numbers"),
        ('"same"', '"valid"', "not into Chinese"),
        ("# 全都可以变", "# all of them are free to change", "comment"),
        (
            "一个卷积核有多少权重，3×3时是9。",
            "How many weights a kernel has, 9 for 3×3.",
            "is not translated",
        ),
        (', "same"', "", "strings"),
        ("return", "return return", "is no Python"),
        ("  # 全都可以变", "", "comment"),
        ("全都可以变", "3个都可以变", "numbers of comments"),
    ],
)
def test_a_planted_fault_in_code_is_found(old, new, fault):
    assert old in THEIR_CODE
    assert fault in "; ".join(code_faults(OUR_CODE, THEIR_CODE.replace(old, new)))


@pytest.mark.parametrize(
    ("ours", "theirs", "right"),
    [
        ('net["C3"]', 'net["C5"]', False),
        ('plot("k")', 'plot("r")', False),
        ('join(", ")', 'join("、")', True),
        ("f\"{s['train']} and {s['test']}\"", "f\"{s['test']}和{s['test']}\"", False),
        ("f\"{s['train']} and {s['test']}\"", "f\"{s['test']}和{s['train']}\"", True),
        ("f\"{s['the first']}\"", "f\"{s['第一个']}\"", True),
        ('f"{a:.1%} of it"', 'f"其中{a:.3f}"', False),
        ('f"{a:<12,.2f} of it"', 'f"其中{a:6,.2f}"', True),
        ('f"{a!r} of it"', 'f"其中{a}"', False),
    ],
)
def test_only_words_and_the_width_of_a_column_may_differ(ours, theirs, right):
    assert (code_faults(ours, theirs) == []) is right


@pytest.mark.parametrize(
    ("alt", "right"), [("9个格子", True), ("8个格子", False), ("", False), ("9 cells", False)]
)
def test_a_picture_is_described_in_chinese(alt, right):
    ours, theirs = (Piece("a", "code", "draw()", words) for words in ("9 cells", alt))
    assert (translation.faults(ours, theirs) == []) is right


def test_a_moved_cell_and_another_tag_are_found():
    cell = Piece("a", "markdown", "9", tags=("hint",))
    assert translation.faults(cell, Piece("b", "markdown", "9", tags=("hint",)))
    assert translation.faults(cell, Piece("a", "markdown", "9"))
    hidden = Piece("a", "markdown", "9", tags=("hint",), settings='{"cellView": "form"}')
    assert translation.faults(cell, hidden)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson of two cells, its twin, and a way to change a cell."""
    monkeypatch.setattr(
        translation, "pairs", lambda: [(tmp_path / "en.ipynb", tmp_path / "zh.ipynb")]
    )
    monkeypatch.setattr(translation, "ROOT", tmp_path)

    def write(name: str, *texts: str):
        path = tmp_path / f"{name}.ipynb"
        before = json.loads(path.read_text("utf-8"))["cells"] if path.exists() else [{}] * 2
        cells = [
            {
                "cell_type": "markdown",
                "id": f"c{n}",
                "metadata": old.get("metadata", {}),
                "source": [text],
            }
            for n, (text, old) in enumerate(zip(texts, before, strict=True))
        ]
        path.write_text(json.dumps({"cells": cells}), "utf-8")

    write("en", "A kernel", "A weight")
    write("zh", "卷积核", "权重")
    assert translation.main([]) == 0
    return write


def test_a_changed_english_cell_makes_its_twin_stale_and_a_mended_twin_is_taken(lesson, capsys):
    lesson("en", "A large kernel", "A weight")
    assert translation.main([]) == 1
    assert "zh.ipynb:c0: is stale" in capsys.readouterr().out
    lesson("zh", "大卷积核", "权重")
    assert translation.main([]) == 0


def test_a_twin_that_is_right_as_it_stands_is_named(lesson):
    lesson("en", "A kernel!", "A weight")
    assert translation.main([]) == 1
    assert translation.main(["other.ipynb:c0"]) == 1
    assert translation.main(["zh.ipynb:c0"]) == 0


def test_a_twin_that_changes_is_looked_at_again(lesson, tmp_path):
    lesson("zh", "卷积之核", "权重")
    assert [name for name, _ in translation.look(tmp_path / "en.ipynb", tmp_path / "zh.ipynb")] == [
        "c0"
    ]
    assert translation.main([]) == 0


def test_pages_and_modules_carry_their_marks_where_no_reader_sees_them(tmp_path):
    page, twin = tmp_path / "page.md", tmp_path / "twin.md"
    page.write_text("# One\n\nTwo\n\n## Three\n\nFour\n", "utf-8")
    twin.write_text("# 一\n\n二\n\n## 三\n\n四\n", "utf-8")
    translation.write_marks(twin, {part.name: part.digest for part in translation.pieces(page)})
    assert list(translation.look(page, twin)) == []
    assert len(re.findall(r"^<!-- translates \w+ \w+ -->$", twin.read_text("utf-8"), re.M)) == 2
    module, other = tmp_path / "on_a.py", tmp_path / "on_b.py"
    module.write_text('"""What?"""\n', "utf-8")
    other.write_text('"""什么？"""\n', "utf-8")
    translation.write_marks(other, {"0": translation.pieces(module)[0].digest})
    assert list(translation.look(module, other)) == []
    assert re.fullmatch(r'"""什么？"""\n\n\n# translates \w+ \w+\n', other.read_text("utf-8"))


def test_a_sentence_is_followed_as_contributing_says(lesson, capsys):
    """Its two steps, on a small lesson: the command that it names, one cell, the command again."""
    steps = (
        (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Keep the Chinese in step")[2]
    )
    target = (ROOT / "Makefile").read_text("utf-8").partition("\nzh-todo:")[2].splitlines()[1]
    assert re.findall(r"`(make [\w-]+)", steps.partition("\n## ")[0]) == ["make zh-todo"] * 3
    assert "-m scripts.translation $(CELL)" in target
    lesson("en", "A kernel of 3×3", "A weight")
    assert translation.main([]) == 1
    assert "zh.ipynb:c0" in capsys.readouterr().out
    lesson("zh", "3×3的卷积核", "权重")
    assert translation.main([]) == 0
