#!/usr/bin/env bash
# Echoes what end users say, closes the chat at "bye", and tries again what failed:
#
#   guuru bridge --event chat-assigned --event message-created --ack manual --journal -- ./careful.sh
#
# One command at a time: it is written, its result is awaited, and an event is acknowledged when all its commands are done.
set -uo pipefail
commands_of='
  {chatId, providerId: "agent-42", name: "Ada"} as $chat
  | (.payload | .text? // .attachment? // .question? // "" | tostring) as $said
  | (select(.event == "chat-assigned") | {ref: "\(.seq)-accept", op: "acceptChat"} + $chat),
    ({ref: "\(.seq)-answer", op: "sendChatMessage", text: "You said: \($said)"} + $chat),
    (select($said | contains("bye")) | {ref: "\(.seq)-close", op: "closeChat"} + $chat)'
again='(.error.retryable or .error.kind == "unknown") and now - ($event.receivedAt[:19] + "Z" | fromdate) < 600'
queue=() commands=()

while IFS= read -r line; do
  if [[ $line == '{"type":"event"'* ]]; then
    queue+=("$line")
    ((${#queue[@]} == 1)) || continue
  else
    jq -r 'select(.ok | not) | "\(.ref): \(.error.message)"' <<<"$line" >&2
    # The bridge starts it again after a while, and hands out again what was not acknowledged.
    jq -e --argjson event "${queue[0]}" "$again" <<<"$line" >/dev/null && exit 1
    commands=("${commands[@]:1}")
    ((${#commands[@]})) || { jq -c '{op: "ack", seq}' <<<"${queue[0]}" && queue=("${queue[@]:1}"); }
  fi
  ((${#queue[@]})) || continue
  ((${#commands[@]})) || mapfile -t commands < <(jq -c "$commands_of" <<<"${queue[0]}")
  printf '%s\n' "${commands[0]}"
done
