"""The one exception that ends a command with a clear line."""


class SetupError(Exception):
    """A failure that the user can act on. `str()` is one line, without a traceback."""
