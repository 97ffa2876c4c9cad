//! `--jq`: a filter in the jq language over the JSON that a command shows. It gets JSON text and not values, so that the
//! order of keys and the spelling of numbers survive; and it sees nothing of the environment, where the token may be.

use jaq_all::data::{self, Ctx, Data, DataKind, Runner};
use jaq_all::jaq_core::native::{Fun, bome, run, v};
use jaq_all::jaq_core::{Exn, Vars};
use jaq_all::jaq_std::input::RcIter;
use jaq_all::json::write::{Pp, write};
use jaq_all::json::{Rc, Val, read};
use jaq_all::load::{FileReports, FileReportsDisp};

use crate::error::{Error, Kind};
use crate::model::json;

/// A filter that was understood.
pub struct Filter(data::Filter);

impl Filter {
    /// Understands an expression.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] where it is none.
    pub fn new(expression: &str) -> anyhow::Result<Self> {
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
    /// Where the document is not JSON, or the expression does not fit what is in it.
    pub fn apply(&self, json: &[u8]) -> anyhow::Result<Vec<u8>> {
        let failed = |reason: &str| {
            Error::new(Kind::Failure, format!("--jq failed: {reason}"))
                .hint("the command itself has succeeded: only its result could not be filtered")
        };
        // jq's parser stops at half a character.
        let whole = std::str::from_utf8(json).map(json::with_whole_characters);
        let json = whole.as_ref().map_or(json, |json| json.as_bytes());
        let input = read::parse_single(json).map_err(|error| failed(&error.to_string()))?;
        let (runner, inputs) = (Runner::default(), RcIter::new(Box::new(std::iter::empty())));
        let data = Data { runner: &runner, lut: &self.0.lut, inputs: &inputs, input_filename: &Val::Null };
        let context = Ctx::new(&data, Vars::new([nothing()]));
        let mut out = Vec::new();
        for result in self.0.id.run((context, input)) {
            let value = match result.map_err(Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(failed(&error.to_string()).into()),
                Err(Err(end)) => match end.get_halt() {
                    Ok(0) => break,
                    _ => return Err(failed("the expression ended itself with an error").into()),
                },
            };
            match value {
                Val::TStr(text) | Val::BStr(text) => out.extend_from_slice(&text),
                value => write(&mut out, &Pp::default(), 0, &value)?,
            }
            out.push(b'\n');
        }
        Ok(out)
    }
}

/// JSON for people: a line for each member, numbers and keys as they are.
pub(super) fn indented(json: &[u8]) -> Option<Vec<u8>> {
    let value = read::parse_single(json).ok()?;
    let mut out = Vec::new();
    write(&mut out, &Pp { indent: Some("  ".to_owned()), sep_space: true, ..Pp::default() }, 0, &value).ok()?;
    Some(out)
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
        String::from_utf8(Filter::new(expression).unwrap().apply(json.as_bytes()).unwrap()).unwrap()
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
            let error = Filter::new(expression).err().unwrap();
            assert_eq!(error.to_string(), format!("--jq `{expression}` is not understood: {reason}"));
        }
    }

    #[test]
    fn an_expression_can_end_itself_and_not_the_program() {
        assert_eq!(filtered("1, halt, 2", "null"), "1\n");
        for expression in ["1, halt_error", "error(\"no\")", ".a.b.c"] {
            let error = Filter::new(expression).unwrap().apply(b"[1]").unwrap_err();
            assert!(error.to_string().starts_with("--jq failed: "), "{error}");
        }
    }
}
