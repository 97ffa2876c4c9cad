//! `guuru schema`: compares the endpoint's schema with the operations of this program, and prints the schemas of lines.

mod check;
mod lines;
mod print;
mod sync;

pub(super) use check::{Row, examine};

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;

use crate::api::schema::Live;
use crate::api::shown;
use crate::command::shared::act::ConnectArgs;
use crate::context::Context;
use crate::error::{Error, Kind};

/// The largest file that a schema is read from, in bytes; what is longer is refused where it is read.
const FILE_LIMIT: u64 = 64 * 1024 * 1024 + 1;

/// Adapt to the endpoint's schema, and print it or the schemas of the lines that programs exchange
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Sync(sync::Args),
    Check(check::Args),
    Print(print::Args),
    Lines(lines::Args),
}

/// Where the schema comes from.
#[derive(Debug, clap::Args)]
struct Source {
    /// Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    #[command(flatten)]
    connect: ConnectArgs,
}

impl Source {
    /// The schema, and where it comes from.
    fn read(&self, context: &Context) -> anyhow::Result<(Live, String)> {
        let Some(path) = &self.from else {
            let live = self.connect.client(context)?.introspect()?;
            return Ok((live, shown(&context.settings.endpoint)));
        };
        let name = path.display().to_string();
        let failed = || Error::usage(format!("cannot read {name}"));
        let mut bytes = Vec::new();
        File::open(path).with_context(failed)?.take(FILE_LIMIT).read_to_end(&mut bytes).with_context(failed)?;
        let live = Live::read(&bytes).with_context(|| {
            Error::new(Kind::Failure, format!("cannot use {name}"))
                .hint("a schema is SDL, such as `guuru schema print` writes, or the JSON of an introspection result")
        })?;
        Ok((live, name))
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    match args.verb {
        Verb::Sync(args) => sync::run(context, &args),
        Verb::Check(args) => check::run(context, &args),
        Verb::Print(args) => print::run(context, &args),
        Verb::Lines(args) => lines::run(context, &args),
    }
}
