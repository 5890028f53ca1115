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

    fsync   off for tests, which lose nothing; on to measure what a user waits for.
    within  the folder in which its own is made.
    listen  an address of this machine besides, whose whole /24 is trusted.
    prefix  words before its commands, such as those that enter a network.
    """

    def __init__(
        self,
        binaries: Path,
        *,
        fsync: bool = False,
        within: Path | None = None,
        listen: str = "",
        prefix: tuple[str, ...] = (),
    ) -> None:
        self._binaries = binaries
        self._fsync = "on" if fsync else "off"
        self._listen = listen
        self._prefix = prefix
        self.folder = Path(tempfile.mkdtemp(prefix="cratewise-pg-", dir=within))
        self._files = str(self.folder / "files")

    def __enter__(self) -> str:
        """The address of its first database."""
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self._files, "-U", "cratewise", "-A", "trust", "-N", "-E", "UTF8")
        if self._listen:
            with Path(self._files, "pg_hba.conf").open("a", encoding="utf-8") as trusted:
                trusted.write(f"host all all {self._listen}/24 trust\n")
        self.start()
        return f"postgresql://cratewise@{self._listen}/postgres" + (
            "" if self._listen else f"?host={self.folder}"
        )

    def __exit__(self, *_: object) -> None:
        if self.is_running():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='{self._listen}' -c fsync={self._fsync}"
        options += " -c max_connections=200"
        log = f"{self.folder}/log"
        self._run("pg_ctl", "-D", self._files, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str) -> None:
        """End it: `fast` ends all connections, `immediate` is as a power cut."""
        self._run("pg_ctl", "-D", self._files, "-m", mode, "-w", "stop")

    def is_running(self) -> bool:
        return Path(self._files, "postmaster.pid").exists()

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
        subprocess.run([*self._prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")
