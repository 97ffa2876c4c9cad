// The receiver that the platform's documentation suggests: check the signature in constant time, write one line of JSON,
// store nothing. The argument is the port; the secret is in GUURU_WEBHOOK_SECRET.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.GUURU_WEBHOOK_SECRET;

function isGenuine(body, signature) {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature ?? '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isGenuine(body, request.headers['x-guuru-hmac-sha256'])) {
      response.writeHead(400).end();
      return;
    }
    const line = {
      id: request.headers['idempotency-key'],
      event: request.headers['x-guuru-event'],
      payload: JSON.parse(body),
    };
    console.log(JSON.stringify(line));
    response.writeHead(200).end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1', 4096);
