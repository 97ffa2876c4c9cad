// A platform stand-in for any revision of the schema, on the reference implementation of GraphQL: node revision.mjs SCHEMA
// [--closed] [--messages N]. What an argument means is told by its value and its place, what a field means by its name; the
// program's own tables have no part in it. With --closed it answers no introspection; the end user has said N things, or five. What it was asked to do it writes to stderr, a line of
// JSON for each mutation. It ends when it is killed.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as gql from 'graphql';
import { serve } from './serve.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { closed: { type: 'boolean' }, messages: { type: 'string', default: '5' } },
});
const [file] = positionals;
const { closed } = values;
const schema = gql.buildSchema(readFileSync(file, 'utf8'));
const PAGE = 2;

const eve = { kind: 'user', id: 7, name: 'Eve' };
const chat = { kind: 'chat', id: 1, status: 'assigned', question: 'Does it fit?', createdAt: 1700000000000, user: eve };
const message = (text) => ({ kind: 'text', id: 100 + chat.messages.length, text, createdAt: 1700000000000, author: eve });
chat.messages = [];
for (const text of ['one', 'two', 'three', 'four', 'five']) chat.messages.push(message(text));
while (chat.messages.length < Number(values.messages)) chat.messages.push(message(String(chat.messages.length)));
const personas = new Map();
const experts = ['Alma', 'Boris', 'Cleo'].map((name, number) => ({ kind: 'expert', id: number + 1, name }));

// The chats, the newest first unless the oldest are wanted: three, of which one is talked about.
function chats({ sort, createdAfter }) {
  const others = [2, 3].map((id) => ({ ...chat, id, messages: [], createdAt: chat.createdAt + id * 1000 }));
  const all = [...others.reverse(), chat].filter(({ createdAt }) => createdAt >= Date.parse(createdAfter ?? 0));
  return sort === 'ASC' ? all.reverse() : all;
}

function refuse(text, code) {
  throw new gql.GraphQLError(text, { extensions: { code } });
}

// The arguments without what they are wrapped in: [path, value].
function leaves(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  if (typeof value !== 'object' || value === null) return value == null ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

const mutations = {
  createPersona(given) {
    const by = (pattern) => given.find(([path]) => pattern.test(path.split('.').at(-1)))?.[1];
    const persona = { kind: 'persona', id: 42, providerId: by(/provider|external|reference/i), name: by(/name/i) };
    Object.assign(persona, { email: by(/mail/i), photo: by(/photo|avatar|picture/i) });
    if (!persona.providerId || !persona.name) refuse('a persona needs an id and a name', 'BAD');
    personas.set(String(persona.id), persona);
    return persona;
  },
  acceptChat: (given) => move(given, 'assigned', 'opened', true),
  closeChat: (given) => move(given, 'opened', 'closed'),
  openChat: (given) => move(given, 'closed', 'opened'),
  sendChatMessage(given) {
    find(given);
    if (chat.status !== 'opened') refuse('the chat is not open', 'CHAT_NOT_OPEN');
    const content = given.filter(([, value]) => typeof value === 'string' && value !== '1' && !personas.has(value));
    const link = content.find(([path]) => /attachment|file|url|link/i.test(path))?.[1];
    const text = content.find(([path]) => !/attachment|file|url|link/i.test(path))?.[1];
    if (!text && !link) refuse('the message is empty', 'BAD');
    const author = personas.get(String(chat.persona));
    const sent = { kind: link ? 'file' : 'text', text, attachment: link, author, createdAt: Date.now() };
    chat.messages.push({ ...sent, id: 100 + chat.messages.length });
    return chat.messages.at(-1);
  },
  approveSubmission: ([[, id]]) => ({ kind: 'submission', id, status: 'approved' }),
  rejectSubmission: ([[, id]]) => ({ kind: 'submission', id, status: 'rejected' }),
};

function find(given) {
  if (!given.some(([, value]) => String(value) === '1')) refuse('there is no such chat', 'CHAT_NOT_FOUND');
}

function move(given, from, to, accepted = false) {
  find(given);
  if (chat.status !== from) refuse(`the chat is ${chat.status}`, 'CHAT_NOT_' + from.toUpperCase());
  const persona = given.find(([, value]) => personas.has(String(value)))?.[1];
  if (accepted) chat.persona = persona ?? refuse('there is no such persona', 'PERSONA_NOT_FOUND');
  chat.status = to;
  return chat;
}

const meanings = [
  ['id', /^(id|\w+id)$/],
  ['text', /^(text|body|content|message)$/],
  ['attachment', /^(attachments?|attachmenturl|url|file|fileurl|link)$/],
  ['createdAt', /^(createdat|created|sentat|at)$/],
  ['author', /^(author|sender|from)$/],
  ['status', /^(status|state)$/],
  ['messages', /^(messages|messagelist|history|transcript)$/],
  ['name', /^\w*name$/],
  ['email', /mail/],
  ['photo', /photo|avatar|picture/],
  ['providerId', /^(provider|external|reference)/],
  ['user', /user$/],
  ['question', /^(question|subject)$/],
];

// Mutations may stand in objects of their own: `reopen` of `ChatMutations` is `openChat`.
const namespace = /^(\w+)Mutations$/;

function mutationOf(type, name) {
  const thing = namespace.exec(type)?.[1];
  if (!thing) return name;
  const verb = { reopen: 'open' }[name] ?? name;
  return verb === 'send' ? 'sendChatMessage' : verb + thing;
}

// A page of a list as its arguments say; a list that takes none comes whole. No page is larger than the server likes.
function page(items, { paging, ...args }, field) {
  args = { ...args, ...paging };
  const whole = gql.isListType(gql.getNullableType(field.type));
  if (whole && field.args.length === 0) return items;
  const pages = 'page' in args || paging ? args.page - (field.args.some(({ defaultValue }) => defaultValue === 1) ? 1 : 0) : 0;
  const begin = args.skip ?? args.offset ?? pages * PAGE;
  const found = part(items.slice(begin), args);
  return whole ? found.items : found;
}

function part(items, { first, limit, take, after, cursor, nextToken, pageToken, last, before }) {
  const size = Math.min(first ?? limit ?? take ?? last ?? PAGE, PAGE);
  const found = { kind: 'page' };
  if (last) {
    const end = before ? Number(before) : items.length;
    const begin = Math.max(0, end - size);
    return { ...found, items: items.slice(begin, end), start: String(begin), earlier: begin > 0 };
  }
  const begin = Number(after ?? (/T/.test(cursor) ? Date.parse(cursor) : cursor) ?? nextToken ?? pageToken ?? 0);
  const end = begin + size;
  return { ...found, items: items.slice(begin, end), end: String(end), more: end < items.length };
}

// Where a page stands, in an object of its own or in the page.
const place = { hasNextPage: 'more', hasMore: 'more', endCursor: 'end', hasPreviousPage: 'earlier', startCursor: 'start' };

function field(source, args, context, { fieldName, returnType, parentType }) {
  const type = gql.getNamedType(returnType);
  const declared = parentType.getFields()[fieldName];
  if (parentType === schema.getMutationType() && namespace.test(type.name)) return { kind: 'namespace' };
  if (parentType === schema.getMutationType() || source?.kind === 'namespace') {
    const given = leaves(args);
    const mutation = mutationOf(parentType.name, fieldName);
    console.error(JSON.stringify({ mutation, given: Object.fromEntries(given) }));
    return leaf(mutations[mutation](given), type);
  }
  if (parentType === schema.getQueryType() || source?.kind === 'viewer') {
    if (/^(chats|conversations)$/.test(fieldName)) return page(chats(args), args, declared);
    if (/^(experts|members)$/.test(fieldName)) return page(experts, args, declared);
    if (fieldName === 'id') return 'partner-1';
    return /^(viewer|partner|account)$/.test(fieldName) ? { kind: 'viewer' } : chat;
  }
  if (source.kind === 'page') {
    if (fieldName === 'edges') return source.items.map((node) => ({ kind: 'edge', node }));
    const whole = { nodes: source.items, items: source.items, pageInfo: { ...source, kind: 'info' }, totalCount: 5 };
    if (/^next/.test(fieldName)) return source.more ? leaf(source.end, type) : null;
    return whole[fieldName] ?? source[place[fieldName]];
  }
  if (source.kind === 'info') return source[place[fieldName]] ?? null;
  if (fieldName === 'node') return source.kind === 'edge' ? source.node : source;
  if (/^(ok|success)$/.test(fieldName)) return true;
  if (/errors$/i.test(fieldName)) return [];
  if (fieldName === 'chat' && source.kind !== 'chat') return chat;
  if (['chat', 'message', 'persona', 'submission'].includes(fieldName) && !gql.isLeafType(type)) return source;
  const name = fieldName.toLowerCase().replaceAll('_', '');
  const provider = /^(provider|external|reference)/.test(name);
  const meaning = provider ? 'providerId' : meanings.find(([, pattern]) => pattern.test(name))?.[0];
  const value = source[meaning];
  if (meaning === 'messages') return page(value, args, declared);
  if (meaning === 'text' && typeof value === 'string' && !gql.isLeafType(type)) return { plain: value, html: value };
  if (meaning === 'attachment' && typeof value === 'string' && !gql.isLeafType(type)) {
    const attachment = { kind: 'attachment', attachment: value };
    return gql.isListType(gql.getNullableType(returnType)) ? [attachment] : attachment;
  }
  return leaf(value ?? source[fieldName], type);
}

// A value as this type of leaf has it.
function leaf(value, type) {
  if (type.name === 'DateTime' && !Number.isNaN(Number(value ?? NaN))) return new Date(Number(value)).toISOString();
  if (gql.isEnumType(type)) return type.getValues().find(({ name }) => name.toLowerCase() === value)?.name;
  if (type.name === 'Boolean') return true;
  if (gql.isScalarType(type) && value?.id) return value.id;
  return value ?? (gql.isScalarType(type) && type.name === 'String' ? '' : null);
}

function kindOf(source, context, info, type) {
  const names = schema.getPossibleTypes(type).map(({ name }) => name);
  const pattern = { text: /text/i, file: /file|attachment/i }[source.kind] ?? new RegExp(source.kind, 'i');
  return names.find((name) => pattern.test(name) && !/error/i.test(name));
}

serve(({ query, variables, operationName }) => {
  const document = gql.parse(query);
  const rules = closed ? [...gql.specifiedRules, gql.NoSchemaIntrospectionCustomRule] : gql.specifiedRules;
  const errors = gql.validate(schema, document, rules);
  if (errors.length > 0) return { errors };
  const [fieldResolver, typeResolver] = [field, kindOf];
  return gql.execute({ schema, document, variableValues: variables, operationName, fieldResolver, typeResolver });
});
