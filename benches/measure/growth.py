"""Growth: what becomes slower, or larger, with the inbox and with the batch."""

import subprocess

from .calling import Platform, lines
from .process import Server, environment, free_port, run, seconds, seconds_to_first_line, wait_until_idle

BEHIND = 100


def inbox(programs, folder, load, plan, say):
    """One receiver takes events until it has had as many as each size; at each size everything that reads is timed."""
    home, port = folder / "growing", free_port()
    env = environment(home)
    listen = [programs["guuru"], "listen", "--addr", f"127.0.0.1:{port}"]
    server = Server("guuru listen", listen, port, env=env).start(folder / "growing")
    steps, events = [], 0
    try:
        for size in plan.sizes:
            rates = []
            if size <= 1000:
                load.one_by_one(server, size - events)
                events = size
            while events < size:
                run_of_it = load.wrk(server, 64, plan.slice)
                rates.append(run_of_it["rate"])
                events += run_of_it["requests"]
            step = {"events": events, "rates": rates, "memory": server.memory("VmRSS"), "peak": server.memory()}
            wait_until_idle()
            step["receive"] = load.one_by_one(server, plan.posts)
            events += plan.posts
            steps.append(step | readers(programs["guuru"], env, events, plan))
            say(f"growth: {events} events in the inbox")
    finally:
        server.stop()
    return steps


def readers(guuru, env, events, plan):
    """How long until each of those who read the inbox has shown its first line, in s."""
    taken = {"resume": [], "list": [], "tail": []}
    tail = [guuru, "events", "tail", "-q", "--count", 1]
    middle = max(1, events // 2)
    for _ in range(plan.looks):
        # The consumer stands in the middle of the inbox.
        run([*tail, "--consumer", "resumed", "--from", middle], env=env, stdout=subprocess.DEVNULL)
        resumed = [guuru, "listen", "--addr", "127.0.0.1:0", "--consumer", "resumed"]
        taken["resume"].append(seconds_to_first_line(resumed, env))
        taken["list"].append(seconds([guuru, "events", "list", "--limit", BEHIND, "-o", "jsonl"], env=env))
        taken["tail"].append(seconds([*tail, "--consumer", "tail", "--from", events - BEHIND], env=env))
    return taken


def batches(programs, folder, plan, say):
    """Time and peak memory of batches of more and more lines; the platform answers at once."""
    steps = []
    with Platform(programs["platform"], 0) as platform:
        env = {**environment(folder / "batches"), "GUURU_ENDPOINT": platform.url}
        for size in plan.batches:
            path = folder / f"lines-{size}"
            path.write_text(lines(size, 100))
            taken, peaks = [], []
            for _ in range(plan.looks if size <= 1000 else min(plan.looks, 5) if size <= 10_000 else 1):
                report = folder / "time"
                # A child of Python inherits its peak; that of GNU time is its own.
                command = ["time", "-q", "-f", "%M", "-o", report, programs["guuru"], "batch", "-q"]
                with path.open("rb") as stdin:
                    taken.append(seconds(command, env=env, stdin=stdin))
                peaks.append(int(report.read_text()) / 1024)
            steps.append({"lines": size, "seconds": taken, "peak": peaks})
            say(f"growth: a batch of {size} lines")
    return steps


def measure(programs, folder, load, plan, say):
    """Both of them."""
    return {"inbox": inbox(programs, folder, load, plan, say), "batches": batches(programs, folder, plan, say)}
