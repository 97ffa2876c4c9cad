#!/usr/bin/env python3
"""Hands chats to the person at this terminal, one at a time:

    guuru bridge --ack manual --journal --exit-with-child -- ./queue.py

Type an answer, /next to put the chat back and take the next one, /close to close it, Ctrl-D to leave.

People take their time, so nothing waits for them: an event is acknowledged once it is in queue.db. What a person typed
stays there too, until it has its result, and is written again by the next start under the same ref.
"""
import json
import os
import selectors
import signal
import sqlite3
import sys
import time
import uuid

AGENT = {"providerId": os.environ.get("AGENT", "agent-42"), "name": os.environ.get("AGENT_NAME", "Ada")}
db = sqlite3.connect("queue.db", isolation_level=None)
db.executescript("""
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS chats (id TEXT PRIMARY KEY, place INTEGER);
    CREATE TABLE IF NOT EXISTS messages (chat TEXT, author TEXT, text TEXT);
    CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, chat TEXT, ref TEXT UNIQUE, command TEXT);
""")
written, due = {}, {}  # ref → chat, of what has no result yet; chat → when its next command may be written
current, shown = None, 0  # the chat that the person has, and the last of its messages that was shown


def one(sql, *values):
    return db.execute(sql, values).fetchone()


def write(line):
    print(json.dumps(line), flush=True)


def put(chat, ref, **command):
    db.execute("INSERT INTO outbox (chat, ref, command) VALUES (?, ?, ?)", (chat, ref, json.dumps(command)))


def queue(chat):
    db.execute("INSERT OR REPLACE INTO chats SELECT ?, coalesce(max(place), 0) + 1 FROM chats", (chat,))


def take(event):
    """Keeps an event, unless it came before."""
    db.execute("BEGIN IMMEDIATE")
    if db.execute("INSERT OR IGNORE INTO events VALUES (?)", (event["seq"],)).rowcount:
        chat = event["chatId"]
        payload = event["payload"] if chat else {}
        said = payload.get("text") or payload.get("attachment") or payload.get("question")
        author = (payload.get("author") or payload.get("user") or {}).get("name", "Guest")
        if event["event"] == "chat-assigned":
            # Nothing else names the agent: the platform lets the persona speak that accepted the chat, and no other.
            put(chat, f"{event['seq']}-accept", op="acceptChat", **AGENT)
        if event["event"] in ("chat-assigned", "chat-reopened"):
            queue(chat)
        if event["event"] in ("chat-assigned", "message-created"):
            db.execute("INSERT INTO messages VALUES (?, ?, ?)", (chat, author, said))
        if event["event"] in ("chat-closed", "chat-transferred"):
            db.execute("DELETE FROM chats WHERE id = ?", (chat,))
            db.execute("DELETE FROM messages WHERE chat = ?", (chat,))
    db.execute("COMMIT")
    write({"op": "ack", "seq": event["seq"]})


def send():
    """Writes the first command of each chat: the next one waits for its result."""
    first = "SELECT ref, chat, command FROM outbox WHERE n IN (SELECT min(n) FROM outbox GROUP BY chat)"
    for ref, chat, command in db.execute(first).fetchall():
        if ref not in written and due.get(chat, 0) <= time.time():
            written[ref] = chat
            write({"ref": ref, "chatId": chat, **json.loads(command)})


def hear(result):
    """Takes what came of a command."""
    chat, error = written.pop(result.get("ref"), None), result.get("error")
    if error:
        say(f"-- {result['op']} {error['kind']} in {chat}: {error['message']}")
    # What is unknown keeps its ref: the repetition looks at the chat.
    if not error or not (error["retryable"] or error["kind"] == "unknown"):
        db.execute("DELETE FROM outbox WHERE ref = ?", (result["ref"],))
    if error:
        due[chat] = time.time() + 2


def show():
    """Shows what is new in the chat that the person has, or takes the first one of the queue."""
    global current, shown
    if current and not one("SELECT 1 FROM chats WHERE id = ?", current):
        say(f"-- {current} is closed")
        current = None
    if not current:
        current, shown = (one("SELECT id FROM chats ORDER BY place") or [None])[0], 0
        if current:
            say(f"-- {current}, and {one('SELECT count(*) FROM chats')[0] - 1} more")
    new = "SELECT rowid, author, text FROM messages WHERE chat = ? AND rowid > ? ORDER BY rowid"
    for shown, author, text in db.execute(new, (current, shown)).fetchall():
        say(f"{author}: {text}")


def typed(line):
    """Does what the person wants."""
    global current
    if not current:
        say("-- nobody waits")
    elif line == "/next":
        queue(current)
        current = None
    elif line == "/close":
        put(current, str(uuid.uuid4()), op="closeChat")
        db.execute("DELETE FROM chats WHERE id = ?", (current,))
        current = None
    elif line:
        put(current, str(uuid.uuid4()), op="sendChatMessage", text=line)


# The bridge keeps its program out of the terminal's foreground, where reading would stop it.
terminal = os.open("/dev/tty", os.O_RDWR)
before = os.tcgetpgrp(terminal)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.tcsetpgrp(terminal, os.getpgrp())


def say(text):
    # What an end user writes must not steer the terminal.
    os.write(terminal, ("".join(c if c.isprintable() else " " for c in text) + "\n").encode())


def lines(descriptor):
    """Yields the whole lines that are there; None at the end."""
    rest = b""
    while True:
        data = os.read(descriptor, 65536)
        if not data:
            yield [None]
        *whole, rest = (rest + data).split(b"\n")
        yield [line.decode(errors="replace") for line in whole]


def main():
    inputs = selectors.DefaultSelector()
    for descriptor in (sys.stdin.fileno(), terminal):
        inputs.register(descriptor, selectors.EVENT_READ, lines(descriptor))
    while True:
        send()
        show()
        for key, _ in inputs.select(timeout=1):
            for line in next(key.data):
                if line is None:
                    return
                if key.fd == terminal:
                    typed(line.strip())
                else:
                    line = json.loads(line)
                    take(line) if line["type"] == "event" else hear(line)


try:
    main()
except KeyboardInterrupt:
    pass
finally:
    os.tcsetpgrp(terminal, before)
