//! What an error of the platform says of a mutation. That somebody *refuses* it is said in words or in a code of the
//! platform's own. An error that is masked, or that speaks of a timeout or of something that broke inside, refuses nothing:
//! it may have been raised after the mutation took effect. And some errors only say that there were too many requests.

use std::time::Duration;

use serde_json::Value;

use super::wait;

/// What the errors of an answer say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Says {
    /// The platform does not do it, and says why.
    #[default]
    Refused,
    /// There were too many requests: nothing was done, and it can be asked again later.
    Busy,
    /// Something broke, or took too long: nobody knows what was done before.
    Broken,
}

/// Words of a code that tell of something that broke. A code that has one of them, such as `INTERNAL_SERVER_ERROR`,
/// `GATEWAY_TIMEOUT` or `DOWNSTREAM_SERVICE_ERROR`, is no refusal.
const BROKEN_WORDS: &[&str] = &[
    "internal",
    "unexpected",
    "unhandled",
    "timeout",
    "timedout",
    "deadline",
    "downstream",
    "upstream",
    "gateway",
    "subgraph",
    "subrequest",
    "network",
    "database",
    "aborted",
    "cancelled",
    "canceled",
    "crash",
    "panic",
    "overloaded",
    "uncaught",
    "nullpointer",
    "postgres",
    "prisma",
    "operational",
];

/// Whole codes of the same meaning, whose words alone may well be part of a refusal (`CHAT_UNAVAILABLE`).
const BROKEN_CODES: &[&str] = &[
    "unknown",
    "unknown error",
    "server error",
    "unavailable",
    "service unavailable",
    "server unavailable",
    "temporarily unavailable",
    "timed out",
    "data fetching exception",
    "runtime exception",
    "null pointer exception",
    "null value in non nullable field",
    "execution failure",
    "null reference",
    "try again",
];

/// Codes that say no more than that there is an error: the message tells.
const EMPTY_CODES: &[&str] = &["error", "failure", "exception", "execution error", "graphql error", "bad request"];

/// What messages without a code say where something broke: masked errors, timeouts, and the words of libraries and servers
/// for a value that they could not bring home.
const BROKEN_MESSAGES: &[&str] = &[
    "internal server error",
    "internal error",
    "internal system error",
    "internal execution",
    "unexpected error",
    "unexpected execution error",
    "unknown error",
    "unhandled",
    "error occurred",
    "error has occurred",
    "something went wrong",
    "server error",
    "service unavailable",
    "temporarily unavailable",
    "bad gateway",
    "gateway",
    "timeout",
    "time-out",
    "timed out",
    "took too long",
    "deadline",
    "econn",
    "epipe",
    "socket",
    "connection",
    "fetch failed",
    "failed to fetch",
    "upstream",
    "downstream",
    "subgraph",
    "aborted",
    "deadlock",
    "database",
    "cannot return null",
    "non-null",
    "non null",
    "cannot represent",
    "must resolve to",
    "cannot read propert",
    "is not a function",
    "error trying to resolve",
    "canceled",
    "cancelled",
    "rst_stream",
    "unavailable:",
    "nullpointer",
    "nonetype",
    "undefined method",
    "unexpected eof",
    "broken pipe",
];

/// Words of a code that tell of too many requests.
const BUSY_WORDS: &[&str] = &["throttled", "throttling", "throttle", "ratelimit", "ratelimited"];
/// Phrases of several words that say it.
const BUSY_PHRASES: &[&str] = &["rate limit", "rate limited", "rate limiting", "too many requests"];
/// What messages without a code say of it.
const BUSY_MESSAGES: &[&str] = &["rate limit", "rate-limit", "ratelimit", "too many requests"];

impl Says {
    /// What this list of errors says. One of them that tells of something broken outweighs the others.
    pub(super) fn of(errors: &[Value]) -> Self {
        let mut says = Self::Refused;
        for error in errors {
            match Self::of_one(error) {
                Self::Broken => return Self::Broken,
                Self::Busy => says = Self::Busy,
                Self::Refused => {}
            }
        }
        says
    }

    fn of_one(error: &Value) -> Self {
        let mut coded = false;
        for code in codes(error) {
            let words: Vec<_> = code.split(' ').collect();
            let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
            let status: Option<u16> = code.parse().ok();
            match status {
                Some(429) => return Self::Busy,
                Some(408 | 499 | 500..=599) => return Self::Broken,
                None if has(BUSY_WORDS) || BUSY_PHRASES.iter().any(|phrase| code.contains(phrase)) => {
                    return Self::Busy;
                }
                None if has(BROKEN_WORDS)
                    || BROKEN_CODES.contains(&&*code)
                    || code.starts_with("server error")
                    || is_of_a_system(&words) =>
                {
                    return Self::Broken;
                }
                Some(_) => {}
                None => coded |= !EMPTY_CODES.contains(&&*code),
            }
        }
        let message = error.get("message").unwrap_or(error).as_str().unwrap_or_default().trim().to_lowercase();
        match message {
            _ if coded => Self::Refused,
            message if message.is_empty() => Self::Broken,
            message if message.trim_end_matches(['.', '!']) == "throttled" => Self::Busy,
            message if BUSY_MESSAGES.iter().any(|words| message.contains(words)) => Self::Busy,
            message if BROKEN_MESSAGES.iter().any(|words| message.contains(words)) => Self::Broken,
            _ => Self::Refused,
        }
    }
}

/// Whether a code is one of a system or a database: `ECONNRESET`, `P2024`.
fn is_of_a_system(words: &[&str]) -> bool {
    let [word] = words else { return false };
    let of_prisma =
        word.strip_prefix('p').is_some_and(|rest| rest.len() == 4 && rest.bytes().all(|it| it.is_ascii_digit()));
    of_prisma
        || ["econn", "etime", "epipe", "enotfound", "eai", "ehost", "enet", "esocket"]
            .iter()
            .any(|it| word.starts_with(it))
}

/// The codes of an error wherever servers put them, as words in lower case: `INTERNAL_SERVER_ERROR` and
/// `InternalServerError` are both `internal server error`.
fn codes(error: &Value) -> impl Iterator<Item = String> {
    const PLACES: [&str; 12] = [
        "/extensions/code",
        "/extensions/exception/code",
        "/extensions/errorCode",
        "/extensions/classification",
        "/extensions/errorType",
        "/extensions/type",
        "/extensions/status",
        "/extensions/statusCode",
        "/extensions/http/status",
        "/type",
        "/errorType",
        "/code",
    ];
    PLACES.iter().filter_map(|place| match error.pointer(place)? {
        Value::String(code) => Some(words(code)).filter(|code| !code.is_empty()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    })
}

fn words(code: &str) -> String {
    let mut words = String::new();
    let mut after_lower = false;
    for character in code.chars() {
        let begins = character.is_uppercase() && after_lower;
        if (begins || !character.is_alphanumeric()) && !words.ends_with(' ') && !words.is_empty() {
            words.push(' ');
        }
        if character.is_alphanumeric() {
            words.extend(character.to_lowercase());
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
    }
    words.truncate(words.trim_end().len());
    words
}

/// How long the errors ask to wait, or the cost of the query does, among the extensions beside them.
pub(super) fn asked_wait(extensions: Option<&Value>, errors: &[Value]) -> Option<Duration> {
    let asked = |error: &Value| {
        let extensions = error.get("extensions")?;
        let seconds = ["retryAfter", "retry_after", "retryAfterSeconds"].iter().find_map(|key| extensions.get(key));
        let milliseconds = ["retryAfterMs", "retry_after_ms"].iter().find_map(|key| extensions.get(key));
        match (seconds, milliseconds) {
            (Some(Value::String(text)), _) => wait::asked(text, std::time::SystemTime::now()),
            (Some(seconds), _) => wait::asked_seconds(seconds.as_f64()?),
            (None, milliseconds) => wait::asked_seconds(milliseconds?.as_f64()? / 1000.0),
        }
    };
    errors.iter().filter_map(asked).max().or_else(|| missing_cost(extensions))
}

/// How long it takes until there is enough of what the query costs, where the extensions of the answer say that there is not:
/// `"cost":{"requestedQueryCost":…,"throttleStatus":{"currentlyAvailable":…,"restoreRate":…}}`, the rate being one of a second.
pub(super) fn missing_cost(extensions: Option<&Value>) -> Option<Duration> {
    let cost = extensions?.get("cost")?;
    let number = |place: &str| cost.pointer(place).and_then(Value::as_f64);
    let missing = number("/requestedQueryCost")? - number("/throttleStatus/currentlyAvailable")?;
    if missing <= 0.0 || number("/throttleStatus/maximumAvailable").is_some_and(|most| missing > most) {
        return None;
    }
    wait::asked_seconds(missing / number("/throttleStatus/restoreRate").filter(|rate| *rate > 0.0)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_platform_words_as_a_refusal_is_one() {
        for error in [
            json!({"message": "no", "extensions": {"code": "CHAT_NOT_OPEN"}}),
            json!({"message": "chat is not open", "path": ["closeChat"]}),
            json!({"message": "the chat was throttled by its owner"}),
            json!({"message": "it timed out and was closed", "extensions": {"code": "CHAT_NOT_OPEN"}}),
            json!({"message": "", "extensions": {"code": "CHAT_UNAVAILABLE"}}),
            json!({"message": "no", "extensions": {"code": "NOT_FOUND", "http": {"status": 404}}}),
            json!({"message": "no", "extensions": {"code": 422}}),
            json!("no"),
        ] {
            assert_eq!(Says::of(std::slice::from_ref(&error)), Says::Refused, "{error}");
        }
    }

    #[test]
    fn what_broke_or_is_masked_refuses_nothing() {
        let coded = |code: Value| json!({"message": "the chat is not open", "extensions": {"code": code}});
        for error in [
            coded(json!("INTERNAL_SERVER_ERROR")),
            coded(json!("InternalServerError")),
            coded(json!("internal-server-error")),
            coded(json!("DOWNSTREAM_SERVICE_ERROR")),
            coded(json!("GATEWAY_TIMEOUT")),
            coded(json!("ECONNRESET")),
            coded(json!("P2024")),
            coded(json!("SERVER_ERROR_500")),
            json!({"message": "no", "extensions": {"code": "NO", "exception": {"code": "ETIMEDOUT"}}}),
            json!({"message": "14 UNAVAILABLE: read error"}),
            coded(json!("REQUEST_TIMEOUT")),
            coded(json!("SERVICE_UNAVAILABLE")),
            coded(json!("DEADLINE_EXCEEDED")),
            coded(json!("UNKNOWN")),
            coded(json!(503)),
            coded(json!("500")),
            json!({"message": "no", "extensions": {"classification": "DataFetchingException"}}),
            json!({"message": "no", "extensions": {"code": "CHAT_NOT_OPEN", "http": {"status": 500}}}),
            json!({"message": "Unexpected error."}),
            json!({"message": "INTERNAL SERVER ERROR"}),
            json!({"message": "Request timed out", "path": ["sendChatMessage"]}),
            json!({"message": "upstream request timeout"}),
            json!({"message": "Cannot return null for non-nullable field Mutation.sendChatMessage."}),
            json!({"message": "connect ECONNREFUSED 10.0.0.1:5432"}),
            json!({"message": " "}),
            json!({}),
            json!(null),
        ] {
            assert_eq!(Says::of(std::slice::from_ref(&error)), Says::Broken, "{error}");
            let refusal = json!({"message": "no", "extensions": {"code": "CHAT_NOT_OPEN"}});
            assert_eq!(Says::of(&[refusal, error.clone()]), Says::Broken, "{error}");
        }
    }

    #[test]
    fn a_rate_limit_in_any_clothes_is_one() {
        for error in [
            json!({"message": "no", "extensions": {"code": "RATE_LIMITED"}}),
            json!({"message": "no", "extensions": {"code": "RateLimitExceeded"}}),
            json!({"message": "no", "extensions": {"code": "THROTTLED"}}),
            json!({"message": "no", "extensions": {"code": "TOO_MANY_REQUESTS"}}),
            json!({"message": "no", "extensions": {"code": 429}}),
            json!({"message": "no", "type": "RATE_LIMITED"}),
            json!({"message": "API rate limit exceeded"}),
            json!({"message": "Throttled"}),
        ] {
            assert_eq!(Says::of(std::slice::from_ref(&error)), Says::Busy, "{error}");
        }
    }

    #[test]
    fn the_wait_that_is_asked_for_is_found() {
        let wait = |extensions: Value| asked_wait(None, &[json!({ "extensions": extensions })]);
        assert_eq!(wait(json!({"retryAfter": 7})), Some(Duration::from_secs(7)));
        assert_eq!(wait(json!({"retryAfter": "7"})), Some(Duration::from_secs(7)));
        assert_eq!(wait(json!({"retryAfterMs": 500})), Some(Duration::from_millis(500)));
        assert_eq!(wait(json!({"retryAfter": 1e300})), Some(Duration::from_secs(60)));
        assert_eq!(wait(json!({"retryAfter": -1})), None);
        let cost = |available: i64| {
            let status = json!({"maximumAvailable": 1000, "currentlyAvailable": available, "restoreRate": 50});
            json!({"cost": {"requestedQueryCost": 100, "throttleStatus": status}})
        };
        assert_eq!(missing_cost(Some(&cost(0))), Some(Duration::from_secs(2)));
        assert_eq!(missing_cost(Some(&cost(100))), None);
    }
}
