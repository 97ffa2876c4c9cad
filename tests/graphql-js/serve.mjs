// The HTTP of a platform stand-in: a bearer token and a JSON body in, a GraphQL response out. It prints its endpoint on stdout.

import { createServer } from 'node:http';

async function answer(request, body, execute) {
  if (request.headers.authorization !== `Bearer ${process.env.GUURU_TOKEN}`) {
    return [401, { errors: [{ message: 'who are you?', extensions: { code: 'UNAUTHENTICATED' } }] }];
  }
  const result = await execute(JSON.parse(body));
  return ['data' in result ? 200 : 400, result];
}

// Answers every request with what `execute` makes of its body.
export function serve(execute) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const [status, result] = await answer(request, body, execute);
    response.writeHead(status, { 'content-type': 'application/graphql-response+json' }).end(JSON.stringify(result));
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
}
