-- Posts signed webhooks with wrk, each with an Idempotency-Key of its own. Its arguments are the file of requests, which has
-- `EVENT SIGNATURE BODY` on each line, and a word that no other run has used.

local MARK = "@KEY@"
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  heads, tails, count, word = {}, {}, 0, args[2]
  for line in io.lines(args[1]) do
    local event, signature, body = line:match("^(%S+) (%S+) (.*)$")
    local headers = {
      ["Content-Type"] = "application/json",
      ["X-Guuru-Event"] = event,
      ["X-Guuru-Hmac-Sha256"] = signature,
      ["Idempotency-Key"] = MARK,
    }
    local request = wrk.format("POST", nil, headers, body)
    local first, last = request:find(MARK, 1, true)
    heads[#heads + 1] = request:sub(1, first - 1)
    tails[#tails + 1] = request:sub(last + 1)
  end
end

function request()
  count = count + 1
  local n = count % #heads + 1
  return heads[n] .. word .. "-" .. number .. "-" .. count .. tails[n]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
