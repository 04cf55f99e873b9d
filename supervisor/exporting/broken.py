"""What ends a download early."""


class StreamBroken(Exception):
    """The bytes ended early; the client must not take what it has for the whole."""
