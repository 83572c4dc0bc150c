"""Find Chinese words: as pairs of neighbouring signs, in the index and in what is asked for.

Nobody has to know where a word ends: 感受野 is 感受 and 受野. A page is found that has all pairs of
what is asked for, but for those that no page has: two words may be asked for as one. Sphinx's own
index would need a dictionary to cut the text.
"""

import re
from itertools import pairwise

from sphinx.search.en import SearchEnglish

WORDS = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
SPLITTER = """
function splitQuery(query) {
  const words = query.match(/[\\u3400-\\u9fff]+|(?:(?![\\u3400-\\u9fff])[\\p{L}\\p{N}_])+/gu) ?? [];
  const { terms, titleterms } = Search._index;
  const pairs = (word) => {
    const all = [...word].slice(1).map((sign, index) => word[index] + sign);
    const known = all.filter((pair) => pair in terms || pair in titleterms);
    return known.length ? known : all;
  };
  return words.flatMap((word) => (/^[\\u3400-\\u9fff]{2}/.test(word) ? pairs(word) : [word]));
}
"""


def split(text: str) -> list[str]:
    """The words of a text: Chinese ones as their signs and as all pairs of neighbours.

    >>> split("LeNet的感受野")
    ['LeNet', '的', '感', '受', '野', '的感', '感受', '受野']
    """
    words = []
    for word in WORDS.findall(text):
        chinese = "\u3400" <= word[0] <= "\u9fff"
        words += [*word, *map("".join, pairwise(word))] if chinese else [word]
    return words


class SearchChinese(SearchEnglish):
    """English words within a Chinese page keep their stems."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:
        return split(input)


def setup(app):
    app.add_search_language(SearchChinese)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
