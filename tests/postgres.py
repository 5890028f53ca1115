"""A PostgreSQL server of our own for tests and benchmarks: made, used and thrown away."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

VERSIONS = range(20, 14, -1)
ON_DEBIAN = [Path("/usr/lib/postgresql") / str(version) / "bin" for version in VERSIONS]


def postgres_binaries() -> Path | None:
    """Where the newest PostgreSQL of this machine lies; None without one."""
    on_path = shutil.which("initdb")
    folders = [*ON_DEBIAN, *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """PostgreSQL in a folder that is thrown away, reached by a socket alone.

    fsync  off for tests, which lose nothing; on to measure what a user waits for.
    """

    def __init__(self, binaries: Path, *, fsync: bool = False) -> None:
        self._binaries = binaries
        self._fsync = "on" if fsync else "off"
        self._folder = Path(tempfile.mkdtemp(prefix="cratewise-pg-"))

    def __enter__(self) -> str:
        """The address of its first database."""
        files = self._folder / "files"
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", str(files), "-U", "cratewise", "-A", "trust", "-N", "-E", "UTF8")
        options = f"-k {self._folder} -c listen_addresses='' -c fsync={self._fsync}"
        options += " -c max_connections=200"
        log = f"{self._folder}/log"
        self._run("pg_ctl", "-D", str(files), "-w", "-l", log, "-o", options, "start")
        return f"postgresql://cratewise@/postgres?host={self._folder}"

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "files"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *command,
            ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
