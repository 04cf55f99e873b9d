"""Making files of trades and deals: the tables, the child process that writes, the room."""
