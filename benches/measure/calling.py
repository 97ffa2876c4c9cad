"""Calling: guuru and curl send the same request to the same server."""

import json
import shlex
import subprocess
from pathlib import Path

from .process import TOKEN, environment, run, seconds

LATENCIES = (0, 50)
JOBS = (1, 8, 64)
CHAT = "c-1"


class Platform:
    """A platform of known latency."""

    def __init__(self, program, latency):
        self.child = subprocess.Popen([program, str(latency)], stdout=subprocess.PIPE, text=True)
        self.url = self.child.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


def lines(count, chats):
    """So many messages, dealt to so many chats."""
    return "".join(
        json.dumps({"ref": str(n), "op": "sendChatMessage", "chatId": f"c-{n % chats}", "personaId": "p-1", "text": "Hello!"})
        + "\n"
        for n in range(count)
    )


class Calls:
    """The commands that are compared, all of which send the same request."""

    def __init__(self, programs, folder, url):
        self.guuru, self.folder = programs["guuru"], folder
        self.env = {**environment(folder / "caller"), "GUURU_ENDPOINT": url}
        self.send = [self.guuru, "chat", "send", CHAT, "Hello!", "--persona", "p-1"]
        dry = run([*self.send, "--dry-run", "-o", "jsonl"], env=self.env, stdout=subprocess.PIPE).stdout
        self.body = folder / "request.json"
        self.body.write_bytes(dry.strip())
        headers = [
            f"Authorization: Bearer {TOKEN}",
            "Content-Type: application/json",
            "Accept: application/json, application/graphql-response+json;q=0.9",
        ]
        self.curl = ["curl", "-sS", "--fail", "-o", "/dev/null", "--data-binary", f"@{self.body}", url]
        for header in headers:
            self.curl += ["-H", header]

    def loop_of_curl(self, count):
        """One curl after the other, as a script does it."""
        return seconds(["bash", "-c", f"for ((n = 0; n < {count}; n++)); do {shlex.join(self.curl)}; done"], env=self.env)

    def xargs(self, count, jobs):
        """So many curls at a time."""
        script = f"seq {count} | xargs -P {jobs} -n 1 sh -c {shlex.quote(f'exec {shlex.join(self.curl)}')}"
        return seconds(["bash", "-c", script], env=self.env)

    def batch(self, count, jobs):
        """One guuru batch; it must have done all of them."""
        path = self.folder / f"batch-{count}-{jobs}"
        if not path.exists():
            path.write_text(lines(count, jobs))
        with path.open("rb") as stdin:
            return seconds([self.guuru, "batch", "--jobs", jobs, "-q"], env=self.env, stdin=stdin)


def start_up(programs, plan):
    """The least that a program can do."""
    env = environment(Path("/nonexistent"))
    commands = {"guuru --version": [programs["guuru"], "--version"], "curl --version": ["curl", "--version"]}
    return one_shots({name: lambda it=command: seconds(it, env=env) for name, command in commands.items()}, plan)


def one_shots(commands, plan):
    """Each in turn, many times."""
    taken = {name: [] for name in commands}
    for _ in range(plan.one_shots):
        for name, command in commands.items():
            taken[name].append(command())
    return taken


def measure(programs, folder, plan, say):
    """Start-up, one message, and many messages at each latency."""
    results = {"start-up": start_up(programs, plan), "many": {}, "ideal": {}}
    say("calling: start-up")
    for latency in LATENCIES:
        with Platform(programs["platform"], latency) as platform:
            calls = Calls(programs, folder, platform.url)
            if latency == 0:
                results["one"] = one_shots(
                    {
                        "guuru chat send": lambda: seconds(calls.send, env=calls.env),
                        "guuru chat send --stateless": lambda: seconds([*calls.send, "--stateless"], env=calls.env),
                        "curl": lambda: seconds(calls.curl, env=calls.env),
                    },
                    plan,
                )
                say("calling: one message")
            results["many"][latency] = many(calls, latency, plan, say)
    results["ideal"] = {jobs: plan.turns * LATENCIES[1] / 1000 for jobs in JOBS}
    return results


def many(calls, latency, plan, say):
    """Seconds for each message, round by round, by each way to send many."""
    if latency == 0:
        counts = {jobs: plan.messages for jobs in JOBS}
        loop, side_by_side = plan.curls, plan.curls
    else:
        counts = {jobs: jobs * plan.turns for jobs in JOBS}
        loop, side_by_side = plan.turns, 8 * plan.turns
    ways = {"a loop of curl": (lambda: calls.loop_of_curl(loop), loop)}
    ways["xargs -P 8 curl"] = (lambda: calls.xargs(side_by_side, 8), side_by_side)
    for jobs, count in counts.items():
        ways[f"guuru batch --jobs {jobs}"] = (lambda jobs=jobs, count=count: calls.batch(count, jobs), count)
    taken = {name: [] for name in ways}
    for turn in range(plan.rounds):
        for name, (way, count) in ways.items():
            taken[name].append(way() / count)
        say(f"calling: {latency} ms, round {turn + 1} of {plan.rounds}")
    return taken
