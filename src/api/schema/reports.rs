//! What a payload tells beside its result: whether it is done, and if not, why.

use apollo_compiler::ast::FieldDefinition;

use super::live::Live;
use super::roles::{plain, words};
use super::selection::{Pick, arguments, composite, leaf};

/// What a payload says about success and failure beside its result.
pub(super) fn reports(live: &Live, name: &str) -> Vec<Pick> {
    let mut picks = Vec::new();
    for field in live.fields(name).unwrap_or_default() {
        let inner = field.ty.inner_named_type();
        if arguments(field).is_none_or(|it| !it.is_empty()) {
            continue;
        }
        if &**inner == "Boolean"
            && matches!(&*plain(&field.name), "ok" | "success" | "succeeded" | "successful" | "done")
        {
            picks.push(leaf("ok", &field.name, &field.ty.to_string()));
        } else if looks_like_a_report(&field.name) && live.is_leaf(inner) {
            let key = if field.ty.is_list() { "errors" } else { "refusal" };
            picks.push(leaf(key, &field.name, &field.ty.to_string()));
        } else if looks_like_a_report(&field.name) {
            let inner = refusal_of(live, inner, "message");
            if !inner.is_empty() {
                picks.push(composite("errors", &field.name, &field.ty, inner));
            }
        }
    }
    picks.sort_by(|one, other| one.key.cmp(&other.key));
    picks.dedup_by(|one, other| one.key == other.key);
    picks
}

pub(super) fn looks_like_a_report(name: &str) -> bool {
    words(name).iter().any(|word| matches!(&**word, "error" | "errors" | "problem" | "problems"))
}

/// What a member of a union that is not the thing has to say.
pub(super) fn refusal(live: &Live, member: &str) -> Vec<Pick> {
    refusal_of(live, member, "refusal")
}

fn refusal_of(live: &Live, name: &str, key: &str) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default();
    let text = |wanted: &[&str]| {
        let is_text = |field: &&&FieldDefinition| {
            wanted.contains(&&*plain(&field.name)) && live.is_leaf(field.ty.inner_named_type()) && !field.ty.is_list()
        };
        fields.iter().find(is_text)
    };
    let Some(message) = text(&["message", "reason", "description"]) else { return Vec::new() };
    let mut picks = vec![leaf(key, &message.name, &message.ty.to_string())];
    if let Some(code) = text(&["code", "errorcode"]) {
        picks.push(leaf("code", &code.name, &code.ty.to_string()));
    }
    picks
}
