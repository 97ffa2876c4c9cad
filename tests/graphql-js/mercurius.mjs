// A revision of the platform on Mercurius, whose documents are compiled. It prints its endpoint on stdout and ends when it is
// killed.

import Fastify from 'fastify';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import mercurius from 'mercurius';
import { closed, control, loss, schema } from './revision.mjs';

const app = Fastify();

app.addHook('onRequest', async (request, reply) => {
  if (request.url.startsWith('/-/') || request.headers.authorization === `Bearer ${process.env.GUURU_TOKEN}`) return;
  reply.code(401).send({ errors: [{ message: 'who are you?', extensions: { code: 'UNAUTHENTICATED' } }] });
});
app.get('/-/*', async (request) => control(request.url));
app.addHook('onSend', async (request, reply, payload) => {
  const how = request.body?.query && reply.statusCode === 200 ? loss(request.body) : undefined;
  if (how === 'cut') request.raw.socket.destroy();
  if (how === undefined || how === 'cut') return payload;
  reply.code(how === 'empty' ? 200 : Number(how)).header('content-type', 'text/html');
  return how === 'empty' ? '' : '<h1>lost</h1>';
});
app.register(mercurius, { schema, jit: 1, validationRules: closed ? [NoSchemaIntrospectionCustomRule] : [] });

await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`http://127.0.0.1:${app.server.address().port}/graphql`);
