"""``GET /api/live``: what is new, pushed over a WebSocket; polling stays the correctness path.

``door`` lets a socket in, ``line`` serves it, ``session`` decides (pure) what is next, ``news``
(pure) what an account's next messages are, and ``board`` knows who is to be woken for what.
"""
