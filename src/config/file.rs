//! How configuration is written: whole or not at all, and by one process at a time.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::error::Error;

/// Reads a file; `None` where there is none.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| Error::config(format!("cannot read {}", path.display()))),
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
    create_folder(folder)?;
    // A link stays one, as those who keep their configuration under version control have it.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = NamedTempFile::new_in(target.parent().unwrap_or(folder))?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&target) {
        file.as_file().set_permissions(Permissions::from_mode(old.permissions().mode() & 0o777))?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}

/// Runs `change`, which reads and writes, while no other process does the same in this folder.
pub(super) fn locked<T>(folder: &Path, change: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let lock = || -> std::io::Result<File> {
        create_folder(folder)?;
        let lock = File::options().create(true).append(true).open(folder.join(".lock"))?;
        lock.lock()?;
        Ok(lock)
    };
    let _lock = lock().with_context(|| {
        Error::config(format!("cannot write in {}", folder.display()))
            .hint("GUURU_CONFIG_DIR names the folder of the configuration")
    })?;
    change()
}

fn create_folder(folder: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
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
