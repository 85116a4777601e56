"""The configuration files of the server, worked out from the machine it runs on."""

import os
import pwd
import shutil
from pathlib import Path

from circulo.config.postgres.place import Place

MB = 1024 * 1024


def write(place: Place, *, durable: bool) -> None:
    """Write our configuration; an administrator's own goes to local.conf and wins."""
    values = {**_fixed(place), **_memory(), **_room(place), **({} if durable else _fast())}
    lines = [f"{name} = '{value}'" for name, value in values.items()]
    _write(place, "postgresql.conf", [*lines, "include_if_exists 'local.conf'"])
    _write(
        place,
        "pg_hba.conf",
        ["local all circulo peer map=circulo", "local all postgres peer map=circulo"],
    )
    _write(place, "pg_ident.conf", _who_may_be_whom(place))


def _fixed(place: Place) -> dict[str, str]:
    """Pages in the log are not squeezed: the binaries know only pglz, which costs more than it
    saves.
    """
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(place.socket).replace("'", "''"),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "jit": "off",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "wal_compression": "off",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "shared_preload_libraries": "",
    }


def _memory() -> dict[str, str]:
    total = _machine_memory()
    shared = _between(total // 4, 64 * MB, 8192 * MB)
    return {
        "shared_buffers": _mb(shared),
        "effective_cache_size": _mb(total * 6 // 10),
        "work_mem": _mb(_between(total // 400, 8 * MB, 64 * MB)),
        "maintenance_work_mem": _mb(_between(total // 16, 64 * MB, 1024 * MB)),
        "wal_buffers": "16MB",
        **_parallel(),
    }


def _parallel() -> dict[str, str]:
    """Parallel queries meet in /dev/shm; small containers give it too little room."""
    try:
        roomy = shutil.disk_usage("/dev/shm").free >= 256 * MB
    except OSError:
        roomy = False
    workers = "2" if roomy else "0"
    return {
        "max_parallel_workers_per_gather": workers,
        "max_parallel_maintenance_workers": workers,
    }


def _room(place: Place) -> dict[str, str]:
    free = shutil.disk_usage(place.base).free
    return {
        "max_wal_size": _mb(_between(free // 10, 256 * MB, 4096 * MB)),
        "min_wal_size": _mb(_between(free // 100, 80 * MB, 256 * MB)),
    }


def _fast() -> dict[str, str]:
    """For tests only: what is lost with the machine may be lost."""
    return {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "128MB",
        "autovacuum_naptime": "10min",
    }


def _machine_memory() -> int:
    """What this machine has, or the smaller share that its container may use."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if limit.isdecimal():
            total = min(total, int(limit))
    return total


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _mb(value: int) -> str:
    return f"{value // MB}MB"


def _who_may_be_whom(place: Place) -> list[str]:
    """The server's user and root are both roles; nobody else passes, whatever they hold."""
    server = place.user or pwd.getpwuid(os.geteuid())
    return [
        f'circulo "{name}" {role}'
        for name in dict.fromkeys([server.pw_name, "root"])
        for role in ("circulo", "postgres")
    ]


def _write(place: Place, name: str, lines: list[str]) -> None:
    path = place.data / name
    path.write_text("# Written by Círculo at every start.\n" + "\n".join(lines) + "\n", "utf-8")
    path.chmod(0o600)
    place.give(path)
