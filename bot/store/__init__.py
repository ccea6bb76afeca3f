"""What is remembered. Every function takes a connection inside a transaction that its caller opened.

The functions are plain; `Database.write` and `Database.read` run them beside the event loop's other work.
"""

from bot.store.database import Connection, Database, NotUsableError

__all__ = ["Connection", "Database", "NotUsableError"]
