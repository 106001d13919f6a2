"""What the README shows is run as it stands there."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def test_api_example_of_the_readme_prints_the_customers_of_the_demo_lot(demo_server, capsys):
    example = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example, "the README has no example in Python"
    code = example.group(1)
    for name in ("url", "db", "login", "password"):
        code, replaced = re.subn(
            rf'^{name} = ".*"$', f"{name} = {demo_server[name]!r}", code, flags=re.MULTILINE
        )
        assert replaced == 1, f"the example does not set {name}"
    exec(compile(code, str(README), "exec"), {})  # noqa: S102  our own README
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_commands_of_the_readme_exist():
    commands = re.findall(r"^\./(setup/\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert {"setup/demo", "setup/test"} <= set(commands)
    for command in commands:
        assert (README.parent / command).stat().st_mode & 0o111, command


def test_pictures_of_the_readme_exist():
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    for picture in pictures:
        assert (README.parent / picture).is_file(), picture
