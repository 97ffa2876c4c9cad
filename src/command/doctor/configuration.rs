//! The configuration: which settings are in force, and who else could read or change them. It can be read, or there would be no
//! settings.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Checked, Finding, Subject};

/// What others could do to a file: its mode with these bits.
const READ: u32 = 0o077;
const WRITE: u32 = 0o022;

pub(super) fn check(subject: &Subject) -> Checked<()> {
    let settings = &subject.settings;
    settings.check_profile()?;
    let (config, store) = (settings.config_file(), settings.store_path());
    let open: Vec<_> = [
        (&*settings.config_dir, WRITE, "write to", "700"),
        (&*config, WRITE, "write to", "600"),
        (&*subject.vault.file(), READ, "read the secrets in", "600"),
        (&*settings.state_dir, WRITE, "write to", "700"),
        (&*store, READ, "read the end users' words in", "600"),
    ]
    .into_iter()
    .filter_map(|(path, bits, what, wanted)| {
        let mode = mode(path).filter(|mode| mode & bits != 0)?;
        let path = path.display();
        Some((format!("others may {what} {path} (mode {mode:04o})"), format!("chmod {wanted} '{path}'")))
    })
    .collect();
    if open.is_empty() {
        let file = config.display();
        let place = if config.exists() { format!("{file}") } else { format!("no {file}, so defaults are in force") };
        return Ok((Finding::ok(format!("profile `{}`; {place}", settings.profile)), ()));
    }
    let (found, remedies): (Vec<_>, Vec<_>) = open.into_iter().unzip();
    Ok((Finding::warning(found.join("; "), remedies.join("; ")), ()))
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|found| found.permissions().mode() & 0o777)
}
