"""Containers without an engine: a root file system and a network of its own for one command.

As Dockerfile and compose.yaml ask for them: a root that is read-only, nobody's rights, no
capability, and only what is told of the environment.  What lies in it is bound from this
machine: its /usr, its Python, and the environment that the tests run in, at /opt/cratewise.
It takes root, and Linux.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cratewise

USER = 10001  # as in the Dockerfile
TOOLS = ("ip", "unshare", "mount", "chroot", "setpriv")
SOURCE = Path(cratewise.__file__).parents[1]
BOUND = [
    *(Path("/usr"), Path(sys.base_prefix), SOURCE),
    *(Path(sys.prefix), Path(sys.prefix).resolve()),  # scripts name the latter
]
FIRST_PORT = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
AROUND = ("bin", "sbin", "lib", "lib64")  # links into /usr

# In a mount namespace of its own: all of it is gone with the command.
MOUNTS = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 bare "$ROOT"
mkdir -p "$ROOT/tmp"
mount -t tmpfs tmp "$ROOT/tmp"  # first: what is bound may lie in it
for place in $BOUND; do
  mkdir -p "$ROOT$place"
  mount --bind "$place" "$ROOT$place"
  mount -o remount,bind,ro "$ROOT$place"
done
mkdir -p "$ROOT/opt/cratewise" "$ROOT/data" "$ROOT/var/lib/cratewise"
mkdir -p "$ROOT/proc" "$ROOT/dev/shm" "$ROOT/etc"
for link in $AROUND; do
  if [ -L "/$link" ]; then cp -P "/$link" "$ROOT/$link"; fi
done
mount --bind "$PREFIX" "$ROOT/opt/cratewise"
mount --bind "$STATE" "$ROOT/data"
mount --bind "$STATE" "$ROOT/var/lib/cratewise"
for pair in $FILES; do
  mkdir -p "$ROOT$(dirname "${pair#*:}")"
  touch "$ROOT${pair#*:}"
  mount --bind "${pair%%:*}" "$ROOT${pair#*:}"
done
mount -t proc proc "$ROOT/proc"
mount -t tmpfs shm "$ROOT/dev/shm"
for device in null urandom; do
  touch "$ROOT/dev/$device"
  mount --bind "/dev/$device" "$ROOT/dev/$device"
done
printf "$HOSTS" > "$ROOT/etc/hosts"
printf 'cratewise:x:%s:%s::/data:/bin/false\\n' "$USER_ID" "$USER_ID" > "$ROOT/etc/passwd"
mount -o remount,ro "$ROOT"
"""

# What some machines forbid even to root, of all that is done below.
TRIED = """
set -e
mount --make-rprivate /
mount -t tmpfs bare /mnt
mkdir /mnt/proc /mnt/bound
mount -t proc proc /mnt/proc
mount --bind "$PREFIX" /mnt/bound
mount -o remount,bind,ro /mnt/bound
ip link add one type veth peer name another
ip link add switch type bridge
"""


def why_not() -> str:
    """Why nothing can be run so here; empty: it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "namespaces and root file systems take root, on Linux"
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        return f"{', '.join(missing)} is not installed"
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "sh", "-c", TRIED],
        check=False, capture_output=True, text=True, env={**os.environ, "PREFIX": sys.prefix},
    )  # fmt: skip
    said = tried.stderr.strip()
    return "" if tried.returncode == 0 else f"this machine allows no namespaces: {said}"


class Network:
    """Machines on one switch of their own, each reached by no other process of this machine."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._switch = f"{prefix}s"
        self._names: list[str] = []

    def __enter__(self) -> Self:
        self._add(self._switch)
        _ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", self._switch, "link", "set", "switch", "up")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for name in self._names:
            _ip("netns", "del", name)

    def join(self, *addresses: str, bits: int = 24) -> str:
        """The name of a network with these addresses, where any port may be listened on."""
        name = f"{self._prefix}{len(self._names)}"
        self._add(name)
        ours = ("link", "add", f"{name}p", "netns", self._switch)
        _ip(*ours, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("-n", self._switch, "link", "set", f"{name}p", "master", "switch", "up")
        for address in addresses:
            _ip("-n", name, "addr", "add", f"{address}/{bits}", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")
        # As container engines do: else ports 80 and 443 take a capability.
        _ip("netns", "exec", name, "sh", "-c", f"echo 0 > {FIRST_PORT}")
        return name

    def _add(self, name: str) -> None:
        _ip("netns", "add", name)
        self._names.append(name)
        _ip("-n", name, "link", "set", "lo", "up")


@dataclass
class Bare:
    """A container of the image that the Dockerfile builds.

    network  its name; state: the folder that is its volume; hosts: names by address.
    files    of this machine, by where they are found inside.
    """

    network: str
    state: Path
    environ: Mapping[str, str]
    hosts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def command(self, words: Sequence[str]) -> list[str]:
        root = self.state.parent / "root"
        root.mkdir(exist_ok=True)
        self.state.mkdir(exist_ok=True)
        os.chown(self.state, USER, USER)
        hosts = {"127.0.0.1": "localhost", **self.hosts}
        told = {
            "ROOT": str(root),
            "STATE": str(self.state),
            "PREFIX": sys.prefix,
            "USER_ID": str(USER),
            "BOUND": " ".join(dict.fromkeys(map(str, BOUND))),
            "AROUND": " ".join(AROUND),
            "HOSTS": "".join(f"{address} {name}\\n" for address, name in hosts.items()),
            "FILES": " ".join(f"{file}:{place}" for place, file in self.files.items()),
        }
        rights = f"--reuid={USER} --regid={USER} --clear-groups --no-new-privs"
        environ = {"PYTHONPATH": str(SOURCE), "HOME": "/data", **self.environ}
        inside = shlex.join(["env", "-i", *(f"{k}={v}" for k, v in environ.items()), *words])
        script = "\n".join(
            [
                *(f"{name}={shlex.quote(value)}" for name, value in told.items()),
                MOUNTS,
                f'exec chroot "$ROOT" setpriv {rights} --bounding-set=-all {inside}',
            ]
        )
        outside = ["ip", "netns", "exec", self.network]
        return [
            *outside,
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "sh",
            "-c",
            script,
        ]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self.command(words), check=False, capture_output=True, text=True)


class Running:
    """A command in a container, until the block ends.

    said   its first line; or, of all that it says, logs too, the first line with `until`.
    """

    def __init__(self, bare: Bare, words: Sequence[str], until: str = "") -> None:
        self._outside = subprocess.Popen(
            bare.command(words), stdout=subprocess.PIPE, text=True,
            stderr=subprocess.STDOUT if until else None,
        )  # fmt: skip
        self._until = until
        self.said = ""

    @property
    def pid(self) -> int:
        """Of the command itself, as this machine counts."""
        children = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children")
        return int(children.read_text("utf-8").split()[0])

    def __enter__(self) -> Self:
        assert self._outside.stdout is not None
        heard = ""
        for line in self._outside.stdout:
            heard += line
            if self._until in line:
                self.said = line
                return self
        raise AssertionError(heard)  # it ended

    def __exit__(self, *_: object) -> None:
        if self._outside.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        with self._outside:  # closes what it said through
            assert self._outside.wait() == 0  # it ends in order

    def status(self) -> dict[str, str]:
        """What the kernel tells of it: whose rights it has."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


ASK = """
import json, sys, urllib.request
method, url, headers, body = json.loads(sys.argv[1])
asked = urllib.request.Request(url, body and body.encode(), headers, method=method)
with urllib.request.urlopen(asked, timeout=60) as answer:
    print(json.dumps([answer.status, json.loads(answer.read())]))
"""


def ask(
    network: str, method: str, url: str, body: object = None, **headers: str
) -> tuple[int, Any]:
    """Ask from a machine of a network; the status, and what was answered."""
    told = [method, url, headers, None if body is None else json.dumps(body)]
    said = subprocess.run(
        ["ip", "netns", "exec", network, sys.executable, "-c", ASK, json.dumps(told)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    status, answer = json.loads(said.stdout)
    return status, answer


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
