"""Pages of two books lead to each other as long as there are two."""

import shutil
from dataclasses import replace

import pytest

from scripts import books, translated_pages

HEAD = f"<html><head></head><body>{translated_pages.BUTTONS}</div></body></html>"
MAP = "<urlset><url><loc>{}</loc></url></urlset>"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Two small books, as the builder writes them."""
    pair = {}
    for name, folder in (("ENGLISH", tmp_path), ("CHINESE", tmp_path / "zh")):
        pair[name] = replace(getattr(books, name), html=folder)
        monkeypatch.setattr(translated_pages, name, pair[name])
        (folder / "chapters").mkdir(parents=True)
        for page in ("404.html", "index.html", "chapters/one.html"):
            (folder / page).write_text(HEAD, "utf-8")
        (folder / "sitemap.xml").write_text(MAP.format(f"{pair[name].address()}index.html"))
    return tmp_path


def english(site) -> dict[str, str]:
    files = [path for path in site.rglob("*.*") if site / "zh" not in path.parents]
    return {path.name: path.read_text("utf-8") for path in files}


def test_each_page_leads_to_its_twin(site):
    translated_pages.join()
    page = (site / "chapters" / "one.html").read_text("utf-8")
    assert page.count('href="../zh/chapters/one.html"') == 1
    twin = (site / "zh" / "chapters" / "one.html").read_text("utf-8")
    assert twin.count('href="../../chapters/one.html"') == 1


def test_joined_again_they_are_the_same(site):
    english_map, chinese_map = site / "sitemap.xml", site / "zh" / "sitemap.xml"
    listed = chinese_map.read_text()
    translated_pages.join()
    first = english(site)
    for path in (site / "zh").rglob("*.html"):
        path.write_text(HEAD, "utf-8")
    chinese_map.write_text(listed)
    translated_pages.join()
    assert english(site) == first
    assert english_map.read_text().count("<url>") == 2


def test_no_page_leads_to_one_that_is_gone(site):
    before, listed = english(site), (site / "zh" / "sitemap.xml").read_text()
    translated_pages.join()
    assert english(site) != before
    (site / "zh" / "chapters" / "one.html").unlink()
    (site / "zh" / "sitemap.xml").write_text(listed)
    translated_pages.join()
    assert english(site)["one.html"] == before["one.html"]
    shutil.rmtree(site / "zh")
    translated_pages.part()
    assert english(site) == before


def test_a_page_is_rewritten_whole_or_stays(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("as it was", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        translated_pages.rewrite(page, "half of it \ud800")
    assert page.read_text("utf-8") == "as it was"
