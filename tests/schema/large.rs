//! A schema is fetched once and kept: by a platform that shows 5,000 types, and by one whose schema changes.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::platform::file;
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::{Answer, Request, Server};

fn renamed() -> String {
    fs::read_to_string(file("renamed")).unwrap()
}

fn name(request: &Request) -> String {
    request.json()["operationName"].as_str().unwrap().to_owned()
}

fn names(platform: &Server) -> Vec<String> {
    platform.requests().iter().map(name).collect()
}

/// How often the schema was asked for.
fn asked(platform: &Server) -> usize {
    names(platform).iter().filter(|name| *name == "Introspection").count()
}

/// How a platform answers a question for its schema that names the version that is known.
#[derive(Clone, Copy)]
enum Versions {
    Unknown,
    /// With this status where it is still the one.
    Known(u16),
}

/// A platform with these schemas, of which `at` is in force: it does what fits that, going by the names of the variables.
fn platform(schemas: Vec<(Value, &'static [&'static str])>, at: &Arc<AtomicUsize>, versions: Versions) -> Server {
    let at = at.clone();
    Server::always(move |request| {
        let number = at.load(Ordering::SeqCst);
        let (schema, variables) = &schemas[number];
        let etag = format!("\"v{number}\"");
        match (name(request).as_str(), versions) {
            ("Introspection", Versions::Unknown) => return Answer::json(200, schema),
            ("Introspection", Versions::Known(same)) => {
                let is_same = request.header("if-none-match") == Some(&etag);
                let answer = if is_same { Answer::new(same, "") } else { Answer::json(200, schema) };
                return answer.header("ETag", &etag);
            }
            _ => {}
        }
        let request = request.json();
        if variables.iter().any(|words| request["query"].as_str().unwrap().contains(words)) {
            let chat = json!({"id": request["variables"]["chat"]});
            return Answer::json(200, &json!({"data": {"closeChat": chat, "openChat": chat}}));
        }
        let error = json!({"message": "Unknown argument", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}});
        Answer::json(400, &json!({ "errors": [error] }))
    })
}

/// One schema, and whatever fits it.
fn constant(schema: Value, versions: Versions) -> Server {
    platform(vec![(schema, &["closeChat(id: $chat)", "openChat(chat: $chat)"])], &Arc::default(), versions)
}

fn home(platform: &Server) -> Home {
    Home::new().with("GUURU_ENDPOINT", &platform.url())
}

/// The file in which the schema is kept.
fn kept(home: &Home) -> PathBuf {
    let folder = home.path().join("state/schema/default");
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

fn make_old(home: &Home) {
    let long_ago = SystemTime::now() - Duration::from_secs(2 * 60 * 60);
    File::options().write(true).open(kept(home)).unwrap().set_modified(long_ago).unwrap();
}

#[test]
fn five_thousand_types_come_over_the_network_once_for_all_operations_and_processes() {
    let mut schema = introspected(&renamed());
    let description = "It says what it is for. ".repeat(200);
    let field = json!({"name": "id", "args": [], "type": {"kind": "SCALAR", "name": "ID"}});
    let of = |number: usize| json!({"kind": "OBJECT", "name": format!("T{number}"), "fields": [field], "description": description});
    schema["data"]["__schema"]["types"].as_array_mut().unwrap().extend((0..5000).map(of));
    let size = schema.to_string().len();
    assert!(size > 16 * 1024 * 1024, "{size}");
    let platform = constant(schema, Versions::Known(304));
    let home = home(&platform);
    let began = Instant::now();
    home.run(["chat", "close", "c-1"]).ok();
    home.run(["chat", "open", "c-1"]).ok();
    assert_eq!(names(&platform), ["ChatClose", "Introspection", "ChatClose", "ChatOpen", "ChatOpen"]);
    let mode = fs::metadata(kept(&home)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn sync_asks_each_time_and_reads_again_only_what_has_changed() {
    for same in [304, 412] {
        let schemas = vec![
            (introspected(&renamed()), &[][..]),
            (introspected(&renamed().replace("id: ID!)", "chat: ID!)")), &[][..]),
        ];
        let at = Arc::default();
        let platform = platform(schemas, &at, Versions::Known(same));
        let home = home(&platform);
        let document = || {
            let rows = home.run(["schema", "sync", "-o", "json"]).ok().json();
            let row = rows.as_array().unwrap().iter().find(|row| row["operation"] == "closeChat").unwrap().clone();
            fs::read_to_string(row["file"].as_str().unwrap()).unwrap()
        };
        assert!(document().contains("closeChat(id: $chat)"));
        make_old(&home);
        assert!(document().contains("closeChat(id: $chat)"));
        assert!(
            fs::metadata(kept(&home)).unwrap().modified().unwrap().elapsed().unwrap() < Duration::from_secs(60 * 60)
        );
        at.store(1, Ordering::SeqCst);
        assert!(document().contains("closeChat(chat: $chat)"));
        let requests = platform.requests();
        let known: Vec<_> = requests.iter().map(|request| request.header("if-none-match")).collect();
        assert_eq!(known, [None, Some("\"v0\""), Some("\"v0\"")], "{same}");
    }
}

#[test]
fn without_an_etag_a_schema_is_asked_for_again_after_an_hour_and_not_before() {
    let platform = constant(introspected(&renamed()), Versions::Unknown);
    let home = home(&platform);
    home.run(["chat", "close", "c-1"]).ok();
    let folder = home.path().join("config/schema");
    fs::remove_dir_all(&folder).unwrap();
    home.run(["chat", "close", "c-1"]).ok();
    assert_eq!(asked(&platform), 1);
    fs::remove_dir_all(&folder).unwrap();
    make_old(&home);
    home.run(["chat", "close", "c-1"]).ok();
    assert_eq!(asked(&platform), 2);
    home.run(["chat", "open", "c-1"]).ok();
    assert_eq!(asked(&platform), 2, "it was renewed");
}

#[test]
fn a_document_for_a_kept_schema_that_is_refused_is_written_anew_once() {
    let v2 = renamed()
        .replace("openChat(chat: ID!)", "openChat(chatId: ID!)")
        .replace("closeChat(id: ID!)", "closeChat(chat: ID!)");
    for versions in [Versions::Unknown, Versions::Known(304)] {
        let at = Arc::default();
        let schemas = || {
            let v1: (_, &[&str]) = (introspected(&renamed()), &["closeChat(id: $chat)", "openChat(chat: $chat)"]);
            vec![
                v1,
                (introspected(&v2), &["closeChat(chat: $chat)", "openChat(chatId: $chat)"]),
                (introspected(&v2), &[]),
            ]
        };
        let platform = platform(schemas(), &at, versions);
        let home = home(&platform);
        home.run(["chat", "close", "c-1"]).ok();
        at.store(1, Ordering::SeqCst);
        // Its document is written from the kept schema, refused, and written from the one in force.
        home.run(["chat", "open", "c-1"]).ok();
        assert_eq!(names(&platform)[3..], ["ChatOpen", "ChatOpen", "Introspection", "ChatOpen"]);
        // That one is the kept one now.
        home.run(["chat", "close", "c-1"]).ok();
        assert_eq!(names(&platform)[7..], ["ChatClose", "ChatClose"]);
        // Where it is refused whatever is sent, the schema is asked for once.
        at.store(2, Ordering::SeqCst);
        home.run(["chat", "close", "c-1"]).failed(4, "its schema says that it fits");
        assert_eq!(names(&platform)[9..], ["ChatClose", "Introspection"]);
    }
}

#[test]
fn a_process_asks_once_even_where_nothing_can_be_kept() {
    let platform = constant(introspected(&renamed()), Versions::Unknown);
    let home = home(&platform);
    fs::create_dir(home.path().join("state")).unwrap();
    // A file where the folder should be stops even root, whom permissions do not.
    fs::write(home.path().join("state/schema"), "").unwrap();
    let line = |op: &str, number: usize| json!({"op": op, "chatId": format!("c-{number}")}).to_string() + "\n";
    let input: String = (0..4).map(|number| line("closeChat", number) + &line("openChat", number)).collect();
    let results = home.run_with(["batch"], &input).ok().stdout;
    assert_eq!(results.lines().filter(|line| line.contains("\"ok\":true")).count(), 8, "{results}");
    assert_eq!(asked(&platform), 1);
}

#[test]
fn a_kept_schema_that_makes_no_sense_is_asked_for_anew() {
    let platform = constant(introspected(&renamed()), Versions::Known(304));
    let home = home(&platform);
    home.run(["chat", "close", "c-1"]).ok();
    for nonsense in ["", "type Query { x: Int }", "# guuru 0.0.0 \"v0\"\ntype Query { x: Int }"] {
        fs::write(kept(&home), nonsense).unwrap();
        fs::remove_dir_all(home.path().join("config/schema")).unwrap();
        home.run(["chat", "close", "c-1"]).ok();
        let last = platform.requests().into_iter().rfind(|it| name(it) == "Introspection").unwrap();
        assert_eq!(last.header("if-none-match"), None, "{nonsense:?}");
    }
    assert_eq!(asked(&platform), 4);
}

#[test]
fn a_kept_schema_goes_with_the_token_and_with_the_profile() {
    let platform = constant(introspected(&renamed()), Versions::Unknown);
    let home = home(&platform);
    let folder = home.path().join("state/schema");
    home.run(["schema", "print"]).ok();
    assert!(kept(&home).exists());
    // There is no keyring here, which is another matter.
    home.run(["auth", "logout"]);
    assert!(!folder.join("default").exists());
    home.run(["profile", "create", "other"]).ok();
    home.run(["schema", "print", "--profile", "other"]).ok();
    assert!(folder.join("other").exists());
    home.run(["profile", "delete", "other", "--yes"]).ok();
    assert!(!folder.join("other").exists());
}
