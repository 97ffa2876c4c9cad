//! `--jq`. An expression can run for ever, take all memory, or overflow the stack and kill its process. So it runs in another
//! process of this program, within limits. If that one is killed, this one says why.
//!
//! The two exchange messages over pipes. The request is the expression, then one document at a time, each with its length before
//! it. An answer is one byte, which says how it ended, and a text with its length before it.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::engine::{Engine, Filtered};
use crate::error::{Error, Kind};

/// The argument that makes this program the process of a filter.
pub const ARGUMENT: &str = "--process-of-a-filter";

/// The memory that a filter may take, and how many times the size of its document beside it: a value takes some ten times the
/// memory of its text, and a filter makes further values of it.
const MEMORY: u64 = 512 * 1024 * 1024;
const MEMORY_TIMES: u64 = 32;
/// The time of a processor that a filter may take for one document, in seconds, and how many bytes of it are worth another.
const SECONDS: u64 = 10;
const BYTES_A_SECOND: u64 = 1024 * 1024;

const DONE: u8 = b'=';
const HALTED: u8 = b'h';
const FAILED: u8 = b'!';

/// An expression that was understood.
pub struct Filter {
    expression: String,
    process: Mutex<Option<Process>>,
}

impl Filter {
    /// Understands an expression.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] where it is none.
    pub fn new(expression: &str) -> anyhow::Result<Self> {
        Engine::new(expression)?;
        Ok(Self { expression: expression.to_owned(), process: Mutex::new(None) })
    }

    /// The filter that makes of each element of a list what this one makes of the list, one after the other, where there is
    /// such a one: `.[].id` and `.[] | …` look at one element at a time.
    pub(super) fn of_each(&self) -> Option<Self> {
        let rest = self.expression.trim_start().strip_prefix(".[]")?;
        let after = after_path(rest)?.trim_start();
        let ends = after.is_empty() || (after.starts_with('|') && !after.starts_with("|="));
        Self::new(&format!("(.){rest}")).ok().filter(|_| ends)
    }

    /// Filters one JSON document. Each result is a line: text as it is, anything else as JSON.
    ///
    /// # Errors
    /// Where the document is not JSON, the expression does not fit what is in it, or takes more time or memory than it may.
    pub(super) fn apply(&self, json: &[u8]) -> anyhow::Result<Filtered> {
        let filtered = if cfg!(test) {
            // The program of a unit test is none of ours.
            Engine::new(&self.expression)?.apply(json)
        } else {
            self.apply_apart(json)?
        };
        filtered.map_err(|reason| {
            Error::new(Kind::Failure, format!("--jq failed: {reason}"))
                .hint("the command itself has succeeded: only its result could not be filtered")
                .into()
        })
    }

    fn apply_apart(&self, json: &[u8]) -> anyhow::Result<Result<Filtered, String>> {
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let mut process = match slot.take() {
            Some(process) => process,
            None => Process::start(&self.expression).context("--jq failed: cannot start the process of the filter")?,
        };
        if let Ok(answer) = process.ask(json) {
            *slot = Some(process);
            return Ok(answer);
        }
        Ok(Err(process.why_it_ended()?))
    }
}

/// What stands behind the path at the beginning of a text: fields, indices and `?`. `None` where it is not plain.
fn after_path(mut rest: &str) -> Option<&str> {
    let word = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    loop {
        rest = if let Some(after) = rest.strip_prefix('?') {
            after
        } else if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            let plain = index.chars().all(|c| c.is_ascii_digit());
            after.get(..).filter(|_| plain)?
        } else if let Some(field) = rest.strip_prefix('.') {
            let end = word(field);
            let named = field.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            field.get(end..).filter(|_| named)?
        } else {
            return Some(rest);
        };
    }
}

/// The process that an expression runs in.
struct Process {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

impl Process {
    fn start(expression: &str) -> io::Result<Self> {
        // What a system says of its end is said better here; jq's `stderr` writes there too.
        let stderr = if expression.contains("stderr") { Stdio::inherit() } else { Stdio::null() };
        let mut child = Command::new(program()?)
            .arg(ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        send(&mut to, expression.as_bytes())?;
        Ok(Self { child, to, from })
    }

    fn ask(&mut self, json: &[u8]) -> io::Result<Result<Filtered, String>> {
        send(&mut self.to, json)?;
        let mut what = [0];
        self.from.read_exact(&mut what)?;
        let text = receive(&mut self.from, |_| ())?;
        Ok(match what {
            [FAILED] => Err(String::from_utf8_lossy(&text).into_owned()),
            what => Ok(Filtered { text, halted: what == [HALTED] }),
        })
    }

    fn why_it_ended(mut self) -> io::Result<String> {
        let status = self.child.wait()?;
        Ok(if status.signal() == Some(signal_hook::consts::SIGXCPU) {
            format!("the expression takes more than {SECONDS} s; does it end at all?")
        } else {
            format!("the expression takes more than {} MiB of memory, or calls itself without end", MEMORY >> 20)
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// This program: as the system knows it, also where its file was replaced meanwhile.
fn program() -> io::Result<std::path::PathBuf> {
    let running = std::path::PathBuf::from("/proc/self/exe");
    if running.exists() { Ok(running) } else { std::env::current_exe() }
}

/// Runs as the process of a filter.
pub fn serve() -> ExitCode {
    match answer_all(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer_all(from: &mut impl Read, to: &mut impl Write) -> anyhow::Result<()> {
    limit(Resource::Core, 0);
    let expression = String::from_utf8(receive(from, |_| ())?)?;
    let engine = Engine::new(&expression)?;
    loop {
        let document = match receive(from, limit_for) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            document => document?,
        };
        let (what, text) = match engine.apply(&document) {
            Ok(Filtered { text, halted: true }) => (HALTED, text),
            Ok(Filtered { text, halted: false }) => (DONE, text),
            Err(reason) => (FAILED, reason.into_bytes()),
        };
        to.write_all(&[what])?;
        send(to, &text)?;
    }
}

/// Sets the limits for a document of this size.
fn limit_for(size: u64) {
    let spent = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    limit(Resource::As, size.saturating_mul(MEMORY_TIMES).saturating_add(MEMORY));
    limit(Resource::Cpu, u64::try_from(spent).unwrap_or_default() + SECONDS + size / BYTES_A_SECOND);
}

/// Sets a limit, unless there is a lower one. A system that has no such limit goes without it.
fn limit(resource: Resource, most: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(most, |maximum| maximum.min(most)));
    let _ = setrlimit(resource, Rlimit { current, maximum });
}

fn send(to: &mut impl Write, text: &[u8]) -> io::Result<()> {
    to.write_all(&(text.len() as u64).to_le_bytes())?;
    to.write_all(text)?;
    to.flush()
}

/// Receives a text; `announced` is told its length first.
fn receive(from: &mut impl Read, announced: impl Fn(u64)) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    announced(length);
    let mut text = Vec::with_capacity(usize::try_from(length).map_err(io::Error::other)?);
    if from.take(length).read_to_end(&mut text)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_that_looks_at_one_element_at_a_time_is_known() {
        let each = |expression: &str| Filter::new(expression).unwrap().of_each().map(|each| each.expression);
        for (expression, of_each) in [
            (".[]", "(.)"),
            (" .[].id", "(.).id"),
            (".[].user?.name[0][] | length, .", "(.).user?.name[0][] | length, ."),
            (".[] | select(.a == 1) | [.a, .b] | @tsv", "(.) | select(.a == 1) | [.a, .b] | @tsv"),
            (".[]|def f: 1; f", "(.)|def f: 1; f"),
        ] {
            assert_eq!(each(expression).as_deref(), Some(of_each), "{expression}");
        }
        for expression in [
            ".",
            "length",
            ".[], length",
            ".[] + length",
            ".[] as $x | length",
            ".[] |= .",
            ".[:2]",
            ".[0]",
            ".[] // 1",
            "[.[] | .id]",
            ".[].a, .",
            ".[][length]",
            "map(.id)",
            ".[].a as $x | .",
            ".[] # , 1\n, 2",
            ".[].a == .",
        ] {
            assert_eq!(each(expression), None, "{expression}");
        }
    }

    #[test]
    fn a_process_answers_what_it_is_asked_until_nobody_asks() {
        let mut asked = Vec::new();
        for text in [".a", r#"{"a":[1]}"#, "1", r#"{"a":"b"}"#] {
            send(&mut asked, text.as_bytes()).unwrap();
        }
        let (engine, mut asked, mut answers) = (Engine::new(".a").unwrap(), &asked[..], Vec::new());
        assert_eq!(receive(&mut asked, |_| ()).unwrap(), b".a");
        while let Ok(document) = receive(&mut asked, |_| ()) {
            answers.push(engine.apply(&document).map(|filtered| filtered.text));
        }
        assert_eq!(
            (&answers[0], answers[1].is_err(), &answers[2]),
            (&Ok(b"[1]\n".to_vec()), true, &Ok(b"b\n".to_vec()))
        );
    }
}
