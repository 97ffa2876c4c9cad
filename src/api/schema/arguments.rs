//! Which argument takes which value. The names and the types of the vocabulary decide, through input objects, and what a person
//! has said; whatever else there is, is a question.

use std::fmt::Write;

use anyhow::bail;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Type};

use super::Match;
use super::connection::cursors;
use super::live::{DEPRECATED, Live, prefer};
use crate::api::operation::role::{
    AFTER, BEFORE, DIRECTION, FIRST, LAST, OFFSET, ORDERED_BY, PAGE_NUMBER, Role, SINCE, Sort, UNTIL, plain,
    speaks_of_pages,
};

/// How many input objects deep an argument is looked for.
const DEEPEST: usize = 2;
/// How sure a place is where a person named it.
pub(super) const ACCEPTED: &str = "accepted";

/// A place that takes a value: an argument, or a field of an input object.
struct Slot<'a> {
    name: &'a str,
    /// Where it stands: `input.chatId`.
    path: String,
    ty: &'a Type,
    /// Whether it must be given where what it is in is given.
    required: bool,
    /// The fields of its input object.
    inner: Option<Vec<Slot<'a>>>,
    /// Whether exactly one of them is given.
    one_of: bool,
    role: Option<&'static Role>,
    /// The value of an enum that stands in the document, always or where no other is given; the number of the first page.
    literal: Option<String>,
    definition: &'a InputValueDefinition,
}

/// The arguments of a field with the roles that they take.
pub(super) struct Arguments<'a> {
    slots: Vec<Slot<'a>>,
    /// Why each role is where it is.
    pub(super) matches: Vec<Match>,
    /// The scalars of the cursors that the list tells.
    cursors: Vec<&'a str>,
}

impl<'a> Arguments<'a> {
    /// Matches roles with the arguments of a field.
    ///
    /// # Errors
    /// Where a needed role has no argument, a required argument no role, or more than one could be it.
    pub(super) fn bind(live: &'a Live, roles: &'static [Role], field: &'a FieldDefinition) -> anyhow::Result<Self> {
        let slots = field.arguments.iter().map(|it| slot(live, it, "", 0)).collect();
        let mut arguments = Self { slots, matches: Vec::new(), cursors: cursors(live, &field.ty) };
        for role in roles {
            arguments.assign(live, role, &field.name)?;
        }
        arguments.withdraw();
        arguments.check(live, roles)?;
        for role in roles {
            // Of the ways to choose a page one is enough.
            let is_way = [OFFSET.name, PAGE_NUMBER.name].contains(&role.name);
            if !is_way && !arguments.takes(role) {
                let why = match role.name {
                    "attachment" => "no argument is known to take it: its link is sent as text",
                    _ => "no argument is known to take it: it is left out",
                };
                arguments.matches.push(Match { role: role.name, argument: None, sure: "certain", why: why.into() });
            }
        }
        let place = |found: &Match| roles.iter().position(|role| role.name == found.role);
        arguments.matches.sort_by_key(place);
        Ok(arguments)
    }

    /// Whether a role has its place.
    pub(super) fn takes(&self, role: &Role) -> bool {
        self.matches.iter().any(|found| found.role == role.name && found.argument.is_some())
    }

    /// How the pages after the first are asked for: with the cursor that the list tells, else by number.
    pub(super) fn way(&self) -> Option<&'static Role> {
        let is_told = |scalar: &str| {
            self.cursors.iter().any(|told| *told == scalar || (AFTER.is_typed(scalar) && AFTER.is_typed(told)))
        };
        let takes_cursor = |slot: &Slot<'_>| slot.role.is_some_and(|role| role.sort == Sort::Cursor);
        if any(&self.slots, &|slot| takes_cursor(slot) && is_told(slot.ty.inner_named_type())) {
            return Some(&AFTER);
        }
        [&OFFSET, &PAGE_NUMBER].into_iter().find(|way| self.takes(way))
    }

    /// Why a list may be cut short: an argument is left out that may choose a page, where no other does, or nobody tells what
    /// the first page is.
    pub(super) fn left_out(&self) -> Option<String> {
        let mut left_out = None;
        let way = self.way();
        let mut chooses = way.is_some();
        walk(&self.slots, &mut |slot| {
            chooses |= slot.role.is_some_and(|role| role.sort == Sort::Count);
            let is_cursor = way.is_none() && slot.role.is_some_and(|role| role.sort == Sort::Cursor);
            let is_unknown = slot.role.is_none() && (slot.path.split('.').any(speaks_of_pages) || slot.is_count());
            if is_cursor || is_unknown {
                left_out.get_or_insert_with(|| slot.said("is not known to choose a page"));
            }
        });
        left_out.filter(|_| !chooses).or_else(|| self.unknown_first())
    }

    /// Why something may be missing of a list of which everything is wanted: an argument is left out that is not known for what
    /// does no more than choose a page or an order.
    pub(super) fn hides(&self, operation: &str) -> Option<String> {
        const HARMLESS: [&Role; 10] =
            [&FIRST, &LAST, &AFTER, &BEFORE, &OFFSET, &PAGE_NUMBER, &DIRECTION, &ORDERED_BY, &SINCE, &UNTIL];
        let mut hides = None;
        walk(&self.slots, &mut |slot| {
            let has_default = slot.definition.default_value.is_some();
            let is_harmless =
                |role: &&Role| role.is_named(&slot.path, operation) && (role.sort != Sort::Time || !has_default);
            if slot.role.is_none() && !HARMLESS.iter().any(is_harmless) {
                hides.get_or_insert_with(|| slot.said("is left out, and may hide some"));
            }
        });
        hides.or_else(|| self.left_out())
    }

    /// Pages are counted from 0 or from 1: only a default says which.
    fn unknown_first(&self) -> Option<String> {
        let mut unknown = None;
        walk(&self.slots, &mut |slot| {
            let default = slot.definition.default_value.as_ref().and_then(|value| value.to_i32());
            if slot.role.is_some_and(|role| role.name == PAGE_NUMBER.name) && !matches!(default, Some(0 | 1)) {
                unknown = Some(slot.said("does not say whether the first page is 0 or 1"));
            }
        });
        unknown
    }

    /// Gives a role its place: what a person said, or the only one that the vocabulary has.
    fn assign(&mut self, live: &Live, role: &'static Role, operation: &str) -> anyhow::Result<()> {
        let mut places = Vec::new();
        walk(&self.slots, &mut |slot| {
            // A cursor may be of any type, as long as the list tells one of that type.
            let is_cursor = role.sort == Sort::Cursor && self.cursors.contains(&&**slot.ty.inner_named_type());
            if role.is_named(&slot.path, operation) && (fits(live, role, slot.ty) || is_cursor) {
                places.push((slot.path.clone(), slot.definition.directives.has(DEPRECATED)));
            }
        });
        let places = prefer(places, |(_, deprecated)| *deprecated);
        let places: Vec<_> = places.into_iter().map(|(path, _)| path).collect();
        let accepted = live.accepted(role.name).find(|path| find(&mut self.slots, path).is_some());
        let (path, sure) = match (accepted, &places[..]) {
            (Some(path), _) => (path.to_owned(), ACCEPTED),
            (None, []) => return Ok(()),
            (None, [path]) => (path.clone(), "certain"),
            (None, _) => bail!(
                "`{}` may be any of the arguments `{}`; `--accept {}={}` says that it is the first",
                role.name,
                places.join("`, `"),
                role.name,
                places[0]
            ),
        };
        let Some(slot) = find(&mut self.slots, &path) else { return Ok(()) };
        if let Some(other) = slot.role {
            bail!("the argument `{path}` may be any of `{}`, `{}`", other.name, role.name);
        }
        let why = match sure {
            ACCEPTED => format!("somebody said that `{path}` takes it"),
            _ => format!("`{}` is one of its names, and `{}` one of its types", slot.name, slot.ty),
        };
        slot.role = Some(role);
        let first_page = slot.definition.default_value.as_ref().filter(|value| value.to_i32() == Some(0));
        slot.literal = match role.sort {
            Sort::Count => first_page.filter(|_| role.name == PAGE_NUMBER.name).map(ToString::to_string),
            sort => literal(live, sort, slot.ty),
        };
        self.matches.push(Match { role: role.name, argument: Some(path), sure, why });
        Ok(())
    }

    /// Takes values back out that cannot be given together, or would have to be given always.
    fn withdraw(&mut self) {
        let mut withdrawn = Vec::new();
        if let Some(way) = self.way() {
            let is_other = |slot: &Slot<'_>| {
                let ways = [&AFTER, &OFFSET, &PAGE_NUMBER];
                slot.role.is_some_and(|role| role.name != way.name && ways.iter().any(|it| it.name == role.name))
            };
            clear_where(&mut self.slots, &is_other, &mut withdrawn);
        }
        choose(&mut self.slots, &mut withdrawn);
        withdraw(&mut self.slots, false, &mut withdrawn);
        self.matches.retain(|found| !withdrawn.contains(&found.role));
    }

    /// Nothing that is needed is missing on either side.
    fn check(&self, live: &Live, roles: &'static [Role]) -> anyhow::Result<()> {
        let all = || {
            let mut all = Vec::new();
            walk(&self.slots, &mut |slot| all.push(format!("{}: {}", slot.path, slot.ty)));
            if all.is_empty() { "none".to_owned() } else { format!("`{}`", all.join("`, `")) }
        };
        for role in roles.iter().filter(|role| role.needed) {
            if !self.matches.iter().any(|found| found.role == role.name) {
                let question = self.question(live, role);
                bail!("no argument is known to take `{}`; the arguments are {}{question}", role.name, all());
            }
        }
        let mut unmet = Vec::new();
        demanded(&self.slots, &mut unmet);
        if let Some(argument) = unmet.first() {
            let path = argument.split(':').next().unwrap_or(argument);
            let free = roles.iter().filter(|role| !self.matches.iter().any(|found| found.role == role.name));
            let mut free: Vec<_> = free.map(|role| role.name).collect();
            free.sort_by_key(|name| !roles.iter().any(|role| role.name == *name && role.resembles(path)));
            let question = free
                .first()
                .map_or_else(String::new, |role| format!("; `--accept {role}={path}` says that it takes `{role}`"));
            bail!(
                "the argument `{argument}` must be given, and is not known to take any of `{}`{question}",
                free.join("`, `")
            );
        }
        Ok(())
    }

    /// What a person can answer: the arguments whose names are like those of a role or, where none are, those that must be
    /// given and could take it by their type.
    fn question(&self, live: &Live, role: &Role) -> String {
        let (mut alike, mut wanted) = (Vec::new(), Vec::new());
        walk(&self.slots, &mut |slot| {
            if slot.role.is_none() && role.resembles(&slot.path) {
                alike.push(slot.path.as_str());
            } else if slot.role.is_none() && slot.required && fits(live, role, slot.ty) {
                wanted.push(slot.path.as_str());
            }
        });
        let candidates = if alike.is_empty() { wanted } else { alike };
        let Some(first) = candidates.first() else { return String::new() };
        format!("; `{}` could be meant: `--accept {}={first}` says so", candidates.join("`, `"), role.name)
    }

    /// The variables of the document: `$chat: ID!, $text: String`, in the order of the roles.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        walk(&self.slots, &mut |slot| {
            // With a default of its own a place takes a value that may be missing.
            let ty = if slot.required { slot.ty.clone().non_null() } else { slot.ty.clone().nullable() };
            let declared = match (slot.role, &slot.literal) {
                (Some(role), _) if role.sort == Sort::Field => None,
                // Nullable in any place, as its default is not null: graphql-jit demands a non-null variable all the same.
                (Some(role), Some(default)) => Some((role.name, format!("{} = {default}", ty.nullable()))),
                (Some(role), None) => Some((role.name, ty.to_string())),
                (None, _) => None,
            };
            found.extend(declared);
        });
        found.sort_by_key(|(name, _)| self.matches.iter().position(|found| found.role == *name));
        found
    }

    /// The arguments as GraphQL: `(input: {chatId: $chat})`.
    pub(super) fn text(&self) -> String {
        let text = written(&self.slots);
        if text.is_empty() { text } else { format!("({text})") }
    }
}

fn slot<'a>(live: &'a Live, definition: &'a InputValueDefinition, outer: &str, depth: usize) -> Slot<'a> {
    let (name, ty, required) = (definition.name.as_str(), &*definition.ty, definition.is_required());
    let path = if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") };
    let fields = if depth < DEEPEST && !ty.is_list() { live.inputs(ty.inner_named_type()) } else { None };
    let inner = fields.map(|fields| fields.into_iter().map(|field| slot(live, field, &path, depth + 1)).collect());
    let one_of = inner.is_some() && live.is_one_of(ty.inner_named_type());
    Slot { name, path, ty, required, inner, one_of, role: None, literal: None, definition }
}

impl Slot<'_> {
    /// What is said of it in a sentence.
    fn said(&self, what: &str) -> String {
        format!("`{}: {}` {what}", self.path, self.ty)
    }

    fn is_count(&self) -> bool {
        &**self.ty.inner_named_type() == "Int"
    }

    /// Whether its value may be taken back out of an object that must have it. What stands in the document is always there.
    fn may_go(&self) -> bool {
        self.literal.is_none() && self.role.is_some_and(|role| role.name != "persona")
    }
}

/// Visits every place that takes a value of its own.
fn walk<'s, 'a>(slots: &'s [Slot<'a>], visit: &mut dyn FnMut(&'s Slot<'a>)) {
    for slot in slots {
        match &slot.inner {
            Some(inner) => walk(inner, visit),
            None => visit(slot),
        }
    }
}

fn any(slots: &[Slot<'_>], holds: &dyn Fn(&Slot<'_>) -> bool) -> bool {
    let mut found = false;
    walk(slots, &mut |slot| found |= holds(slot));
    found
}

/// The place of this path.
fn find<'s, 'a>(slots: &'s mut [Slot<'a>], path: &str) -> Option<&'s mut Slot<'a>> {
    for slot in slots {
        if slot.inner.is_none() && slot.path == path {
            return Some(slot);
        }
        if let Some(found) = find(slot.inner.as_deref_mut().unwrap_or_default(), path) {
            return Some(found);
        }
    }
    None
}

/// Leaves one value in an object of which exactly one field is given: what is needed, or else what comes first.
fn choose(slots: &mut [Slot<'_>], withdrawn: &mut Vec<&'static str>) {
    for slot in slots {
        let Some(inner) = &mut slot.inner else { continue };
        if slot.one_of {
            let holds = |slot: &Slot<'_>, holds: &dyn Fn(&Slot<'_>) -> bool| any(std::slice::from_ref(slot), holds);
            let needed = |slot: &Slot<'_>| holds(slot, &|it| it.role.is_some_and(|role| role.needed));
            let first = |slot: &Slot<'_>| holds(slot, &|it| it.role.is_some());
            let chosen = inner.iter().position(needed).or_else(|| inner.iter().position(first));
            for (place, other) in inner.iter_mut().enumerate() {
                if Some(place) == chosen {
                    other.required = true;
                } else {
                    clear(std::slice::from_mut(other), withdrawn);
                }
            }
        }
        choose(inner, withdrawn);
    }
}

/// Takes an optional value back out of an optional input object that must have it: without the value the object could not be
/// left out. The same where the object demands something that nobody has. A persona stays, as a message of nobody's would be
/// worse than being asked who sends it.
fn withdraw(slots: &mut [Slot<'_>], optional: bool, withdrawn: &mut Vec<&'static str>) {
    for slot in slots {
        let optional = optional || !slot.required;
        let may_go = slot.may_go();
        match &mut slot.inner {
            Some(inner) => {
                let stays = any(inner, &|slot| slot.role.is_some_and(|role| role.needed));
                let persona = any(inner, &|slot| slot.role.is_some_and(|role| role.name == "persona"));
                let mut unmet = Vec::new();
                demanded(inner, &mut unmet);
                if optional && !stays && !persona && !unmet.is_empty() {
                    clear(inner, withdrawn);
                } else {
                    withdraw(inner, optional && !stays, withdrawn);
                }
            }
            None if optional && slot.required && may_go => {
                withdrawn.extend(slot.role.take().map(|role| role.name));
            }
            None => {}
        }
    }
}

fn clear(slots: &mut [Slot<'_>], withdrawn: &mut Vec<&'static str>) {
    clear_where(slots, &|_| true, withdrawn);
}

fn clear_where(slots: &mut [Slot<'_>], is_it: &dyn Fn(&Slot<'_>) -> bool, withdrawn: &mut Vec<&'static str>) {
    for slot in slots {
        if is_it(slot) {
            withdrawn.extend(slot.role.take().map(|role| role.name));
        }
        clear_where(slot.inner.as_deref_mut().unwrap_or_default(), is_it, withdrawn);
    }
}

/// What must be given and takes no role.
fn demanded(slots: &[Slot<'_>], unmet: &mut Vec<String>) {
    for slot in slots {
        match &slot.inner {
            Some(inner) if slot.required || any(inner, &|slot| slot.role.is_some()) => demanded(inner, unmet),
            None if slot.required && slot.role.is_none() => unmet.push(format!("{}: {}", slot.path, slot.ty)),
            _ => {}
        }
    }
}

fn written(slots: &[Slot<'_>]) -> String {
    let mut text = String::new();
    for slot in slots {
        let value = match (&slot.inner, slot.role) {
            (Some(inner), _) if slot.required || any(inner, &|slot| slot.role.is_some()) => {
                format!("{{{}}}", written(inner))
            }
            (None, Some(role)) if role.sort == Sort::Field => slot.literal.clone().unwrap_or_default(),
            (None, Some(role)) => format!("${}", role.name),
            _ => continue,
        };
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing to a string does not fail.
        let _ = write!(text, "{separator}{}: {value}", slot.name);
    }
    text
}

/// The value of an enum that means this: the newest first, or the order in which things began.
fn literal(live: &Live, sort: Sort, ty: &Type) -> Option<String> {
    let wanted: &[&str] = match sort {
        Sort::Direction => &["desc", "descending"],
        Sort::Field => &["id", "createdat", "created", "creationdate", "date"],
        _ => return None,
    };
    let values = live.enum_values(ty.inner_named_type());
    let find = |deprecated| {
        let is_it = |value: &&(&str, bool), wanted: &str| plain(value.0) == wanted && value.1 == deprecated;
        wanted.iter().find_map(|wanted| values.iter().find(|value| is_it(value, wanted)))
    };
    find(false).or_else(|| find(true)).map(|(value, _)| (*value).to_owned())
}

/// Whether a type takes a role's value.
fn fits(live: &Live, role: &Role, ty: &Type) -> bool {
    if ty.is_list() && role.name != "attachment" {
        return false;
    }
    match role.sort {
        Sort::Direction | Sort::Field => literal(live, role.sort, ty).is_some(),
        _ => live.is_scalar(ty.inner_named_type()) && role.is_typed(ty.inner_named_type()),
    }
}
