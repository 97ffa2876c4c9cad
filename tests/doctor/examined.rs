//! What a doctor said, check by check, and platforms to be examined.

use serde_json::{Value, json};

use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::schema::introspected;
use crate::support::server::{Answer, Request, Server};

/// The documented schema.
pub(crate) const CONTRACT: &str = include_str!("../../src/sandbox/schema.graphql");

/// The checks of one run.
pub(crate) struct Examined {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    checks: Vec<Value>,
}

/// Runs the doctor in this home. No secret is ever in what it says.
pub(crate) fn examine(home: &Home, args: &[&str]) -> Examined {
    let run = home.run([&["doctor"], args].concat());
    for secret in [TOKEN, SECRET] {
        assert!(!format!("{run:?}").contains(secret), "{run:?}");
    }
    let checks = run.json()["checks"].as_array().unwrap().clone();
    Examined { code: run.code, stderr: run.stderr, checks }
}

impl Examined {
    /// The names of the checks that came out so, in order.
    pub(crate) fn named(&self, status: &str) -> Vec<&str> {
        let checks = self.checks.iter().filter(|check| check["status"] == status);
        checks.map(|check| check["name"].as_str().unwrap()).collect()
    }

    /// The check came out so and said these words, or its hint did.
    #[track_caller]
    pub(crate) fn says(&self, name: &str, status: &str, words: &str) {
        let check = self.checks.iter().find(|check| check["name"] == name).unwrap();
        assert_eq!(check["status"], status, "{check}");
        let text = format!("{} {}", check["message"].as_str().unwrap(), check["hint"].as_str().unwrap_or_default());
        assert!(text.contains(words), "{words:?} is not in {text:?}");
    }
}

/// A platform that is as it should be, but for one operation, whose answer is this.
pub(crate) fn well_but_for(
    operation: &'static str,
    answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
) -> Server {
    let schema = introspected(CONTRACT);
    Server::always(move |request| {
        let call = request.json();
        let name = call["operationName"].as_str().unwrap_or("Reach");
        if name == operation {
            return answer(request);
        }
        let partner = match name {
            "Introspection" => return Answer::json(200, &schema),
            "ExpertList" => json!({"experts": connection(&[json!({"id": "api", "name": "Public API"})], None)}),
            _ => json!({"id": "partner-1", "state": {"chat": {"isAvailable": true}}}),
        };
        Answer::json(200, &json!({"data": {"partner": partner}}))
    })
}

/// A page of a list, and the cursor of the next one.
pub(crate) fn connection(nodes: &[Value], next: Option<&str>) -> Value {
    let edges: Vec<_> = nodes.iter().map(|node| json!({"cursor": "x", "node": node})).collect();
    json!({"edges": edges, "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next}})
}

/// A home whose platform is this server.
pub(crate) fn home(server: &Server) -> Home {
    Home::new().with("GUURU_ENDPOINT", &server.url())
}
