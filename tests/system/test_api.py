"""The examples of docs/api.md run as they stand there, one after the other."""

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# What programs may call on the model that is asked most, and what an example has to call.
ROOT = GUIDE.parents[1]


@pytest.fixture(scope="module")
def text() -> str:
    return GUIDE.read_text(encoding="utf-8")


def _examples(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_examples_of_the_api_guide_run_in_turn(demo_server, text, capsys, expect_warning):
    expect_warning("of the lots to trace do not exist")
    names: dict = {}
    first, *others = _examples(text)
    for name in ("url", "db", "login", "password"):
        first, replaced = re.subn(
            rf'^{name} = ".*"$', f"{name} = {demo_server[name]!r}", first, flags=re.MULTILINE
        )
        assert replaced == 1, f"the first example does not set {name}"
    for number, code in enumerate((first, *others)):
        exec(compile(code, f"{GUIDE.name}, example {number}", "exec"), names)  # noqa: S102  our own
        said = capsys.readouterr().out
        assert number == 0 or said.strip(), f"example {number} prints nothing"
    assert names["trace"]["complete"] is True
    assert names["outcome"]["valid"] is True, names["outcome"]
    assert [event["kind"] for event in names["events"]].count("status") == 2
    assert names["tracked"]


def test_each_public_method_of_the_trace_has_an_example(text):
    files = [
        ROOT / "lot_traceability" / "models" / name
        for name in ("lot_trace.py", "lot_trace_find.py")
    ]
    public = [
        name
        for file in files
        for name in re.findall(r"^    def ([a-z]\w+)\(", file.read_text(encoding="utf-8"), re.M)
    ]
    assert len(public) >= 8
    examples = "\n".join(_examples(text))
    assert [name for name in public if f'"lot.trace", "{name}"' not in examples] == []


def test_files_that_the_guides_point_at_exist():
    for guide in sorted(GUIDE.parent.glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", guide.read_text(encoding="utf-8")):
            assert (guide.parent / link).exists(), f"{guide.name}: {link}"
