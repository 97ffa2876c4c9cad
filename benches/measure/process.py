"""Processes: how they are started and stopped, and what they cost."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "a secret of the comparison"
TOKEN = "a-token-of-the-comparison"
PATIENCE = 30
TICKS = os.sysconf("SC_CLK_TCK")


def environment(home):
    """An environment in which nobody's own settings count."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GUURU_STATE_DIR": str(home / "state"),
        "GUURU_CONFIG_DIR": str(home / "config"),
        "GUURU_WEBHOOK_SECRET": SECRET,
        "GUURU_TOKEN": TOKEN,
    }


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, condition):
    """Waits for a condition."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited in vain: {what}")
        time.sleep(0.005)


def wait_until_idle():
    """Waits until nothing of what ran before is going on: `webhook` answers first, and runs its commands for seconds after;
    what was written goes to the disk for seconds after."""
    os.sync()
    for _ in range(100):
        before = busy_seconds()
        time.sleep(0.2)
        if busy_seconds() - before < 0.03:
            return


def busy_seconds():
    """What all processors have worked."""
    user, nice, system, _idle, _waiting, irq, softirq = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS


def run(command, **options):
    """Runs a program to its end; fails where it fails."""
    return subprocess.run([str(part) for part in command], check=True, **options)


def seconds(command, **options):
    """How long a program takes, from its start to its end."""
    start = time.perf_counter()
    run(command, stdout=subprocess.DEVNULL, **options)
    return time.perf_counter() - start


def seconds_to_first_line(command, env):
    """How long it takes until a program has written a line; the program is stopped then."""
    start = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        line = child.stdout.readline()
        taken = time.perf_counter() - start
        child.terminate()
    if not line.startswith(b"{"):
        raise RuntimeError(f"{command}: no line but {line!r}")
    return taken


@dataclass
class Server:
    """A server on loopback and what is known of it."""

    name: str
    command: list
    port: int
    path: str = "/"
    env: dict = field(default_factory=dict)
    child: subprocess.Popen = None

    def start(self, out):
        """Starts it, its stdout and stderr going to files, and waits until it takes connections."""
        with open(f"{out}.out", "wb") as stdout, open(f"{out}.err", "wb") as stderr:
            command = [str(part) for part in self.command]
            self.child = subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
            )
        eventually(f"{self.name} is ready", self.is_ready)
        return self

    def is_ready(self):
        if self.child.poll() is not None:
            raise RuntimeError(f"{self.name} has ended: {self.child.returncode}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"

    def cpu_seconds(self):
        """The CPU time of the process and of the children that it waited for."""
        text = Path(f"/proc/{self.child.pid}/stat").read_text()
        # Behind the name, which may hold anything: fields 14 to 17.
        fields = text.rpartition(")")[2].split()
        return sum(int(value) for value in fields[11:15]) / TICKS

    def memory(self, field="VmHWM"):
        """Its memory in MiB: the most that it ever had, or with VmRSS what it has now."""
        for line in Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"{self.name} has no {field}")

    def stop(self):
        """Stops it; only what was started here is ever stopped."""
        if self.child and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
