// The HTTP of a platform stand-in: a bearer token and a JSON body in, a GraphQL response out. It prints its endpoint on stdout.

import { createServer } from 'node:http';

const JSON_TYPE = { 'content-type': 'application/json' };
const GRAPHQL_TYPE = { 'content-type': 'application/graphql-response+json' };

async function answer(request, body, execute) {
  if (request.headers.authorization !== `Bearer ${process.env.GUURU_TOKEN}`) {
    return [401, { errors: [{ message: 'who are you?', extensions: { code: 'UNAUTHENTICATED' } }] }];
  }
  const result = await execute(JSON.parse(body));
  return ['data' in result ? 200 : 400, result];
}

// Answers every request with what `execute` makes of its body. A test is answered by `control`, and `loss` says how an answer
// is lost.
export function serve(execute, { control, loss } = {}) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (control && request.url.startsWith('/-/')) {
      return response.writeHead(200, JSON_TYPE).end(JSON.stringify(control(request.url)));
    }
    const [status, result] = await answer(request, body, execute);
    const how = status === 200 ? loss?.(JSON.parse(body)) : undefined;
    if (how === 'cut') return request.socket.destroy();
    if (how === 'empty') return response.writeHead(200).end();
    if (how) return response.writeHead(Number(how)).end('<h1>lost</h1>');
    response.writeHead(status, GRAPHQL_TYPE).end(JSON.stringify(result));
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
}
