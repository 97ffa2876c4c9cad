"""Receiving: the same webhooks to six receivers, in turn, and the disk's fsync between them."""

import json
import os
import random
import statistics
import time
from pathlib import Path

from .process import SECRET, Server, environment, free_port, wait_until_idle

RECEIVERS = Path("benches/receivers")
CONNECTIONS = (1, 8, 64)
SYNCS = 100


def fsync_seconds(folder, append):
    """What the disk takes for 4 KiB to be durable: at the end of a file that grows, or over what is there already."""
    path = folder / "fsync"
    block, taken = b"x" * 4096, []
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        if not append:
            os.pwrite(descriptor, block * SYNCS, 0)
            os.fsync(descriptor)
        for number in range(SYNCS):
            start = time.perf_counter()
            os.pwrite(descriptor, block, number * len(block))
            os.fsync(descriptor)
            taken.append(time.perf_counter() - start)
    finally:
        os.close(descriptor)
        path.unlink()
    return statistics.median(taken)


def receivers(programs, folder):
    """The receivers, none of them started."""
    home = folder / "home"
    env = environment(home)
    hooks = folder / "webhook.json"
    signed = {
        "type": "payload-hmac-sha256",
        "secret": SECRET,
        "parameter": {"source": "header", "name": "X-Guuru-Hmac-Sha256"},
    }
    hook = {
        "id": "guuru",
        # It cannot do without a command: the cheapest that there is.
        "execute-command": "/bin/true",
        "trigger-rule": {"match": signed},
        "trigger-rule-mismatch-http-response-code": 400,
    }
    hooks.write_text(json.dumps([hook]))
    ports = [free_port() for _ in range(6)]
    listen = [programs["guuru"], "listen", "--addr", f"127.0.0.1:{ports[0]}"]
    webhook = ["webhook", "-hooks", hooks, "-ip", "127.0.0.1", "-port", ports[2], "-nopanic"]
    return [
        Server("guuru listen", listen, ports[0], env=env),
        Server("Node.js", ["node", RECEIVERS / "receiver.mjs", ports[1]], ports[1], env=env),
        Server("webhook", webhook, ports[2], "/hooks/guuru", env=env),
        Server("Python", ["python3", RECEIVERS / "receiver.py", ports[3]], ports[3], env=env),
        Server("hyper + SQLite", [programs["floor"], ports[4], folder / "floor.db"], ports[4], env=env),
        Server("hyper alone", [programs["floor"], ports[5]], ports[5], env=env),
    ]


def measure(programs, folder, load, plan, say):
    """Runs of every receiver at every number of connections, round by round."""
    servers = receivers(programs, folder)
    runs = {server.name: {connections: [] for connections in CONNECTIONS} for server in servers}
    syncs = {"append": [], "overwrite": []}
    try:
        for number, server in enumerate(servers):
            server.start(folder / f"receiver-{number}")
            load.wrk(server, 8, 1)
        for turn in range(plan.rounds):
            for connections in CONNECTIONS:
                for kind, taken in syncs.items():
                    taken.append(fsync_seconds(folder, kind == "append"))
                # Nobody always comes behind the same other one.
                for server in random.sample(servers, len(servers)):
                    wait_until_idle()
                    runs[server.name][connections].append(load.wrk(server, connections, plan.seconds))
            say(f"receiving: round {turn + 1} of {plan.rounds}")
        memory = {server.name: server.memory() for server in servers}
    finally:
        for server in servers:
            server.stop()
    return {"runs": runs, "memory": memory, "fsync": syncs}
