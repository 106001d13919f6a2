"""How deep a document may be nested: what goes through it in steps must come to an end."""

from __future__ import annotations

from collections.abc import Mapping

# The deepest of GS1's own examples has 12.
DEEPEST = 64


def too_deep(value: object, most: int = DEEPEST) -> bool:
    """Tell whether objects and lists stand in each other more than ``most`` times.

    >>> too_deep({"a": [1]}, 2), too_deep({"a": [[]]}, 2)
    (False, True)
    """
    level = [value]
    for _step in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, (Mapping, list))
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
            if isinstance(inner, (Mapping, list))
        ]
        if not level:
            return False
    return True
