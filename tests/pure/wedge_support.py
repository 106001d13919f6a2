"""The events of a scanner that types."""

GS = "\x1d"


class Keys:
    """Events of one source, one after the other."""

    def __init__(self, gap=4, target="page", start=1_000):
        self.events, self.now, self.gap, self.target = [], start, gap, target

    def add(self, kind, **values):
        event = {"type": kind, "timeStamp": self.now, "target": self.target, **values}
        self.events.append(event)
        self.now += self.gap
        return self

    def key(self, key, **values):
        return self.add("keydown", key=key, **values).add("keyup", key=key, **values)

    def text(self, text):
        for character in text:
            if character.isupper():
                self.add("keydown", key="Shift", shiftKey=True)
            self.key(character, shiftKey=character.isupper())
            if character.isupper():
                self.add("keyup", key="Shift")
        return self

    def alt(self, digits):
        self.add("keydown", key="Alt", altKey=True)
        for digit in digits:
            self.key(digit, code=f"Numpad{digit}", altKey=True)
        return self.add("keyup", key="Alt")

    def wait(self, milliseconds):
        self.now += milliseconds
        return self


# How scanners send the separator.
SEPARATORS = {
    "raw": lambda keys: keys.key(GS),
    "alt_029": lambda keys: keys.alt("029"),
    "alt_0029": lambda keys: keys.alt("0029"),
    "control_bracket": lambda keys: keys.add("keydown", key="Control", ctrlKey=True).key(
        "]", ctrlKey=True
    ),
    "control_bracket_german": lambda keys: keys.key("+", code="BracketRight", ctrlKey=True),
    "control_character": lambda keys: keys.key(GS, code="BracketRight", ctrlKey=True),
    "f8": lambda keys: keys.key("F8"),
}
