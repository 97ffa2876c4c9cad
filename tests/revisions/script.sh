#!/bin/sh
# One conversation in the chat $1, the same words whatever the endpoint's schema is. It needs `guuru` on the PATH,
# GUURU_ENDPOINT and GUURU_TOKEN, and writes one line of JSON for each command. The tests run it against every revision
# beside it: cargo test --test integration one_script
set -eu
export GUURU_OUTPUT=jsonl
guuru persona create --provider-id agent-42 --name Ada
guuru chat accept "$1" --provider-id agent-42
guuru chat send "$1" Hello
guuru chat send "$1" --attachment https://example.com/a.pdf
guuru chat close "$1"
guuru chat open "$1"
