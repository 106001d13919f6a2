"""Makes the pages that Odoo shows of the guides in `docs`: one for each role, in the module that it
is about, to be read without a link to anywhere else.

    guide_pages.py REPOSITORY

Runs where Markdown is. The text is written once, in `docs`; a test compares.
"""

import html
import re
import sys
from pathlib import Path, PurePosixPath

import markdown

# The guide of a module of its own; all others are of the first.
_MODULES = {"guide-recall": "lot_traceability_recall"}
_MODULE = "lot_traceability"
_STATIC = "static/description"
_PAGE = """<!doctype html>
<html lang="en">
    <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>
            :root {{ color-scheme: light dark; }}
            body {{
                font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto;
                padding: 1rem 1rem 3rem; overflow-wrap: break-word;
            }}
            nav {{ display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; }}
            h1, h2 {{ line-height: 1.25; }}
            h2 {{ margin-top: 2rem; }}
            img {{
                display: block; max-width: 100%; max-height: 36rem; margin: 1rem 0;
                border: 1px solid #8886; border-radius: 4px;
            }}
            table {{ border-collapse: collapse; width: 100%; }}
            th, td {{
                text-align: start; vertical-align: top; padding: .4rem .6rem .4rem 0;
                border-bottom: 1px solid #8886;
            }}
            td:first-child {{ width: 40%; }}
            code {{ overflow-wrap: anywhere; }}
            [aria-current] {{ color: inherit; font-weight: bold; text-decoration: none; }}
            li {{ margin: .3rem 0; }}
            pre {{
                white-space: pre-wrap; padding: .6rem; border: 1px solid #8886; border-radius: 4px;
            }}
        </style>
    </head>
    <body>
        <nav aria-label="Guides">{others}</nav>
        <main>
{body}
        </main>
    </body>
</html>
"""


def pages(root: Path) -> dict[Path, str]:
    """{file: text} of all pages, by the guides of the repository."""
    guides = sorted((root / "docs").glob("guide-*.md"))
    titles = {guide.stem: _title(guide) for guide in guides}
    return {
        root / _address(stem): _page(guide.read_text(encoding="utf-8"), stem, titles)
        for guide, stem in zip(guides, titles, strict=True)
    }


def _title(guide: Path) -> str:
    return guide.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _address(stem: str) -> PurePosixPath:
    """Where a page is, both in the repository and in an address of Odoo."""
    return PurePosixPath(_MODULES.get(stem, _MODULE), _STATIC, f"{stem}.html")


def _page(text: str, stem: str, titles: dict[str, str]) -> str:
    body = markdown.markdown(text, extensions=["tables", "fenced_code", "toc", "sane_lists"])
    body = re.sub(
        r'<a href="([^"]*)">(.*?)</a>', lambda found: _link(found[1], found[2]), body, flags=re.S
    )
    body = re.sub(r'(<img [^>]*src=")\.\./([^"]*)"', r'\1/\2" loading="lazy"', body)
    others = " ".join(
        f'<a href="/{_address(other)}"'
        + (' aria-current="page"' if other == stem else "")
        + f">{html.escape(title)}</a>"
        for other, title in titles.items()
    )
    return _PAGE.format(title=html.escape(titles[stem]), others=others, body=body)


def _link(target: str, text: str) -> str:
    """A link to another guide; what is not in Odoo is only named."""
    name, _hash, anchor = target.partition("#")
    if name.startswith("guide-") or not name:
        address = f"/{_address(name.removesuffix('.md'))}" if name else ""
        return f'<a href="{address}{"#" + anchor if anchor else ""}">{text}</a>'
    return f"docs/{text}" if text == name else text


def main(root: Path) -> None:
    for file, text in pages(root).items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
