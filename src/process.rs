//! The user's programs that guuru starts: which environment they get, how they are ended, and how the next start finds orphans, the
//! programs that still run after guuru was killed.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, getpgrp, kill_process_group};
use signal_hook::consts::SIGHUP;

use crate::files;

/// Held while a child is started, so that it inherits its own file and not that of another child.
static STARTING: Mutex<()> = Mutex::new(());

/// A command of the user, in a process group of its own: guuru handles Ctrl-C, and can end all that the command has started. It
/// needs the access token, but not the webhook secret.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("GUURU_WEBHOOK_SECRET").process_group(0);
    command
}

/// Whether this program was started to outlive its terminal, as with `nohup`. If the system cannot say, a child shows it: it
/// inherits the setting and survives the signal.
pub(crate) fn hangup_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    match ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
        Some(mask) => mask & (1 << (SIGHUP - 1)) != 0,
        None => Command::new("sh").args(["-c", "kill -s HUP $$"]).status().is_ok_and(|status| status.success()),
    }
}

/// One step to end a process group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// SIGTERM.
    Terminate,
    /// SIGKILL.
    Kill,
    /// Nothing: it has left the group, and cannot be ended.
    GiveUp,
}

impl Step {
    /// Does it to this group.
    pub(crate) fn apply(self, group: Pid) {
        match self {
            Self::Terminate => signal(group, Signal::TERM),
            Self::Kill => signal(group, Signal::KILL),
            Self::GiveUp => {}
        }
    }
}

/// Ends a process group: it has some time to end by itself, then it gets SIGTERM, and after the grace period SIGKILL.
#[derive(Debug)]
pub(crate) struct Termination {
    grace: Duration,
    next: Step,
    /// `None` is never.
    due: Option<Instant>,
}

impl Termination {
    /// It has `patience` from now to end by itself, and `grace` to do so after each step.
    pub(crate) fn after(patience: Duration, grace: Duration) -> Self {
        Self { grace, next: Step::Terminate, due: Instant::now().checked_add(patience) }
    }

    /// It has no more time to end by itself.
    pub(crate) fn start_now(&mut self) {
        if self.next == Step::Terminate {
            self.due = Some(Instant::now());
        }
    }

    /// The step that is due, where one is. Each is due once.
    pub(crate) fn step(&mut self) -> Option<Step> {
        if self.due.is_none_or(|due| due > Instant::now()) {
            return None;
        }
        let step = self.next;
        (self.next, self.due) = match step {
            Step::Terminate => (Step::Kill, Instant::now().checked_add(self.grace)),
            Step::Kill => (Step::GiveUp, Instant::now().checked_add(self.grace)),
            Step::GiveUp => (Step::GiveUp, None),
        };
        Some(step)
    }

    /// How long it is until the next step.
    pub(crate) fn remaining(&self) -> Duration {
        self.due.map_or(Duration::MAX, |due| due.saturating_duration_since(Instant::now()))
    }
}

/// Signals a process group, of which something lives.
pub(crate) fn signal(group: Pid, signal: Signal) {
    // An error means that it has just ended by itself.
    let _ = kill_process_group(group, signal);
}

/// The children of one consumer. Each has a file, which is locked as long as the child lives, or anything that it started and that
/// has its descriptors. The file contains the child's process group.
#[derive(Clone, Debug)]
pub struct Children {
    folder: PathBuf,
}

impl Children {
    /// Those of this consumer of this store: `default.db` → `default.children/NAME`.
    pub fn of(store: &Path, consumer: &str) -> Self {
        Self { folder: store.with_extension("children").join(consumer) }
    }

    /// Starts a child. Its file has this name, and is removed when the returned [`ChildFile`] is dropped.
    pub fn start(&self, name: &str, command: &mut Command) -> io::Result<(Child, ChildFile)> {
        self.folder.parent().map_or(Ok(()), files::create_folder_in)?;
        files::create_folder_in(&self.folder)?;
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = files::open(&path, OpenOptions::new().write(true).create_new(true))?;
        let child_file = ChildFile(path);
        file.lock()?;
        let child = {
            let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
            fcntl_setfd(&file, FdFlags::empty())?;
            let child = command.spawn();
            fcntl_setfd(&file, FdFlags::CLOEXEC)?;
            child?
        };
        // If the disk is full, the file is empty, and the next start can only wait for the child.
        drop(write!(file, "{}", child.id()));
        Ok((child, child_file))
    }

    /// The orphans of a killed process. No other process can start children meanwhile, because this one holds the consumer.
    pub fn orphans(&self, patience: Duration, grace: Duration) -> Orphans {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let alive = files.filter_map(|file| Orphan::find(file.path())).collect();
        Orphans { alive, termination: Termination::after(patience, grace), told: false }
    }
}

/// The file of a running child. Drop it when the child has ended.
#[derive(Debug)]
pub struct ChildFile(PathBuf);

impl Drop for ChildFile {
    fn drop(&mut self) {
        // What stays is found unlocked at the next start.
        drop(fs::remove_file(&self.0));
    }
}

/// Children of an earlier start. They must not run beside the children that repeat their work, so they are waited for, and then
/// ended.
#[derive(Debug)]
pub struct Orphans {
    alive: Vec<Orphan>,
    termination: Termination,
    /// Whether people know that they are waited for.
    told: bool,
}

impl Orphans {
    /// Whether all have ended, or those that are left cannot be ended because they have left their process group. `say` is told
    /// what is done about them.
    pub fn have_ended(&mut self, say: impl Fn(&str)) -> bool {
        self.alive.retain(Orphan::lives);
        let count = self.alive.len();
        if count == 0 {
            return true;
        }
        let who = if count == 1 { "a program that was".to_owned() } else { format!("{count} programs that were") };
        let who = format!("{who} left behind when guuru was killed");
        if !std::mem::replace(&mut self.told, true) {
            say(&format!("waiting for {who}"));
            return false;
        }
        let Some(step) = self.termination.step() else { return false };
        match step {
            Step::Terminate => say(&format!("ending {who} (SIGTERM)")),
            Step::Kill => say(&format!("ending {who} (SIGKILL)")),
            Step::GiveUp => {
                say(&format!("going on beside {who}: it has left its process group and cannot be ended"));
                self.alive.drain(..).for_each(|left| drop(fs::remove_file(left.path)));
                return true;
            }
        }
        self.alive.iter().filter_map(Orphan::group).for_each(|group| step.apply(group));
        false
    }
}

/// One orphan.
#[derive(Debug)]
struct Orphan {
    path: PathBuf,
    file: File,
}

impl Orphan {
    /// `None` where it has ended, and its file is gone then.
    fn find(path: PathBuf) -> Option<Self> {
        let file = files::open(&path, OpenOptions::new().read(true)).ok()?;
        let left = Self { path, file };
        left.lives().then_some(left)
    }

    fn lives(&self) -> bool {
        let lives = matches!(self.file.try_lock(), Err(TryLockError::WouldBlock));
        if !lives {
            drop(fs::remove_file(&self.path));
        }
        lives
    }

    /// The process group that it was started in. The lock shows that something of it lives, and the system gives no number
    /// to others that is in use as that of a group.
    fn group(&self) -> Option<Pid> {
        let group = fs::read_to_string(&self.path).ok()?.parse().ok().filter(|group| *group > 1)?;
        Pid::from_raw(group).filter(|group| *group != getpgrp())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::thread;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = command("sh");
        shell.args(["-c", script]);
        shell
    }

    /// Starts it as a process that is killed would leave it.
    fn leave(children: &Children, name: &str, script: &str) -> Child {
        let (child, file) = children.start(name, &mut shell(script)).unwrap();
        std::mem::forget(file);
        child
    }

    /// Waits until they have gone, and returns what was said.
    fn wait(mut left: Orphans) -> Vec<String> {
        let said = RefCell::new(Vec::new());
        while !left.have_ended(|text| said.borrow_mut().push(text.to_owned())) {
            thread::sleep(Duration::from_millis(2));
        }
        said.into_inner()
    }

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn a_child_that_was_waited_for_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let children = Children::of(&home.path().join("default.db"), "default");
        let (mut child, file) = children.start("1", &mut shell("exit 3")).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(3));
        drop(file);
        assert_eq!(fs::read_dir(&children.folder).unwrap().count(), 0);
        assert_eq!(wait(children.orphans(LONG, LONG)), [""; 0]);
    }

    #[test]
    fn one_that_ends_by_itself_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let children = Children::of(&home.path().join("default.db"), "default");
        let mut child = leave(&children, "1", "sleep 0.2");
        assert_eq!(wait(children.orphans(LONG, LONG)).len(), 1);
        assert!(child.wait().unwrap().success());
        assert_eq!(fs::read_dir(&children.folder).unwrap().count(), 0);
    }

    #[test]
    fn one_that_does_not_end_is_ended_with_what_it_started() {
        let home = tempfile::tempdir().unwrap();
        let children = Children::of(&home.path().join("default.db"), "default");
        let mut child = leave(&children, "1", "trap '' TERM; sleep 60 & sleep 60; sleep 60");
        let said = wait(children.orphans(SHORT, SHORT));
        assert!(said[1].ends_with("(SIGTERM)") && said[2].ends_with("(SIGKILL)"), "{said:?}");
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn one_that_is_not_known_by_its_group_holds_nobody_for_ever() {
        let home = tempfile::tempdir().unwrap();
        let children = Children::of(&home.path().join("default.db"), "default");
        let mut child = leave(&children, "1", "sleep 60");
        for nonsense in ["", "1", "-1", "0", "x", &getpgrp().as_raw_nonzero().to_string()] {
            fs::write(children.folder.join("1"), nonsense).unwrap();
            let mut left = children.orphans(SHORT, SHORT);
            assert_eq!(left.alive.len(), 1);
            assert_eq!(left.alive[0].group(), None, "{nonsense:?}");
            assert!(!left.have_ended(|_| ()));
        }
        assert!(wait(children.orphans(SHORT, SHORT)).last().unwrap().starts_with("going on beside"));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_child_holds_its_own_file_alone() {
        let home = tempfile::tempdir().unwrap();
        let children = Children::of(&home.path().join("default.db"), "default");
        let mut long = leave(&children, "long", "exec sleep 60");
        thread::scope(|scope| {
            for n in 0..8 {
                let children = &children;
                scope.spawn(move || leave(children, &format!("short-{n}"), "exit 0").wait().unwrap());
            }
        });
        assert_eq!(children.orphans(LONG, LONG).alive.len(), 1);
        long.kill().unwrap();
        long.wait().unwrap();
    }
}
