//! The endpoint's schema as it was last seen, in a file: a large one is not fetched for each operation, nor by each process.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::documents::write;
use super::live::{LARGEST, Live};
use crate::files;

/// How long the endpoint is not asked again for a schema that it showed, unless somebody asks for it. Vendors change theirs by
/// the day at most, and what has changed is noticed before: a document that was written for the old one is refused.
pub(crate) const FRESH: Duration = Duration::from_secs(60 * 60);
/// Begins the first line, which ends with the `ETag`. Another version of the program may write a schema otherwise.
const HEAD: &str = concat!("# guuru ", env!("CARGO_PKG_VERSION"));

/// A schema that was kept.
pub(crate) struct Copy {
    pub(crate) live: Live,
    /// What the endpoint calls this version of it.
    pub(crate) etag: Option<String>,
    /// How long ago it was seen.
    age: Duration,
}

impl Copy {
    /// The copy in this file; `None` where there is none of any use.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let file = files::open(path, OpenOptions::new().read(true)).ok()?;
        let seen = file.metadata().ok()?.modified().ok()?;
        // What was seen in the future was not seen by this clock.
        let age = SystemTime::now().duration_since(seen).unwrap_or(Duration::MAX);
        let mut text = String::new();
        file.take(LARGEST as u64).read_to_string(&mut text).ok()?;
        let (etag, sdl) = text.strip_prefix(HEAD)?.split_once('\n')?;
        // What cannot stand in a header came from elsewhere.
        let etag = etag.strip_prefix(' ').filter(|etag| etag.bytes().all(|it| it.is_ascii_graphic()));
        let etag = etag.map(ToOwned::to_owned);
        Some(Self { live: Live::read(sdl.as_bytes()).ok()?, etag, age })
    }

    /// Whether the endpoint need not be asked again.
    pub(crate) fn is_fresh(&self) -> bool {
        self.age < FRESH
    }

    /// Writes a schema into its file, whole or not at all.
    pub(crate) fn keep(path: &Path, live: &Live, etag: Option<&str>) -> io::Result<()> {
        files::create_folder_in(path.parent().unwrap_or(Path::new(".")))?;
        let etag = etag.map(|etag| format!(" {etag}")).unwrap_or_default();
        write(path, &format!("{HEAD}{etag}\n{}", live.sdl()))
    }

    /// Remembers that the endpoint still has it.
    pub(crate) fn renew(path: &Path) -> io::Result<()> {
        files::open(path, OpenOptions::new().write(true))?.set_modified(SystemTime::now())
    }
}
