//! How configuration is written: whole or not at all, and by one process at a time.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::files;

/// Reads a file; `None` where there is none.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| Error::config(format!("cannot read {}", path.display()))),
    }
}

/// Reads a file of secrets; `None` where there is none. Nobody else may read it, or put another one in its place.
pub(super) fn read_secret(path: &Path) -> anyhow::Result<Option<String>> {
    let failed = || Error::config(format!("cannot read {}", path.display()));
    let mut file = match files::open(path, File::options().read(true)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.with_context(failed)?,
    };
    // Of the file that was opened, and not of one that has taken its place meanwhile.
    let found = file.metadata().with_context(failed)?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let error = Error::config(format!("others may read the secrets in {} (mode {mode:04o})", path.display()));
        return Err(error.hint(format!("chmod 600 '{}', and consider them known", path.display())).into());
    }
    if !files::is_trusted(&found) {
        let error = Error::config(format!("the secrets in {} belong to another user", path.display()));
        return Err(error.hint("remove the file and log in again").into());
    }
    check_folder_of_secrets(path)?;
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(failed)?;
    Ok(Some(text))
}

/// Puts `text` in the place of a file of secrets, which is its owner's alone (0600).
pub(super) fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || {
        files::create_folder(path.parent().context("it is in no folder")?)?;
        files::check_plain(path)?;
        check_folder_of_secrets(path)?;
        put(path, text, None)
    };
    write().with_context(|| Error::config(format!("cannot write {}", path.display())))
}

/// Whoever can write to the folder could replace the token with their own, and read what is sent with it.
fn check_folder_of_secrets(path: &Path) -> anyhow::Result<()> {
    match path.parent().and_then(files::others_write) {
        Some((found, remedy)) => Err(Error::config(format!("{found}, and secrets are kept there")).hint(remedy).into()),
        None => Ok(()),
    }
}

/// Puts `text` in the place of the file, which keeps its mode; a new one is its owner's alone (0600, its folder 0700). Who
/// reads at the same time sees the old file or the new one.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    replace(path, text).with_context(|| {
        Error::config(format!("cannot write {}", path.display()))
            .hint("GUURU_CONFIG_DIR names the folder of the configuration")
    })
}

fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().context("it is in no folder")?;
    files::create_folder(folder)?;
    let target = target(path)?;
    let mode = fs::metadata(&target).ok().map(|old| old.permissions().mode() & 0o777);
    put(&target, text, mode)
}

fn put(path: &Path, text: &str, mode: Option<u32>) -> anyhow::Result<()> {
    let mut file = NamedTempFile::new_in(path.parent().context("it is in no folder")?)?;
    file.write_all(text.as_bytes())?;
    if let Some(mode) = mode {
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The file that a path leads to. The user's own link is followed, as people use them who keep their configuration under version
/// control. A link of somebody else is not.
fn target(path: &Path) -> anyhow::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() && !files::is_owned(&found) => {
            anyhow::bail!("it is a symbolic link of another user's")
        }
        _ => Ok(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())),
    }
}

/// Runs `change`, which reads and writes, while no other process does the same in this folder.
pub(super) fn locked<T>(folder: &Path, change: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let lock = || -> std::io::Result<File> {
        files::create_folder(folder)?;
        let lock = files::open_lock(&folder.join(".lock"))?;
        lock.lock()?;
        Ok(lock)
    };
    let _lock = lock().with_context(|| {
        Error::config(format!("cannot write in {}", folder.display()))
            .hint("GUURU_CONFIG_DIR names the folder of the configuration")
    })?;
    change()
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_its_owners_alone_and_an_old_one_keeps_its_mode() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config/config.toml");
        write(&path, "1").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        write(&path, "2").unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap().as_str()), (0o644, "2"));
    }

    #[test]
    fn a_link_stays_a_link() {
        let home = tempfile::tempdir().unwrap();
        let (link, target) = (home.path().join("config.toml"), home.path().join("elsewhere"));
        fs::write(&target, "1").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link, "2").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "2");
    }

    #[test]
    fn a_reader_never_sees_half_a_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        let texts = ["a".repeat(100_000), "b".repeat(200_000)];
        write(&path, &texts[0]).unwrap();
        thread::scope(|scope| {
            let writer = scope.spawn(|| (0..50).for_each(|turn| write(&path, &texts[turn % 2]).unwrap()));
            while !writer.is_finished() {
                let seen = read(&path).unwrap().unwrap();
                assert!(texts.contains(&seen), "{} bytes", seen.len());
            }
        });
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "something was left behind");
    }
}
