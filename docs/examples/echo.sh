#!/usr/bin/env bash
# Echoes what end users say and closes at "bye": guuru bridge --journal -- ./echo.sh
exec jq --unbuffered -c '
  (select(.type == "result" and (.ok | not)) | debug | empty),
  ( select(.type == "event") | {chatId} as $chat
  | (.payload | .text? // .attachment? // .question? // "") as $said
  | if .event == "chat-assigned" then
      {ref: "\(.seq)-accept", op: "acceptChat", providerId: "agent-42", name: "Ada"} + $chat,
      {ref: "\(.seq)-answer", op: "sendChatMessage", text: "You said: \($said)"} + $chat
    elif .event == "message-created" then
      {ref: "\(.seq)-answer", op: "sendChatMessage", text: "You said: \($said)"} + $chat,
      (select($said | contains("bye")) | {ref: "\(.seq)-close", op: "closeChat"} + $chat)
    else empty end )'
