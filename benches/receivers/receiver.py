"""A receiver of Python's standard library: check the signature in constant time, write one line of JSON, store nothing.

The argument is the port; the secret is in GUURU_WEBHOOK_SECRET.
"""

import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["GUURU_WEBHOOK_SECRET"].encode()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        genuine = hmac.compare_digest(expected, self.headers.get("x-guuru-hmac-sha256", ""))
        if genuine:
            line = {
                "id": self.headers["idempotency-key"],
                "event": self.headers["x-guuru-event"],
                "payload": json.loads(body),
            }
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        self.send_response(200 if genuine else 400)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 4096


Server(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
