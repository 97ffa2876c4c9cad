"""A platform stand-in for any revision of the schema, on Ariadne: python revision.py SCHEMA [--closed] [--messages N].

It does what tests/graphql-js/revision.mjs does, and takes what that takes. It prints its endpoint on stdout and ends when it is
killed.
"""

import argparse
import json
import os
import re
import socket
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from time import time
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from ariadne import make_executable_schema
from ariadne.wsgi import GraphQL
from graphql import (
    GraphQLError,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_scalar_type,
    parse,
)

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--closed", action="store_true")
parser.add_argument("--messages", type=int, default=5)
options = parser.parse_args()
with open(options.file, encoding="utf-8") as file:
    schema = make_executable_schema(file.read())

PAGE = 2
NO = "the chat is locked"
FAILURE = re.compile("error|problem|refus|denied|invalid|fail|locked", re.IGNORECASE)
ERRORS = re.compile(r"(errors?|\w+errors|problems)$", re.IGNORECASE)

eve = {"kind": "user", "id": 7, "name": "Eve"}
chat = {
    "kind": "chat",
    "id": 1,
    "status": "assigned",
    "question": "Does it fit?",
    "createdAt": 1700000000000,
    "user": eve,
    "messages": [],
}
while len(chat["messages"]) < options.messages:
    number = len(chat["messages"])
    text = ["one", "two", "three", "four", "five"][number] if number < 5 else str(number)
    chat["messages"].append({"kind": "text", "id": 100 + number, "text": text, "createdAt": 1700000000000, "author": eve})
personas = {}
experts = [{"kind": "expert", "id": number + 1, "name": name} for number, name in enumerate(["Alma", "Boris"])]
calls = []
told = {"lose": 0, "how": "cut", "refuse": 0}


def refuse(text, code):
    raise GraphQLError(text, extensions={"code": code})


def control(path, query):
    """What a test asks or tells."""
    given = {name: values[0] for name, values in parse_qs(query).items()}
    command = path.removeprefix("/-/")
    if command in told:
        told[command] = int(given["next"])
    if command == "lose":
        told["how"] = given["how"]
    sent = [message for message in chat["messages"] if message["author"] is not eve]
    return {"calls": calls, "sent": [message["text"] or message["attachment"] for message in sent]}


def loss(document):
    """How the answer to this document is lost; nothing where it is not."""
    mutation = any(getattr(it, "operation", None) == OperationType.MUTATION for it in parse(document).definitions)
    if not mutation or told["lose"] == 0:
        return None
    told["lose"] -= 1
    return told["how"]


def leaves(value, path=()):
    """The arguments without what they are wrapped in: [path, value]."""
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item, path)]
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    return [] if value is None else [[".".join(path), value]]


# The chats, the newest first unless the oldest are wanted: three, of which one is talked about.
def chats(args):
    after = args.get("createdAfter")
    after = datetime.fromisoformat(after).timestamp() * 1000 if after else 0
    others = [{**chat, "id": number, "messages": [], "createdAt": chat["createdAt"] + number * 1000} for number in (3, 2)]
    found = [it for it in [*others, chat] if it["createdAt"] >= after]
    return found[::-1] if args.get("sort") == "ASC" else found


def create_persona(given):
    def by(pattern):
        return next((value for path, value in given if re.search(pattern, path.split(".")[-1], re.IGNORECASE)), None)

    persona = {"kind": "persona", "id": 42, "providerId": by("provider|external|reference"), "name": by("name")}
    persona |= {"email": by("mail"), "photo": by("photo|avatar|picture")}
    if not persona["providerId"] or not persona["name"]:
        refuse("a persona needs an id and a name", "BAD")
    personas[str(persona["id"])] = persona
    return persona


def find(given):
    if not any(str(value) == "1" for _, value in given):
        refuse("there is no such chat", "CHAT_NOT_FOUND")


def move(given, before, after, accepted=False):
    find(given)
    if chat["status"] != before:
        refuse(f"the chat is {chat['status']}", "CHAT_NOT_" + before.upper())
    persona = next((personas[str(value)] for _, value in given if str(value) in personas), None)
    if accepted:
        chat["persona"] = persona or refuse("there is no such persona", "PERSONA_NOT_FOUND")
    chat["status"] = after
    return chat


def send(given):
    find(given)
    if chat["status"] != "opened":
        refuse("the chat is not open", "CHAT_NOT_OPEN")
    content = [it for it in given if isinstance(it[1], str) and it[1] != "1" and it[1] not in personas]
    content = [it for it in content if not it[0].lower().endswith("format")]
    links = [value for path, value in content if re.search("attachment|file|url|link", path, re.IGNORECASE)]
    texts = [value for path, value in content if not re.search("attachment|file|url|link", path, re.IGNORECASE)]
    text, link = next(iter(texts), None), next(iter(links), None)
    if not text and not link:
        refuse("the message is empty", "BAD")
    message = {"kind": "file" if link else "text", "id": 100 + len(chat["messages"]), "text": text, "attachment": link}
    chat["messages"].append({**message, "author": chat["persona"], "createdAt": int(time() * 1000)})
    return chat["messages"][-1]


mutations = {
    "createPersona": create_persona,
    "acceptChat": lambda given: move(given, "assigned", "opened", True),
    "closeChat": lambda given: move(given, "opened", "closed"),
    "openChat": lambda given: move(given, "closed", "opened"),
    "sendChatMessage": send,
    "approveSubmission": lambda given: {"kind": "submission", "id": given[0][1], "status": "approved"},
    "rejectSubmission": lambda given: {"kind": "submission", "id": given[0][1], "status": "rejected"},
}

MEANINGS = {
    "id": r"(id|\w+id)$",
    "text": "(text|body|content|message)$",
    "attachment": "(attachments?|attachmenturl|url|file|fileurl|link)$",
    "createdAt": "(createdat|created|sentat|at)$",
    "author": "(author|sender|from)$",
    "status": "(status|state)$",
    "messages": "(messages|history|transcript)$",
    "name": r"\w*name$",
    "email": ".*mail",
    "photo": ".*(photo|avatar|picture)",
    "user": ".*user$",
    "question": "(question|subject)$",
}

# Where a page stands, in an object of its own or in the page.
PLACES = {"hasNextPage": "more", "endCursor": "end", "hasPreviousPage": "earlier", "startCursor": "start"}


def page(items, args):
    last = args.get("last")
    size = min(args.get("first") or args.get("limit") or last or PAGE, PAGE)
    if last:
        end = int(args.get("before") or len(items))
        begin = max(0, end - size)
        return {"kind": "page", "items": items[begin:end], "start": str(begin), "earlier": begin > 0}
    begin = int(args.get("after") or args.get("cursor") or 0)
    end = begin + size
    return {"kind": "page", "items": items[begin:end], "end": str(end), "more": end < len(items)}


def carry_out(name, args, kind):
    given = leaves(args)
    calls.append({"mutation": name, "given": given})
    if told["refuse"] == 0:
        return leaf(mutations[name](given), kind)
    told["refuse"] -= 1
    calls[-1]["refused"] = True
    return refusal(kind)


def of_page(source, name):
    if name == "edges":
        return [{"kind": "edge", "node": node} for node in source["items"]]
    if name in ("nodes", "items"):
        return source["items"]
    if name == "pageInfo":
        return {**source, "kind": "info"}
    return 5 if name == "totalCount" else source.get(PLACES.get(name))


def field(source, args, parent, name, returned):
    kind = get_named_type(returned)
    listed = is_list_type(get_nullable_type(returned))
    if parent is schema.mutation_type:
        return carry_out(name, args, kind)
    source_kind = source["kind"] if source else None
    if source_kind == "refusal":
        return reason(name, returned)
    if parent is schema.query_type or source_kind == "viewer":
        if name in ("chats", "conversations"):
            return page(chats(args), args)
        if name in ("experts", "members"):
            return experts
        if name == "id":
            return "partner-1"
        return {"kind": "viewer"} if name in ("viewer", "partner", "account") else chat
    if source_kind == "page":
        return of_page(source, name)
    if source_kind == "info":
        return source.get(PLACES.get(name))
    if name == "node":
        return source["node"] if source_kind == "edge" else source
    if name in ("ok", "success"):
        return True
    if re.search("errors$", name, re.IGNORECASE):
        return []
    if name == "chat" and source_kind != "chat":
        return chat
    if name in ("chat", "message", "chatMessage", "persona", "submission") and not is_leaf_type(kind):
        return source
    return of_thing(source, args, name, kind, listed)


def of_thing(source, args, name, kind, listed):
    plain = name.lower().replace("_", "")
    meaning = next((it for it, pattern in MEANINGS.items() if re.match(pattern, plain)), None)
    if re.match("provider|external|reference", plain):
        meaning = "providerId"
    value = source.get(meaning)
    if meaning == "messages" and not listed:
        return page(value, args)
    if meaning == "text" and isinstance(value, str) and not is_leaf_type(kind):
        return {"kind": "rich", "plain": value, "html": value}
    if meaning == "attachment" and isinstance(value, str) and not is_leaf_type(kind):
        attachment = {"kind": "attachment", "attachment": value}
        return [attachment] if listed else attachment
    if value is None and listed and not is_leaf_type(kind):
        return []
    return leaf(source.get(name) if value is None else value, kind)


def leaf(value, kind):
    """A value as this type of leaf has it."""
    if kind.name == "DateTime" and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat()
    if kind.name == "LocalDateTime" and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).replace(tzinfo=None).isoformat()
    if kind.name == "Int" and isinstance(value, int) and value > 2**31:
        # Only seconds fit.
        return value // 1000
    if is_enum_type(kind):
        state = value["status"] if isinstance(value, dict) else value
        return next((name for name in kind.values if name.lower() == state), None)
    if kind.name == "Boolean":
        return True
    if is_scalar_type(kind) and isinstance(value, dict) and "id" in value:
        return value["id"]
    return "" if value is None and kind.name == "String" else value


def refusal(kind):
    """A refusal in the form that the type of a mutation's result has for it; an error where it has none."""
    if kind.name == "Boolean":
        return False
    if is_enum_type(kind):
        no = next((name for name in kind.values if re.search("FAIL|DENIED|REFUSED|ERROR", name)), None)
        return no or refuse(NO, "CHAT_LOCKED")
    room = re.compile(r"(ok|success|successful|errors?|\w+errors|problems|reason)$", re.IGNORECASE)
    if is_abstract_type(kind):
        shown = kind_of({"kind": "refusal"}, kind)
    else:
        fields = kind.fields if is_object_type(kind) else {}
        # What must be there leaves no room.
        full = any(is_non_null_type(it.type) and is_object_type(it.type.of_type) for it in fields.values())
        shown = not full and any(room.match(name) for name in fields)
    return {"kind": "refusal"} if shown else refuse(NO, "CHAT_LOCKED")


def reason(name, returned):
    """A field of a refusal, or of one of the errors in it."""
    kind = get_named_type(returned)
    listed = (lambda value: [value]) if is_list_type(get_nullable_type(returned)) else lambda value: value
    first = next(iter(kind.values)) if is_enum_type(kind) else None
    if ERRORS.match(name):
        return listed(first or (NO if is_scalar_type(kind) else {"kind": "refusal"}))
    if kind.name == "Boolean":
        return False
    if first:
        return first
    if re.match("(message|messages|reason|description)$", name):
        return listed(NO) if is_scalar_type(kind) else None
    named = {"code": "CHAT_LOCKED", "field": listed("chatId"), "path": listed("chatId"), "chatId": "1", "id": "1"}
    return named.get(name) or ("" if str(returned) == "String!" else None)


def kind_of(source, kind):
    names = [it.name for it in schema.get_possible_types(kind)]
    if source["kind"] == "refusal":
        return next((name for name in names if FAILURE.search(name)), None)
    pattern = {"text": "text", "file": "file|attachment"}.get(source["kind"], source["kind"])
    things = [name for name in names if not FAILURE.search(name)]
    return next((name for name in things if re.search(pattern, name, re.IGNORECASE)), things[0])


def resolver(parent, name, returned):
    return lambda source, info, **args: field(source, args, parent, name, returned)


# Every field and every abstract type of the schema is told by the functions above.
for named in [it for it in schema.type_map.values() if not it.name.startswith("__")]:
    if is_abstract_type(named):
        named.resolve_type = lambda source, info, kind: kind_of(source, kind)
    if is_object_type(named):
        for name, definition in named.fields.items():
            definition.resolve = resolver(named, name, definition.type)

graphql = GraphQL(schema, introspection=not options.closed)


def application(environ, start_response):
    def answer(status, body, kind="application/json"):
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    path = environ["PATH_INFO"]
    if path.startswith("/-/"):
        return answer("200 OK", json.dumps(control(path, environ["QUERY_STRING"])).encode())
    if environ.get("HTTP_AUTHORIZATION") != f"Bearer {os.environ['GUURU_TOKEN']}":
        refused = {"errors": [{"message": "who are you?", "extensions": {"code": "UNAUTHENTICATED"}}]}
        return answer("401 Unauthorized", json.dumps(refused).encode())
    head = {}

    def begin(status, headers):
        head["status"] = status
        head["headers"] = headers

    recorded = Recorder(environ["wsgi.input"])
    body = b"".join(graphql({**environ, "wsgi.input": recorded}, begin))
    how = loss(json.loads(recorded.seen)["query"]) if head["status"].startswith("200") else None
    if how == "cut":
        environ["connection"].shutdown(socket.SHUT_RDWR)
    elif how == "empty":
        return answer("200 OK", b"")
    elif how:
        return answer(f"{how} Lost", b"<h1>lost</h1>", "text/html")
    start_response(head["status"], head["headers"])
    return [body]


class Recorder:
    """A request body that can be looked at once it was read."""

    def __init__(self, stream):
        self.stream = stream
        self.seen = b""

    def read(self, size):
        self.seen += self.stream.read(size)
        return self.seen


class Handler(WSGIRequestHandler):
    def get_environ(self):
        return {**super().get_environ(), "connection": self.connection}

    def log_message(self, *args):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


server = make_server("127.0.0.1", 0, application, Server, Handler)
print(f"http://127.0.0.1:{server.server_port}/graphql", flush=True)
server.serve_forever()
