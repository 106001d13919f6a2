"""The pages that Odoo shows of the guides."""

import re

from lib import paths
from lib.inside import guide_pages

ROOT = paths.REPOSITORY


def test_pages_that_odoo_shows_are_what_the_guides_say():
    made = guide_pages.pages(ROOT)
    kept = {
        page for module in paths.modules() for page in (ROOT / module).glob("static/*/guide-*.html")
    }
    assert made.keys() == kept, "./setup/pictures --pages makes them"
    stale = [page.name for page, text in made.items() if page.read_text(encoding="utf-8") != text]
    assert stale == [], "./setup/pictures --pages makes them"


def test_pages_lead_to_nothing_that_odoo_does_not_have():
    for page, text in guide_pages.pages(ROOT).items():
        links = re.findall(r'(?:href|src)="([^"#]+)', text)
        assert links
        for link in links:
            assert (ROOT / link.removeprefix("/")).is_file(), (page.name, link)
