//! The jq language: an expression over JSON text. It works on text, not on values, so that the order of keys and the spelling of
//! numbers survive. It cannot read the environment, where the token may be.

use jaq_all::data::{self, Ctx, Data, DataKind, Runner};
use jaq_all::jaq_core::native::{Fun, bome, run, v};
use jaq_all::jaq_core::{Exn, Vars};
use jaq_all::jaq_std::input::RcIter;
use jaq_all::json::write::{Pp, write};
use jaq_all::json::{Num, Rc, Val, read};
use jaq_all::load::{FileReports, FileReportsDisp};

use crate::error::Error;
use crate::model::json;

/// The deepest that JSON may be nested: its parser, and the end of what it read, take a call for each level.
const DEEPEST: usize = 500;
/// The most that is told of an error, in characters: it may hold the whole document.
const LONGEST_REASON: usize = 80;
/// Stands for `-0` while jq's parser reads, which takes that for 0.
const MINUS_ZERO: &str = "-0.000000000000000000000000000000e-0";

/// An expression that was understood.
pub(super) struct Engine(data::Filter);

/// What an expression made of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filtered {
    /// A line for each result.
    pub(super) text: Vec<u8>,
    /// Whether it ended itself, and with that what would come after.
    pub(super) halted: bool,
}

impl Engine {
    /// Understands an expression.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] where it is none.
    pub(super) fn new(expression: &str) -> anyhow::Result<Self> {
        let filter = jaq_all::compile_with(expression, jaq_all::defs(), functions(), &["ENV".to_owned()]);
        filter.map(Self).map_err(|reports| {
            Error::usage(format!("--jq `{expression}` is not understood: {}", reason(&reports)))
                .hint("jq's manual describes the language: https://jqlang.org/manual/")
                .into()
        })
    }

    /// Filters one JSON document. Each result is a line: text as it is, anything else as JSON.
    ///
    /// # Errors
    /// Why not: the document is not JSON, or the expression does not fit what is in it.
    pub(super) fn apply(&self, json: &[u8]) -> Result<Filtered, String> {
        let input = parse(json)?;
        let (runner, inputs) = (Runner::default(), RcIter::new(Box::new(std::iter::empty())));
        let data = Data { runner: &runner, lut: &self.0.lut, inputs: &inputs, input_filename: &Val::Null };
        let context = Ctx::new(&data, Vars::new([nothing()]));
        let mut filtered = Filtered::default();
        for result in self.0.id.run((context, input)) {
            let value = match result.map_err(Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(shortened(&error.to_string())),
                Err(Err(end)) => match end.get_halt() {
                    Ok(0) => return Ok(Filtered { halted: true, ..filtered }),
                    _ => return Err("the expression ended itself with an error".to_owned()),
                },
            };
            match value {
                Val::TStr(text) | Val::BStr(text) => filtered.text.extend_from_slice(&text),
                value => write(&mut filtered.text, &Pp::default(), 0, &value).map_err(|error| error.to_string())?,
            }
            filtered.text.push(b'\n');
        }
        Ok(filtered)
    }
}

/// JSON for people: a line for each member, numbers and keys as they are.
pub(super) fn indented(json: &[u8]) -> Option<Vec<u8>> {
    let value = parse(json).ok()?;
    let mut out = Vec::new();
    write(&mut out, &Pp { indent: Some("  ".to_owned()), sep_space: true, ..Pp::default() }, 0, &value).ok()?;
    Some(out)
}

/// Reads JSON text, numbers as they are spelled.
fn parse(json: &[u8]) -> Result<Val, String> {
    let text = json::readable(json);
    let found = look_over(text.as_bytes());
    if found.depth > DEEPEST {
        return Err(format!("the JSON is nested more than {DEEPEST} levels deep"));
    }
    let read = |text: &[u8]| read::parse_single(text).map_err(|error| shortened(&error.to_string()));
    if found.minus_zeros.is_empty() {
        return read(text.as_bytes());
    }
    let mut marked = text.into_owned();
    for place in found.minus_zeros.into_iter().rev() {
        marked.replace_range(place..place + 2, MINUS_ZERO);
    }
    read(marked.as_bytes()).map(with_minus_zeros)
}

/// What there is in JSON text that jq's parser cannot cope with.
#[derive(Default)]
struct Found {
    depth: usize,
    /// Where each `-0` is.
    minus_zeros: Vec<usize>,
}

fn look_over(json: &[u8]) -> Found {
    let (mut found, mut depth, mut in_text, mut escaped) = (Found::default(), 0_usize, false, false);
    for (place, &byte) in json.iter().enumerate() {
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' if json[place..].starts_with(b"-0") => {
                let more = json.get(place + 2).is_some_and(|next| matches!(next, b'.' | b'e' | b'E' | b'0'..=b'9'));
                // An exponent may be `-0` too.
                let exponent = place.checked_sub(1).is_some_and(|before| matches!(json[before], b'e' | b'E'));
                if !more && !exponent {
                    found.minus_zeros.push(place);
                }
            }
            _ => {}
        }
        found.depth = found.depth.max(depth);
    }
    found
}

fn with_minus_zeros(value: Val) -> Val {
    match value {
        Val::Num(Num::Dec(text)) if text.as_str() == MINUS_ZERO => Val::Num(Num::Dec(Rc::new("-0".to_owned()))),
        Val::Arr(values) => values.iter().cloned().map(with_minus_zeros).collect(),
        Val::Obj(fields) => {
            Val::obj(fields.iter().map(|(key, value)| (key.clone(), with_minus_zeros(value.clone()))).collect())
        }
        other => other,
    }
}

/// The beginning and the end of a reason.
fn shortened(reason: &str) -> String {
    let characters: Vec<char> = reason.chars().collect();
    let end = LONGEST_REASON / 4;
    if characters.len() <= LONGEST_REASON {
        return reason.to_owned();
    }
    let (first, last) = (&characters[..LONGEST_REASON - end - 1], &characters[characters.len() - end..]);
    first.iter().chain(&['…']).chain(last).collect()
}

/// jq's functions. `env` is there and empty, and so is `$ENV`.
fn functions() -> impl Iterator<Item = Fun<DataKind>> {
    let hidden = run::<DataKind>(("env", v(0), |_| bome(Ok(nothing()))));
    data::funs().filter(|(name, ..)| *name != "env").chain([hidden])
}

fn nothing() -> Val {
    Val::Obj(Rc::default())
}

/// What is wrong with an expression. The report that jaq draws of it has many lines; the first of them says it.
fn reason(reports: &[FileReports]) -> String {
    let told: String = reports.iter().map(|report| FileReportsDisp::new(report).to_string()).collect();
    let reasons: Vec<_> = told.lines().filter_map(|line| line.strip_prefix("Error: ")).collect();
    reasons.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(expression: &str, json: &str) -> String {
        String::from_utf8(Engine::new(expression).unwrap().apply(json.as_bytes()).unwrap().text).unwrap()
    }

    #[test]
    fn keys_and_numbers_stay_as_they_are() {
        let json = r#"{"z":0.1000,"a":12345678901234567890123,"m":1e400,"e":"\u00e9\n"}"#;
        assert_eq!(filtered(".", json), "{\"z\":0.1000,\"a\":12345678901234567890123,\"m\":1e400,\"e\":\"é\\n\"}\n");
        assert_eq!(filtered(".z, .a, .e, .nothing", json), "0.1000\n12345678901234567890123\né\n\nnull\n");
    }

    #[test]
    fn half_a_character_is_the_replacement_character() {
        assert_eq!(filtered(".a, .b", r#"{"a":"cut \ud83d","b":"\ude00"}"#), "cut \u{fffd}\n\u{fffd}\n");
    }

    #[test]
    fn the_environment_is_not_seen() {
        for expression in ["env", "$ENV", "env | keys | length", "$ENV | keys | length", "env.PATH, $ENV.PATH"] {
            let seen = filtered(expression, "null");
            assert!(["{}\n", "0\n", "null\nnull\n"].contains(&seen.as_str()), "{expression}: {seen}");
        }
    }

    #[test]
    fn an_expression_that_is_none_is_told_in_one_line() {
        for (expression, reason) in [
            ("", "expected term"),
            (".[", "expected closing bracket"),
            ("nonsense(1)", "undefined filter"),
            ("$nowhere", "undefined variable"),
            (r#"import "a" as a; ."#, "could not load file a: module loading not supported"),
        ] {
            let error = Engine::new(expression).err().unwrap();
            assert_eq!(error.to_string(), format!("--jq `{expression}` is not understood: {reason}"));
        }
    }

    #[test]
    fn an_expression_can_end_itself_and_not_the_program() {
        assert_eq!(filtered("1, halt, 2", "null"), "1\n");
        for expression in ["1, halt_error", "error(\"no\")", ".a.b.c"] {
            Engine::new(expression).unwrap().apply(b"[1]").unwrap_err();
        }
        assert!(Engine::new("1, halt, 2").unwrap().apply(b"null").unwrap().halted);
    }

    #[test]
    fn minus_zero_stays_what_it_is() {
        let json = r#"{"a":-0,"b":[-0.0,-0e0,1e-0,0,"-0",-0]}"#;
        assert_eq!(filtered(".", json), format!("{json}\n"));
        assert_eq!(filtered(".a, .b[-1], .a + 1, .a == 0", json), "-0\n-0\n1.0\ntrue\n");
    }

    #[test]
    fn a_reason_does_not_hold_the_document() {
        let json = format!("[{{\"text\":\"{}\"}}]", "secret ".repeat(1000));
        let reason = Engine::new(".id").unwrap().apply(json.as_bytes()).unwrap_err();
        assert!(reason.chars().count() <= LONGEST_REASON && reason.ends_with("with \"id\""), "{reason}");
    }

    #[test]
    fn what_is_nested_too_deeply_is_an_error() {
        let json = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Engine::new(".").unwrap().apply(json(DEEPEST).as_bytes()).is_ok());
        for depth in [DEEPEST + 1, 1_000_000] {
            let reason = Engine::new(".").unwrap().apply(json(depth).as_bytes()).unwrap_err();
            assert!(reason.contains("nested"), "{reason}");
            assert_eq!(indented(json(depth).as_bytes()), None);
        }
    }
}
