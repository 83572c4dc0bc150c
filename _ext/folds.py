"""Say on each fold of a lesson what it keeps: a guess, a check, a solution, a quiz."""

from docutils import nodes

from _ext.words import say

KEPT = {
    "tag_guess": "How this guess is asked for",
    "tag_check": "How this is checked",
    "tag_solution": "A solution",
    "tag_quiz": "How these questions are written",
}


def name_folds(app, doctree) -> None:
    for node in doctree.findall(nodes.container):
        for tag in KEPT.keys() & set(node["classes"]):
            node["prompt_show"] = node["prompt_hide"] = say(KEPT[tag])


def setup(app):
    app.connect("doctree-read", name_folds)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
