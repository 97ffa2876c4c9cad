//! Which argument takes which value. Names and types decide, through input objects; what is not clear is an error, as a wrong
//! guess would send one thing for another.

use std::fmt::Write;

use anyhow::bail;
use apollo_compiler::ast::{FieldDefinition, Type};

use super::Match;
use super::live::Live;
use super::roles::{Role, Sort, plain, words};

/// How many input objects deep an argument is looked for.
const DEEPEST: usize = 2;
/// Sure from here on, likely from there on.
const CERTAIN: u32 = 100;
const LIKELY: u32 = 80;
const GUESS: u32 = 60;
const WORD: u32 = 50;

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
    /// The value of an enum that stands in the document: always, or where no other is given.
    literal: Option<String>,
}

/// The arguments of a field with the roles that they take.
pub(super) struct Arguments<'a> {
    slots: Vec<Slot<'a>>,
    /// Why each role is where it is.
    pub(super) matches: Vec<Match>,
}

/// One possible match.
struct Candidate {
    role: &'static Role,
    path: String,
    score: u32,
    why: String,
    literal: Option<String>,
}

impl<'a> Arguments<'a> {
    /// Matches roles with the arguments of a field.
    ///
    /// # Errors
    /// Where a needed role has no argument, a required argument no role, or two candidates are equally good.
    pub(super) fn bind(live: &'a Live, roles: &'static [Role], field: &'a FieldDefinition) -> anyhow::Result<Self> {
        let slots = field.arguments.iter().map(|it| slot(live, &it.name, "", &it.ty, it.is_required(), 0)).collect();
        let mut arguments = Self { slots, matches: Vec::new() };
        let mut candidates = Vec::new();
        walk(&arguments.slots, &mut |slot| {
            candidates.extend(roles.iter().filter_map(|role| candidate(live, role, slot)));
        });
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
        arguments.assign(&candidates)?;
        arguments.withdraw();
        arguments.check(roles)?;
        for role in roles {
            if !arguments.matches.iter().any(|found| found.role == role.name) {
                let why = match role.name {
                    "attachment" => "no argument takes it: its link is sent as text",
                    _ => "no argument takes it: it is left out",
                };
                arguments.matches.push(Match { role: role.name, argument: None, sure: "certain", why: why.into() });
            }
        }
        let place = |found: &Match| roles.iter().position(|role| role.name == found.role);
        arguments.matches.sort_by_key(place);
        Ok(arguments)
    }

    /// Gives each role its best place, the surest match first.
    fn assign(&mut self, candidates: &[Candidate]) -> anyhow::Result<()> {
        for best in candidates {
            let is_free = |other: &Candidate| {
                !self.matches.iter().any(|it| it.role == other.role.name || it.argument.as_deref() == Some(&other.path))
            };
            if !is_free(best) {
                continue;
            }
            let rivals = || candidates.iter().filter(|other| other.score == best.score && is_free(other));
            let places: Vec<_> = rivals().filter(|it| it.role.name == best.role.name).map(|it| &*it.path).collect();
            if places.len() > 1 {
                bail!("`{}` may be any of the arguments `{}`", best.role.name, places.join("`, `"));
            }
            let roles: Vec<_> = rivals().filter(|it| it.path == best.path).map(|it| it.role.name).collect();
            if roles.len() > 1 {
                bail!("the argument `{}` may be any of `{}`", best.path, roles.join("`, `"));
            }
            let (sure, why) = (sure(best.score), best.why.clone());
            self.matches.push(Match { role: best.role.name, argument: Some(best.path.clone()), sure, why });
            place(&mut self.slots, best);
        }
        Ok(())
    }

    /// Takes values back out that cannot be given together, or would have to be given always.
    fn withdraw(&mut self) {
        let mut withdrawn = Vec::new();
        choose(&mut self.slots, &mut withdrawn);
        withdraw(&mut self.slots, false, &mut withdrawn);
        self.matches.retain(|found| !withdrawn.contains(&found.role));
    }

    /// Nothing that is needed is missing on either side.
    fn check(&self, roles: &'static [Role]) -> anyhow::Result<()> {
        let all = || {
            let mut all = Vec::new();
            walk(&self.slots, &mut |slot| all.push(format!("{}: {}", slot.path, slot.ty)));
            if all.is_empty() { "none".to_owned() } else { format!("`{}`", all.join("`, `")) }
        };
        for role in roles.iter().filter(|role| role.needed) {
            if !self.matches.iter().any(|found| found.role == role.name) {
                bail!("no argument takes `{}`; the arguments are {}", role.name, all());
            }
        }
        let mut unmet = Vec::new();
        demanded(&self.slots, &mut unmet);
        if let Some(argument) = unmet.first() {
            let roles: Vec<_> = roles.iter().map(|role| role.name).collect();
            bail!("the argument `{argument}` must be given, and is none of `{}`", roles.join("`, `"));
        }
        Ok(())
    }

    /// The variables of the document: `$chat: ID!, $text: String`, in the order of the roles.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        walk(&self.slots, &mut |slot| {
            // With a default of its own a place takes a value that may be missing.
            let ty = if slot.required { slot.ty.clone().non_null() } else { slot.ty.clone().nullable() };
            let declared = match (slot.role, &slot.literal) {
                (Some(role), _) if role.sort == Sort::Field => None,
                (Some(role), Some(default)) => Some((role.name, format!("{ty} = {default}"))),
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

fn slot<'a>(live: &'a Live, name: &'a str, outer: &str, ty: &'a Type, required: bool, depth: usize) -> Slot<'a> {
    let path = if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") };
    let fields = if depth < DEEPEST && !ty.is_list() { live.inputs(ty.inner_named_type()) } else { None };
    let inner = fields.map(|fields| {
        let slots = fields.into_iter().map(|(name, ty, required)| slot(live, name, &path, ty, required, depth + 1));
        slots.collect()
    });
    let one_of = inner.is_some() && live.is_one_of(ty.inner_named_type());
    Slot { name, path, ty, required, inner, one_of, role: None, literal: None }
}

impl Slot<'_> {
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

fn place(slots: &mut [Slot<'_>], candidate: &Candidate) {
    for slot in slots {
        match &mut slot.inner {
            Some(inner) => place(inner, candidate),
            None if slot.path == candidate.path => {
                slot.role = Some(candidate.role);
                slot.literal.clone_from(&candidate.literal);
            }
            None => {}
        }
    }
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
    for slot in slots {
        withdrawn.extend(slot.role.take().map(|role| role.name));
        clear(slot.inner.as_deref_mut().unwrap_or_default(), withdrawn);
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

/// Whether a place can take a role's value, how sure that is, and why.
fn candidate(live: &Live, role: &'static Role, slot: &Slot<'_>) -> Option<Candidate> {
    let (by_type, type_says) = fits(live, role, slot.ty)?;
    let (by_name, name_says) = named(role, &slot.path)?;
    let why = format!("`{}` {name_says}, and {type_says}", slot.name);
    let literal = literal(live, role.sort, slot.ty);
    Some(Candidate { role, path: slot.path.clone(), score: by_name + by_type, why, literal })
}

/// The value of an enum that means this: the newest first, or the order in which things began.
fn literal(live: &Live, sort: Sort, ty: &Type) -> Option<String> {
    let wanted: &[&str] = match sort {
        Sort::Direction => &["desc", "descending"],
        Sort::Field => &["id", "createdat", "created", "creationdate", "date"],
        _ => return None,
    };
    let values = live.enum_values(ty.inner_named_type());
    wanted
        .iter()
        .find_map(|wanted| values.iter().find(|value| plain(value) == *wanted))
        .map(|value| (*value).to_owned())
}

/// How well a type takes a role's value: more than 0 and less than the step between two kinds of names.
fn fits(live: &Live, role: &Role, ty: &Type) -> Option<(u32, String)> {
    if ty.is_list() && role.name != "attachment" {
        return None;
    }
    let name = ty.inner_named_type().as_str();
    let score = match (role.sort, name) {
        (Sort::Id | Sort::Cursor, "ID") | (Sort::Text | Sort::Cursor, "String") | (Sort::Count, "Int") => 9,
        (Sort::Id, "String") => 6,
        (Sort::Id, "Int") | (Sort::Time, "Float") => 5,
        (Sort::Time, "String") => 4,
        (Sort::Direction | Sort::Field, _) => literal(live, role.sort, ty).map(|_| 9)?,
        (Sort::Time, _) if live.is_scalar(name) && !is_built_in(name) => 9,
        (_, "ID" | "Int" | "Float" | "Boolean") | (Sort::Count, _) => return None,
        _ if live.is_scalar(name) => 4,
        _ => return None,
    };
    Some((score, format!("its type is `{ty}`")))
}

fn is_built_in(scalar: &str) -> bool {
    matches!(scalar, "ID" | "String" | "Int" | "Float" | "Boolean")
}

/// How much a name, with those of the input objects around it, says that it means a role.
fn named(role: &Role, path: &str) -> Option<(u32, String)> {
    let parts: Vec<_> = path.split('.').collect();
    let (last, outer) = parts.split_last()?;
    let name = plain(last);
    let within = outer.last().map(|outer| plain(outer) + &name);
    let is =
        |names: &[&str]| names.contains(&&*name) || within.as_ref().is_some_and(|within| names.contains(&&**within));
    let exactly = role.exact.first().is_some_and(|first| *first == name);
    Some(if is(role.exact) {
        (CERTAIN + 10 * u32::from(exactly), format!("means `{}` and nothing else", role.name))
    } else if is(role.likely) {
        (LIKELY, format!("is another word for `{}`", role.name))
    } else if is(role.generic) {
        (GUESS, format!("can mean `{}`", role.name))
    } else if let Some(word) = role.words.iter().find(|word| words(last).iter().any(|it| it == *word)) {
        (WORD, format!("speaks of `{word}`"))
    } else {
        return None;
    })
}

fn sure(score: u32) -> &'static str {
    match score {
        CERTAIN.. => "certain",
        LIKELY.. => "likely",
        _ => "a guess",
    }
}
