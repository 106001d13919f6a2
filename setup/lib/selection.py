"""Finds tests by a word of their file, class, method or tag, without importing them."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TestClass:
    """A class with test methods (or a file's test functions, with an empty name)."""

    file: Path
    name: str
    methods: tuple[str, ...]
    tags: tuple[str, ...]

    def chosen(self, word: str) -> "TestClass | None":
        """This class, or the part of it, that the word names; None if it names nothing here."""
        word = word.lower()
        if any(word in text.lower() for text in (self.file.stem, self.name, *self.tags)):
            return self
        methods = tuple(method for method in self.methods if word in method.lower())
        return TestClass(self.file, self.name, methods, self.tags) if methods else None


def scan(folder: Path) -> list[TestClass]:
    """All test classes and test functions in the files test_*.py below `folder`."""
    found = []
    for file in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        functions = _methods(tree.body)
        if functions:
            found.append(TestClass(file, "", functions, ()))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and _methods(node.body):
                found.append(TestClass(file, node.name, _methods(node.body), _tags(node)))
    return found


def module(test: TestClass) -> str:
    """The module in whose `tests` the class stands."""
    return test.file.parts[test.file.parts.index("tests", -3) - 1]


def odoo_class(test: TestClass) -> str:
    """The specification of the whole class as Odoo's --test-tags takes it."""
    return f"/{module(test)}:{test.name}"


def odoo_tags(test: TestClass) -> list[str]:
    """The specifications of the class's tests as Odoo's --test-tags takes them."""
    return [f"{odoo_class(test)}.{method}" for method in test.methods]


def count(classes: Iterable[TestClass]) -> int:
    """How many tests these are."""
    return sum(len(test.methods) for test in classes)


def _methods(body: list[ast.stmt]) -> tuple[str, ...]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return tuple(
        node.name for node in body if isinstance(node, kinds) and node.name.startswith("test_")
    )


def _tags(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(
        argument.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "tagged"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
