//! Platforms to look at.

use guuru::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::server::{Answer, Request, Server};

/// A sandbox and a home that is set up for it.
pub(crate) fn sandbox() -> (Sandbox, Home) {
    let sandbox = Sandbox::start(Options::new(TOKEN.into(), SECRET.into()), |_| ()).unwrap();
    let home = Home::new().with("GUURU_ENDPOINT", &format!("http://{}/graphql", sandbox.addr()));
    (sandbox, home)
}

/// A home whose platform is this server.
pub(crate) fn home(server: &Server) -> Home {
    Home::new().with("GUURU_ENDPOINT", &server.url())
}

/// A platform with so many chats, `c-1` and on, of which it gives `most` at a time.
pub(crate) fn chats(count: u64, most: u64) -> Server {
    Server::always(move |request| {
        let (first, after) = asked(request);
        let begin: u64 = after.map_or(0, |after| after.parse().unwrap());
        let end = count.min(begin + first.min(most));
        let chat =
            |n: u64| json!({"id": format!("c-{n}"), "status": if n.is_multiple_of(3) { "rated" } else { "closed" }});
        let edges = (begin + 1..=end).map(|n| json!({"cursor": n.to_string(), "node": chat(n)}));
        page(&edges.collect::<Vec<_>>(), end < count, Some(&end.to_string()))
    })
}

/// How many chats a request wants, and after which cursor.
pub(crate) fn asked(request: &Request) -> (u64, Option<String>) {
    let variables = &request.json()["variables"];
    (variables["first"].as_u64().unwrap(), variables["after"].as_str().map(ToOwned::to_owned))
}

/// A page of chats.
pub(crate) fn page(edges: &[Value], has_next_page: bool, end_cursor: Option<&str>) -> Answer {
    let info = json!({"hasNextPage": has_next_page, "endCursor": end_cursor});
    Answer::json(200, &json!({"data": {"partner": {"chats": {"edges": edges, "pageInfo": info}}}}))
}

/// A platform that answers everything with this value of `partner`.
pub(crate) fn partner(partner: Value) -> Server {
    Server::always(move |_| Answer::json(200, &json!({"data": {"partner": partner}})))
}

/// The ids in a JSON array.
pub(crate) fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|element| element["id"].as_str().unwrap()).collect()
}
