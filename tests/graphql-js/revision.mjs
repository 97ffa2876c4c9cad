// A platform stand-in for any revision of the schema, for the GraphQL servers beside it: node graphql-js.mjs SCHEMA [--closed]
// [--messages N], and the same with mercurius.mjs; tests/graphql-python has its like in Python. What an argument means is told
// by its value and its place, what a field means by its name; the program's own tables have no part in it. With --closed the
// server answers no introspection; the end user has said N things, or five.
//
// A test asks it and tells it what to do at paths of its own:
//   /-/log                   every mutation that came, with the path and the value of each argument, and what was sent
//   /-/lose?next=N&how=HOW   the next N mutations are carried out, and their answer is lost: `cut`, `empty`, or a status
//   /-/refuse?next=N         the next N mutations are refused, in the payload where the schema has room for that

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as gql from 'graphql';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { closed: { type: 'boolean' }, messages: { type: 'string', default: '5' } },
});
const [file] = positionals;
export const { closed } = values;
export const schema = gql.buildSchema(readFileSync(file, 'utf8'));
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

const calls = [];
const told = { lose: 0, how: 'cut', refuse: 0 };

// What a test asks or tells.
export function control(address) {
  const { pathname, searchParams } = new URL(address, 'http://stand-in');
  const command = pathname.slice('/-/'.length);
  if (command in told) told[command] = Number(searchParams.get('next'));
  if (command === 'lose') told.how = searchParams.get('how');
  const sent = chat.messages.filter(({ author }) => author !== eve);
  return { calls, sent: sent.map(({ text, attachment }) => text ?? attachment) };
}

// How the answer to this request is lost; nothing where it is not.
export function loss({ query }) {
  const isMutation = gql.parse(query).definitions.some(({ operation }) => operation === 'mutation');
  return isMutation && told.lose > 0 && told.lose-- > 0 ? told.how : undefined;
}

// The arguments without what they are wrapped in: [path, value].
function leaves(value, path = []) {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  if (typeof value !== 'object' || value === null) return value == null ? [] : [[path.join('.'), value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
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
    const isContent = ([path, value]) => typeof value === 'string' && value !== '1' && !/format$/i.test(path);
    const content = given.filter((it) => isContent(it) && !personas.has(it[1]));
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
    const call = { mutation, given };
    calls.push(call);
    if (told.refuse === 0) return leaf(mutations[mutation](given), type);
    told.refuse--;
    call.refused = true;
    return refusal(type);
  }
  if (source?.kind === 'refusal') return reason(source, fieldName, returnType);
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
  if (['chat', 'message', 'chatMessage', 'persona', 'submission'].includes(fieldName) && !gql.isLeafType(type)) return source;
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
  if (value === undefined && !gql.isLeafType(type) && gql.isListType(gql.getNullableType(returnType))) return [];
  return leaf(value ?? source[fieldName], type);
}

// A value as this type of leaf has it.
function leaf(value, type) {
  if (type.name === 'DateTime' && typeof value === 'number') return new Date(value).toISOString();
  if (type.name === 'LocalDateTime' && typeof value === 'number') return new Date(value).toISOString().slice(0, -1);
  // Only seconds fit.
  if (type.name === 'Int' && value > 2 ** 31) return Math.floor(value / 1000);
  if (gql.isEnumType(type)) return type.getValues().find(({ name }) => name.toLowerCase() === (value?.status ?? value))?.value;
  if (type.name === 'Boolean') return true;
  if (gql.isScalarType(type) && value?.id) return value.id;
  return value ?? (gql.isScalarType(type) && type.name === 'String' ? '' : null);
}

const FAILURE = /error|problem|refus|denied|invalid|fail|locked/i;

function kindOf(source, context, info, type) {
  const names = schema.getPossibleTypes(type).map(({ name }) => name);
  if (source.kind === 'refusal') return names.find((name) => FAILURE.test(name));
  const pattern = { text: /text/i, file: /file|attachment/i }[source.kind] ?? new RegExp(source.kind, 'i');
  const things = names.filter((name) => !FAILURE.test(name));
  return things.find((name) => pattern.test(name)) ?? things[0];
}

const NO = 'the chat is locked';

// A refusal in the form that the type of a mutation's result has for it; an error where it has none.
function refusal(type) {
  if (type.name === 'Boolean') return false;
  if (gql.isEnumType(type)) {
    const no = type.getValues().find(({ name }) => /FAIL|DENIED|REFUSED|ERROR/i.test(name));
    return no ? no.value : refuse(NO, 'CHAT_LOCKED');
  }
  const room = /^(ok|success|successful|errors?|\w+errors|problems|reason)$/i;
  const fields = gql.isObjectType(type) ? Object.values(type.getFields()) : [];
  // What must be there leaves no room.
  const full = fields.some((it) => gql.isNonNullType(it.type) && gql.isObjectType(gql.getNullableType(it.type)));
  const shown = gql.isAbstractType(type)
    ? kindOf({ kind: 'refusal' }, null, null, type)
    : !full && fields.some(({ name }) => room.test(name));
  return shown ? { kind: 'refusal' } : refuse(NO, 'CHAT_LOCKED');
}

// A field of a refusal, or of one of the errors in it.
function reason(source, name, returnType) {
  const type = gql.getNamedType(returnType);
  const listed = (value) => (gql.isListType(gql.getNullableType(returnType)) ? [value] : value);
  if (/^(errors?|\w+errors|problems)$/i.test(name)) {
    if (gql.isEnumType(type)) return listed(type.getValues()[0].value);
    return listed(gql.isScalarType(type) ? NO : { kind: 'refusal' });
  }
  if (type.name === 'Boolean') return false;
  if (gql.isEnumType(type)) return type.getValues()[0].value;
  if (/^(message|messages|reason|description)$/i.test(name)) return gql.isScalarType(type) ? listed(NO) : null;
  if (/^code$/i.test(name)) return 'CHAT_LOCKED';
  if (/^(field|path)$/i.test(name)) return listed('chatId');
  if (/^(chat_?)?id$/i.test(name)) return '1';
  return gql.isNonNullType(returnType) && type.name === 'String' ? '' : null;
}

// Every field and every abstract type of the schema is told by the functions above.
for (const type of Object.values(schema.getTypeMap())) {
  if (type.name.startsWith('__')) continue;
  if (gql.isAbstractType(type)) type.resolveType = (source, context, info) => kindOf(source, context, info, type);
  if (!gql.isObjectType(type)) continue;
  for (const { name: fieldName, type: returnType } of Object.values(type.getFields())) {
    const info = { fieldName, returnType, parentType: type };
    type.getFields()[fieldName].resolve = (source, args) => field(source, args, null, info);
  }
}
