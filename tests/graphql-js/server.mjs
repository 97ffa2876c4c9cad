// A platform stand-in on the reference implementation of GraphQL, with plain resolvers: what it takes is what the schema
// allows. It prints its endpoint on stdout and ends when it is killed.

import { readFileSync } from 'node:fs';
import { GraphQLError, buildSchema, graphql } from 'graphql';
import { serve } from './serve.mjs';

const schema = buildSchema(readFileSync(new URL('../../src/sandbox/schema.graphql', import.meta.url), 'utf8'));

const personas = new Map();
const eve = { id: 'user', name: 'Eve' };
const chat = {
  id: 'c-1',
  status: 'assigned',
  question: 'Does it fit?',
  createdAt: 1700000000000,
  user: { name: 'Eve' },
  messages: [{ id: 'm-1', text: 'Does it fit?', createdAt: 1700000000000, author: eve }],
};

function refuse(message, code) {
  throw new GraphQLError(message, { extensions: { code } });
}

function find(chatId) {
  return chatId === chat.id ? chat : refuse(`there is no chat ${chatId}`, 'CHAT_NOT_FOUND');
}

function move(chatId, from, to) {
  const found = find(chatId);
  if (found.status !== from) refuse(`the chat is ${found.status}`, 'CHAT_NOT_' + from.toUpperCase());
  found.status = to;
  return found;
}

const connection = (nodes) => ({ first, after }) => {
  const begin = after ? nodes.findIndex(({ id }) => id === after) + 1 : 0;
  const edges = nodes.slice(begin, begin + (first ?? 10)).map((node) => ({ cursor: node.id, node }));
  return { edges, pageInfo: { hasNextPage: begin + edges.length < nodes.length, endCursor: edges.at(-1)?.cursor } };
};

const root = {
  partner: {
    id: 'partner-1',
    state: { chat: { isAvailable: true } },
    chats: connection([chat]),
    experts: connection([{ id: 'api' }, { id: 'e-1', name: 'Alma' }, { id: 'e-2' }]),
    submissions: connection([{ id: 's-1', status: 'pending' }]),
  },
  createPersona({ input }) {
    const persona = { ...input, id: `p-${input.providerId}` };
    personas.set(persona.id, persona);
    return persona;
  },
  acceptChat({ chatId, personaId }) {
    chat.persona = personas.get(personaId) ?? refuse(`there is no persona ${personaId}`, 'PERSONA_NOT_FOUND');
    return move(chatId, 'assigned', 'opened');
  },
  sendChatMessage({ chatId, message }) {
    if (find(chatId).status !== 'opened') refuse('the chat is not open', 'CHAT_NOT_OPEN');
    const { id, name } = chat.persona;
    const sent = { ...message, id: `m-${chat.messages.length + 1}`, createdAt: Date.now(), author: { id, name } };
    chat.messages.push(sent);
    return sent;
  },
  closeChat: ({ chatId }) => move(chatId, 'opened', 'closed'),
  openChat: ({ chatId }) => move(chatId, 'closed', 'opened'),
  approveSubmission: ({ id }) => ({ id, status: 'approved', reviewedAt: Date.now() }),
  rejectSubmission: ({ id }) => ({ id, status: 'rejected', reviewedAt: Date.now() }),
};

serve(({ query, variables, operationName }) =>
  graphql({ schema, source: query, rootValue: root, variableValues: variables, operationName }),
);
