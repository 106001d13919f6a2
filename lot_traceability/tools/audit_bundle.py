"""The stand-alone verifier as one file, which an auditor runs where there is no Odoo.

    python audit_bundle.py audit_verify.py

writes it from the parts that Odoo uses as well: one algorithm, two ways to run it.

>>> text = stand_alone()
>>> "from ." in text, text.count("from __future__ import annotations")
(False, 1)
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

#: The parts, each after those that it uses.
PARTS = (
    "audit_merkle",
    "audit_format",
    "audit_report",
    "audit_entries",
    "audit_clock",
    "audit_receipts",
    "audit_chain",
    "audit_included",
    "audit_reader",
    "audit_verify",
)
_LICENSE = "# Part of Lot Traceability; LGPL-3. Written by audit_bundle.py from its parts."


def stand_alone() -> str:
    """The source text of the verifier; its only imports are of the standard library."""
    folder = Path(__file__).resolve().parent
    modules: set[str] = set()
    names: dict[str, set[str]] = {}
    bodies: list[str] = []
    docstring = ""
    for part in PARTS:
        source = (folder / f"{part}.py").read_text(encoding="utf-8")
        lines = source.splitlines()
        tree = ast.parse(source)
        docstring = ast.get_docstring(tree, clean=False) or ""
        for node in tree.body:
            if isinstance(node, ast.Import):
                modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                # What is imported from another part stands further up in the one file.
                if not node.level:
                    names.setdefault(node.module or "", set()).update(
                        alias.name for alias in node.names
                    )
            elif node is not tree.body[0]:
                continue
            end = node.end_lineno or node.lineno
            lines[node.lineno - 1 : end] = [""] * (end - node.lineno + 1)
        body = "\n".join(lines).strip()
        bodies.append(f"# --- {part} ---\n\n{body}\n")
    future = f"from __future__ import {', '.join(names.pop('__future__'))}"
    imports = [f"import {name}" for name in sorted(modules)]
    imports += [f"from {name} import {', '.join(sorted(names[name]))}" for name in sorted(names)]
    head = [_LICENSE, f'"""{docstring}"""', future, "\n".join(imports)]
    return "\n\n".join(head) + "\n\n\n" + "\n\n".join(bodies)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(stand_alone(), encoding="utf-8")
