//! The data folder: made private, locked against a second process, and copied before a migration.

use super::connection::Connection;
use crate::error::OpenError;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The file of the database in its folder.
const DATABASE: &str = "parlor.db";

/// The data folder while this process holds it.
pub(super) struct Folder {
    dir: PathBuf,
    // Held, not used: the operating system gives the lock back when the process ends, however it ends.
    _lock: File,
}

impl Folder {
    /// Whether there is a database in a folder. Makes nothing.
    pub(super) fn has_database(dir: &Path) -> bool {
        // An empty file is what somebody leaves who took the folder and came no further.
        fs::metadata(dir.join(DATABASE)).is_ok_and(|file| file.len() > 0)
    }

    /// Makes the folder if it is missing, checks that it can be written, and takes it for this process.
    pub(super) fn take(dir: &Path) -> Result<Self, OpenError> {
        make_private_dir(dir).map_err(|error| unusable(dir, &error))?;
        refuse_strangers(dir)?;
        let lock_path = dir.join("parlor.lock");
        let lock = open_private(&lock_path).map_err(|error| unusable(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(dir.to_owned())),
            Err(TryLockError::Error(error)) => return Err(unusable(&lock_path, &error)),
        }
        let folder = Self { dir: dir.to_owned(), _lock: lock };
        // SQLite gives its other files the permissions of this one.
        open_private(&folder.database()).map_err(|error| unusable(&folder.database(), &error))?;
        Ok(folder)
    }

    pub(super) fn database(&self) -> PathBuf {
        self.dir.join(DATABASE)
    }

    /// Keeps a copy as it was before migration `version`. Written beside and renamed, so that a copy is whole or absent.
    pub(super) fn keep_copy(&self, connection: &Connection, version: i64) -> Result<(), OpenError> {
        let copy = self.dir.join(format!("parlor.db.before-{version}"));
        let part = self.dir.join(format!("parlor.db.before-{version}.part"));
        let failed = |error: &io::Error| unusable(&copy, error);
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&error)),
            _ => {}
        }
        let file = open_private(&part).map_err(|error| failed(&error))?;
        let Some(part_name) = part.to_str() else {
            return Err(OpenError::Folder { path: part, reason: "the path is not UTF-8".to_owned() });
        };
        connection.copy_to(part_name)?;
        file.sync_all().map_err(|error| failed(&error))?;
        fs::rename(&part, &copy).map_err(|error| failed(&error))?;
        sync_dir(&self.dir).map_err(|error| failed(&error))
    }
}

fn unusable(path: &Path, error: &io::Error) -> OpenError {
    OpenError::Folder { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(unix)]
fn make_private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Who may write into the folder may put another database there.
#[cfg(unix)]
fn refuse_strangers(dir: &Path) -> Result<(), OpenError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(dir).map_err(|error| unusable(dir, &error))?.permissions().mode();
    if mode & 0o022 == 0 {
        return Ok(());
    }
    let reason = "others may write into it; take that right away with chmod go-w".to_owned();
    Err(OpenError::Folder { path: dir.to_owned(), reason })
}

#[cfg(not(unix))]
fn refuse_strangers(_: &Path) -> Result<(), OpenError> {
    Ok(())
}

#[cfg(not(unix))]
fn make_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

/// Opens a file for writing, making it readable by its owner alone; one that others can read is closed to them.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
