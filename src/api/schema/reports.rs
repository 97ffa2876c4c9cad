//! What a payload tells beside its result: whether it is done, and if not, why.

use super::live::Live;
use super::selection::{Pick, arguments, composite, fragments, leaf};
use crate::api::operation::role::{plain, words};

/// What a payload says about success and failure beside its result.
pub(super) fn reports(live: &Live, name: &str) -> Vec<Pick> {
    let mut picks = Vec::new();
    for field in live.fields(name).unwrap_or_default() {
        let inner = field.ty.inner_named_type();
        if arguments(field).is_none_or(|it| !it.is_empty()) {
            continue;
        }
        let leaf = |key: &str| leaf(key, &field.name, &field.ty.to_string());
        match &*plain(&field.name) {
            "ok" | "success" | "succeeded" | "successful" | "issuccess" | "done" if &**inner == "Boolean" => {
                picks.push(leaf("ok"));
            }
            "failed" | "haserrors" | "haserror" | "iserror" | "error" if &**inner == "Boolean" => {
                picks.push(leaf("failed"));
            }
            _ if !looks_like_a_report(&field.name) => {}
            _ if live.is_leaf(inner) => picks.push(leaf(if field.ty.is_list() { "errors" } else { "refusal" })),
            _ => picks.push(composite("errors", &field.name, &field.ty, errors(live, inner))),
        }
    }
    if picks.iter().any(|pick| matches!(&*pick.key, "ok" | "failed")) {
        picks.extend(reason(live, name, "said"));
    }
    picks.sort_by(|one, other| one.key.cmp(&other.key));
    picks.dedup_by(|one, other| one.key == other.key);
    picks
}

fn looks_like_a_report(name: &str) -> bool {
    let is_one = |word: &String| {
        matches!(&**word, "error" | "errors" | "problem" | "problems" | "failure" | "failures" | "violations")
    };
    words(name).iter().any(is_one)
}

/// What a member of a union that is not the thing has to say. That it is there is a refusal in itself.
pub(super) fn refusal(live: &Live, member: &str) -> Vec<Pick> {
    let mut picks = reason(live, member, "refusal");
    picks.push(leaf("refusedBy", "__typename", "String!"));
    picks
}

/// What an error of a payload says: an object, or any member of a union or an interface.
fn errors(live: &Live, name: &str) -> Vec<Pick> {
    let mut picks = reason(live, name, "message");
    if picks.is_empty() {
        picks = fragments(live, &live.members(name), |member| reason(live, member, "message"));
    }
    picks.push(leaf("__typename", "__typename", "String!"));
    picks
}

/// Why, and the code, where there are fields for these.
fn reason(live: &Live, name: &str, key: &str) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default();
    let field = |wanted: &[&str]| {
        let is_it = |wanted: &str| {
            fields.iter().find(|field| {
                let inner = field.ty.inner_named_type();
                plain(&field.name) == wanted && live.is_leaf(inner) && arguments(field).is_some_and(|it| it.is_empty())
            })
        };
        wanted.iter().find_map(|wanted| is_it(wanted))
    };
    let Some(message) = field(&["message", "messages", "reason", "description", "detail", "details", "title"]) else {
        return Vec::new();
    };
    let mut picks = vec![leaf(key, &message.name, &message.ty.to_string())];
    if let Some(code) = field(&["code", "errorcode"]) {
        picks.push(leaf("code", &code.name, &code.ty.to_string()));
    }
    picks
}
