//! What a payload tells beside its result: whether it is done, and if not, why.

use apollo_compiler::ast::FieldDefinition;

use super::live::Live;
use super::selection::{Pick, arguments, composite, fragments, leaf};
use super::verdict::{REASON, Sign, is_around};
use crate::api::operation::role::plain;

/// What a thing says of itself where it failed; a `problem` may well be what a chat is about.
const OF_A_THING: [&str; 5] = ["error", "errors", "errormessage", "failure", "failurereason"];

/// What a payload says about success and failure beside its result, each under its own name.
pub(super) fn reports(live: &Live, name: &str) -> Vec<Pick> {
    let picks: Vec<_> = live.fields(name).unwrap_or_default().into_iter().filter_map(|it| report(live, it)).collect();
    if picks.is_empty() { picks } else { [picks, of_sign(live, name, Sign::Reason)].concat() }
}

/// What the thing itself says against its success.
pub(super) fn own_reports(live: &Live, name: &str) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default().into_iter();
    fields.filter(|field| OF_A_THING.contains(&&*plain(&field.name))).filter_map(|it| report(live, it)).collect()
}

fn report(live: &Live, field: &FieldDefinition) -> Option<Pick> {
    let (inner, arguments) = (field.ty.inner_named_type(), arguments(field)?);
    let name = format!("{}{arguments}", field.name);
    let told = || leaf(&field.name, &name, &field.ty.to_string());
    let is_word = matches!(&**inner, "Boolean" | "Int") || is_word(live, inner);
    match Sign::of_field(&field.name) {
        Some(Sign::Errors) if live.is_leaf(inner) => Some(told()),
        Some(Sign::Errors) => Some(composite(&field.name, &name, &field.ty, errors(live, inner))),
        _ if field.ty.is_list() => None,
        Some(Sign::DoneIfBoolean) => (&**inner == "Boolean").then(told),
        Some(Sign::Done | Sign::Status | Sign::Code) if is_word => Some(told()),
        _ if is_around(&field.name) && !live.is_leaf(inner) => {
            let fields = live.fields(inner)?.into_iter();
            let inner = fields.filter(|it| live.is_leaf(it.ty.inner_named_type())).filter_map(|it| report(live, it));
            let inner = [inner.collect(), of_sign(live, field.ty.inner_named_type(), Sign::Reason)].concat();
            (!inner.is_empty()).then(|| composite(&field.name, &name, &field.ty, inner))
        }
        _ => None,
    }
}

/// Whether a type has words for values.
pub(super) fn is_word(live: &Live, name: &str) -> bool {
    name == "String" || (live.is_leaf(name) && !live.is_scalar(name))
}

/// The fields of a sign, under their own names.
fn of_sign(live: &Live, name: &str, sign: Sign) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default().into_iter().filter(|field| {
        let is_plain = live.is_leaf(field.ty.inner_named_type()) && arguments(field).is_some_and(|it| it.is_empty());
        is_plain && Sign::of_field(&field.name) == Some(sign)
    });
    fields.map(|field| leaf(&field.name, &field.name, &field.ty.to_string())).collect()
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
    let Some(message) = field(REASON) else {
        return Vec::new();
    };
    let mut picks = vec![leaf(key, &message.name, &message.ty.to_string())];
    if let Some(code) = field(&["code", "errorcode"]) {
        picks.push(leaf("code", &code.name, &code.ty.to_string()));
    }
    picks
}
