// Puts the GraphQL-over-HTTP audit of graphql-http to the endpoint at the first argument, with the token of GUURU_TOKEN, and
// prints what it found: a line of JSON for each audit.
import { serverAudits } from 'graphql-http'

const authorization = `Bearer ${process.env.GUURU_TOKEN}`
const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, authorization } })
for (const audit of serverAudits({ url: process.argv[2], fetchFn })) {
  const { id, name, status, reason } = await audit.fn()
  console.log(JSON.stringify({ id, name, status, reason }))
}
