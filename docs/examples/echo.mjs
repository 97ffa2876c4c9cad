#!/usr/bin/env node
// Echoes what end users say, and closes the chat at "bye":
//
//   guuru bridge --ack manual --journal -- ./echo.mjs
//
// Chats side by side; within a chat one command at a time, so that one that has to be repeated holds back those after it.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const GIVE_UP_AFTER = 10 * 60 * 1000
const write = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// Writes a command, and waits for its result.
const waiting = new Map()
const ask = (command) => new Promise((resolve) => {
  waiting.set(command.ref, resolve)
  write(command)
})

// Repeats a command until it is done, or will never be. It keeps its ref, so that the journal carries it out once: after a lost
// answer, the repetition looks at the chat.
async function carryOut(event, what, command) {
  const ref = `${event.seq}-${what}`
  for (let pause = 1; ; pause = Math.min(2 * pause, 30)) {
    const { ok, error } = await ask({ ref, chatId: event.chatId, providerId: 'agent-42', name: 'Ada', ...command })
    if (ok) return
    console.error(`${ref}: ${error.message}`)
    if (!(error.retryable || error.kind === 'unknown') || Date.now() - Date.parse(event.receivedAt) > GIVE_UP_AFTER) return
    await sleep(1000 * pause)
  }
}

async function answer(event) {
  if (event.event !== 'chat-assigned' && event.event !== 'message-created') return
  const { text, attachment, question } = event.payload
  const said = text ?? attachment ?? question ?? ''
  if (event.event === 'chat-assigned') await carryOut(event, 'accept', { op: 'acceptChat' })
  await carryOut(event, 'answer', { op: 'sendChatMessage', text: `You said: ${said}` })
  if (said.includes('bye')) await carryOut(event, 'close', { op: 'closeChat' })
}

// An acknowledgement covers every event before it too: it is written up to the first one that is still open.
const open = new Set()
let newest = 0
let acknowledged = 0
function done(seq) {
  open.delete(seq)
  const upTo = open.size > 0 ? Math.min(...open) - 1 : newest
  if (upTo > acknowledged) write({ op: 'ack', seq: acknowledged = upTo })
}

const chats = new Map()
function take(event) {
  open.add(newest = event.seq)
  const turn = (chats.get(event.chatId) ?? Promise.resolve()).then(() => answer(event)).catch((error) => {
    // An event that it cannot cope with must not come again for ever.
    console.error(`event ${event.seq}: ${error.stack}`)
  }).then(() => {
    done(event.seq)
    if (chats.get(event.chatId) === turn) chats.delete(event.chatId)
  })
  chats.set(event.chatId, turn)
}

createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on('line', (text) => {
    const line = JSON.parse(text)
    if (line.type === 'event') return take(line)
    waiting.get(line.ref)?.(line)
    waiting.delete(line.ref)
  })
  .on('close', () => process.exit(0))
