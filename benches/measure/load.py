"""The load: signed webhooks as the platform sends them, by wrk and, one after the other, by hand."""

import hashlib
import hmac
import http.client
import itertools
import json
import subprocess
import time
from pathlib import Path

from .process import SECRET, run

SCRIPT = Path("benches/receivers/post.lua")
WORDS = "The parcel came without the small screws; could you send them on? "
ROUNDS = itertools.count(1)


def requests():
    """Sixteen events of the platform's two most frequent kinds, each with its signature."""
    for number in range(16):
        chat, time_of_it = f"c-{number}", 1_700_000_000_000 + number
        if number % 4 == 0:
            event = "chat-assigned"
            body = {
                "id": chat,
                "status": "assigned",
                "question": WORDS,
                "createdAt": time_of_it,
                "user": {"name": "Eve", "email": "eve@example.com"},
                "requestedExperts": [{"id": "api", "name": "Public API service account"}],
            }
        else:
            event = "message-created"
            body = {
                "id": f"m-{number}",
                "text": WORDS * 2,
                "createdAt": time_of_it,
                "author": {"id": "user", "name": "Eve"},
                "chat": {"id": chat},
            }
        text = json.dumps(body)
        yield event, hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(), text


class Load:
    """One kind of load for every receiver."""

    def __init__(self, folder):
        self.file = folder / "requests"
        self.requests = list(requests())
        self.file.write_text("".join(f"{' '.join(request)}\n" for request in self.requests))

    def wrk(self, server, connections, duration):
        """Posts as fast as it is answered; tells requests, rate, latencies in ms and CPU per event in µs."""
        before = server.cpu_seconds()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{duration}s", "--timeout", "10s", "--latency"]
        command += ["-s", SCRIPT, server.url, "--", self.file, f"r{next(ROUNDS)}-{time.time_ns()}"]
        output = run(command, stdout=subprocess.PIPE, text=True).stdout
        result = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
        if result["errors"]:
            raise RuntimeError(f"{server.name} at {connections} connections: {result['errors']} errors")
        count = result["requests"]
        return {
            "requests": count,
            "rate": count / result["microseconds"] * 1e6,
            "p50": result["p50"] / 1e3,
            "p99": result["p99"] / 1e3,
            "cpu": (server.cpu_seconds() - before) / count * 1e6,
        }

    def one_by_one(self, server, count):
        """Posts so many, each when the one before was answered; tells how long each took, in s."""
        connection, word = http.client.HTTPConnection("127.0.0.1", server.port), time.time_ns()
        taken = []
        for number in range(count):
            event, signature, body = self.requests[number % len(self.requests)]
            headers = {
                "Content-Type": "application/json",
                "X-Guuru-Event": event,
                "X-Guuru-Hmac-Sha256": signature,
                "Idempotency-Key": f"one-{word}-{number}",
            }
            start = time.perf_counter()
            connection.request("POST", server.path, body, headers)
            response = connection.getresponse()
            response.read()
            taken.append(time.perf_counter() - start)
            if response.status != 200:
                raise RuntimeError(f"{server.name} answered {response.status}")
        connection.close()
        return taken
