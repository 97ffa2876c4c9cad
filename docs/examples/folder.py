#!/usr/bin/env python3
"""Keeps each chat in a file of its own, chats/CHAT.txt:

    guuru bridge --ack manual --journal -- ./folder.py chats

    [1] (offered)
    [1] Eve: Does it fit?
    @ada: It does.
    @bob: And it comes in blue.
    [5] Eve: Thanks, bye
    @ada: /close
    @ada: See you.
    [line 7: sendChatMessage refused] cannot send to chat `c-1`: it is closed

Append a line that begins with @NAME: to answer. NAME is the agent. The first one to answer a chat that was offered accepts it,
and is the persona that the end user sees; what others write goes out under that persona too, as "Bob: And it comes in blue."
What a line did not bring about stands in the file. The files are all that this program knows: after a restart it reads them
again and repeats every command, under a ref made of the file's name and the line's number. The journal answers those.
"""
import json
import os
import re
import selectors
import sys
from pathlib import Path
from time import monotonic
from urllib.parse import quote, unquote

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "chats")
folder.mkdir(exist_ok=True)
files = {}  # path → how far it was read, and the commands that follow from that


class File:
    def __init__(self, path):
        self.path, self.size, self.number = path, 0, 0
        self.offer, self.persona = None, None  # an offer that nobody has answered; the agent who accepted the last one
        self.commands, self.waiting, self.due = [], None, 0

    def read(self):
        """Makes commands of the whole lines that are new."""
        with self.path.open("rb") as file:
            file.seek(self.size)
            new = file.read()
        new = new[: new.rfind(b"\n") + 1]
        self.size += len(new)
        for line in new.decode(errors="replace").split("\n")[:-1]:
            self.number += 1
            if offer := re.match(r"\[(\d+)\] \(offered\)", line):
                self.offer = offer[1]
            elif answer := re.match(r"@([\w.-]+): *(.+)", line):
                self.answer(answer[1], answer[2])

    def answer(self, agent, text):
        if self.offer:
            accept = {"op": "acceptChat", "providerId": agent, "name": agent.capitalize()}
            self.put(f"{self.offer}-accept", accept)
            self.offer, self.persona = None, agent
        # Nobody is named: the platform lets the persona speak that accepted the chat, and no other.
        signed = text if agent == self.persona else f"{agent.capitalize()}: {text}"
        self.put(self.number, {"op": "closeChat"} if text == "/close" else {"op": "sendChatMessage", "text": signed})

    def put(self, what, command):
        ref = f"{self.path.stem}-{what}"
        self.commands.append((self.number, {"ref": ref, "chatId": unquote(self.path.stem), **command}))

    def send(self):
        """Writes the next command, if the last one has its result."""
        if self.commands and not self.waiting and self.due <= monotonic():
            _, command = self.commands[0]
            self.waiting = command["ref"]
            write(command)

    def hear(self, result):
        error, self.waiting = result.get("error"), None
        number, _ = self.commands[0]
        if error:
            append(self.path, f"line {number}: {result['op']} {error['kind']}", [error["message"]])
            self.due = monotonic() + 2
        # What is unknown keeps its ref: the repetition looks at the chat.
        if not error or not (error["retryable"] or error["kind"] == "unknown"):
            self.commands.pop(0)


def write(line):
    print(json.dumps(line), flush=True)


def keep(event):
    """Appends an event to its chat's file, unless it is there, and acknowledges it."""
    payload, name = event["payload"], event["event"]
    if event["chatId"]:
        said = payload.get("text") or payload.get("attachment") or payload.get("question") or ""
        author = (payload.get("author") or payload.get("user") or {}).get("name", "Guest")
        lines = []
        if name in ("chat-assigned", "message-created"):
            lines = [f"{author}: {said}"]
        if name != "message-created":
            lines.insert(0, "(offered)" if name == "chat-assigned" else f"({name.removeprefix('chat-')})")
        append(folder / f"{quote(event['chatId'], safe='')}.txt", event["seq"], lines)
    write({"op": "ack", "seq": event["seq"]})


def append(path, what, lines):
    """Appends lines that begin with what they are about, unless there are any."""
    with path.open("a+b") as file:
        file.seek(0)
        text = file.read()
        if re.search(rb"^\[%s\] " % str(what).encode(), text, re.MULTILINE):
            return
        gap = "" if text.endswith(b"\n") or not text else "\n"
        # The words of others never begin a line: they cannot pass for an agent's.
        lines = [line.replace("\n", "\n    ").replace("\r", " ") for line in lines]
        file.write((gap + "".join(f"[{what}] {line}\n" for line in lines)).encode())
        file.flush()
        os.fsync(file.fileno())


def look():
    for path in folder.glob("*.txt"):
        file = files.setdefault(path.stem, File(path))
        if path.stat().st_size != file.size:
            file.read()
        file.send()


def main():
    stdin = selectors.DefaultSelector()
    stdin.register(sys.stdin, selectors.EVENT_READ)
    rest = b""
    while True:
        look()
        if not stdin.select(timeout=0.2):
            continue
        data = os.read(sys.stdin.fileno(), 65536)
        if not data:
            return
        *whole, rest = (rest + data).split(b"\n")
        for line in map(json.loads, whole):
            if line["type"] == "event":
                keep(line)
            elif line.get("ref"):
                chat = next((file for file in files.values() if file.waiting == line["ref"]), None)
                if chat:
                    chat.hear(line)


main()
