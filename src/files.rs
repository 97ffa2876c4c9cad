//! Opens the program's own files. Somebody who can write to their folder may put a link in the place of a lock, a store or a
//! secret. Such links must not be followed.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

/// The rights of others to write, in a mode.
const WRITE: u32 = 0o022;

/// Opens a file that is this program's own; one that is created is its owner's alone (mode 0600). The folder may be reached
/// through symbolic links, the file may not.
///
/// # Errors
/// Where it is a symbolic link or no regular file.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // A pipe in its place must not be waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = options.mode(0o600).custom_flags(flags.bits().cast_signed()).open(path).map_err(|error| {
        if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) { is_a_link(path) } else { error }
    })?;
    check(path, &file.metadata()?)?;
    Ok(file)
}

/// Opens a lock, which is created where there is none.
///
/// # Errors
/// As those of [`open`], and where the file has another name too: what is written into it would be written there.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    let file = open(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))?;
    if file.metadata()?.nlink() > 1 {
        return Err(io::Error::other(format!("{} is another file too (a hard link)", path.display())));
    }
    Ok(file)
}

/// Checks a file before something else opens it; one that is not there is as it should be.
///
/// # Errors
/// As those of [`open`].
pub(crate) fn check_plain(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) => check(path, &found),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Creates a folder and those above it, as their owner's alone (mode 0700), where there is none; a symbolic link in its
/// place is refused, one above it is not.
pub(crate) fn create_folder_in(folder: &Path) -> io::Result<()> {
    if fs::symlink_metadata(folder).is_ok_and(|found| found.is_symlink()) {
        return Err(is_a_link(folder));
    }
    create_folder(folder)
}

/// Creates a folder that people choose, which may be a link, and those above it.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The path with its folder free of symbolic links, for what takes none in a path at all.
pub(crate) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(folder)?.join(path.file_name().unwrap_or_default()))
}

/// Who else could change what is in a folder, in words, with the remedy; `None` where nobody could, or there is no folder.
pub(crate) fn others_write(folder: &Path) -> Option<(String, String)> {
    let found = fs::metadata(folder).ok()?;
    let shown = folder.display();
    if !is_trusted(&found) {
        let remedy = format!("use a folder of your own, or `chown` that one to the user who runs this (uid {})", us());
        return Some((format!("the folder {shown} belongs to another user (uid {})", found.uid()), remedy));
    }
    let mode = found.permissions().mode() & 0o777;
    (mode & WRITE != 0)
        .then(|| (format!("others may write to the folder {shown} (mode {mode:04o})"), format!("chmod go-w '{shown}'")))
}

/// Whether a file belongs to whoever runs this program, or to root; root may use those of everybody.
pub(crate) fn is_trusted(found: &Metadata) -> bool {
    us() == 0 || is_owned(found)
}

/// Whether a file belongs to whoever runs this program, or to root.
pub(crate) fn is_owned(found: &Metadata) -> bool {
    found.uid() == us() || found.uid() == 0
}

fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn check(path: &Path, found: &Metadata) -> io::Result<()> {
    if found.is_symlink() {
        return Err(is_a_link(path));
    }
    if !found.is_file() {
        return Err(io::Error::other(format!("{} is no regular file", path.display())));
    }
    Ok(())
}

fn is_a_link(path: &Path) -> io::Error {
    io::Error::other(format!("{} is a symbolic link, which is not followed here", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        options
    }

    #[test]
    fn only_a_plain_file_is_opened_whatever_lies_in_its_place() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::write(at("target"), "kept").unwrap();
        symlink(at("target"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        for (name, words) in [("link", "symbolic link"), ("dangling", "symbolic link"), ("folder", "")] {
            let error = open(&at(name), &mut options()).unwrap_err().to_string();
            assert!(error.contains(words), "{name}: {error}");
            assert!(open_lock(&at(name)).is_err() && check_plain(&at(name)).is_err(), "{name}");
        }
        fs::hard_link(at("target"), at("hard")).unwrap();
        assert!(open_lock(&at("hard")).unwrap_err().to_string().contains("hard link"));
        assert_eq!(fs::read_to_string(at("target")).unwrap(), "kept");
        assert!(!at("nowhere").exists());
        check_plain(&at("new")).unwrap();
        let file = open(&at("new"), &mut options()).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_may_be_reached_through_a_link_and_not_be_one_where_it_is_our_own() {
        let home = tempfile::tempdir().unwrap();
        let (folder, link) = (home.path().join("folder"), home.path().join("link"));
        create_folder(&folder).unwrap();
        symlink(&folder, &link).unwrap();
        create_folder(&link).unwrap();
        create_folder_in(&link.join("inner")).unwrap();
        assert!(create_folder_in(&link).unwrap_err().to_string().contains("symbolic link"));
        assert_eq!(resolved(&link.join("file")).unwrap(), fs::canonicalize(&folder).unwrap().join("file"));
        open(&link.join("file"), &mut options()).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_told_with_the_remedy() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(others_write(home.path()), None);
        assert_eq!(others_write(&home.path().join("none")), None);
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o770)).unwrap();
        let (found, remedy) = others_write(home.path()).unwrap();
        assert!(found.contains("mode 0770") && remedy.starts_with("chmod go-w"), "{found}; {remedy}");
    }
}
