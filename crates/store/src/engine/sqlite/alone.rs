//! A data folder that this process holds and reads on one connection: for moving it elsewhere.

use super::{Connection, Folder, take};
use crate::{Error, Tx, engine::Alone, error::OpenError, migrations::Migration, tx::Link};
use std::path::Path;

/// A data folder, held until this is dropped.
pub(crate) struct SqliteAlone {
    // Closed before the folder is given free: fields are dropped in this order.
    connection: Connection,
    _folder: Folder,
}

impl SqliteAlone {
    /// Takes the folder and brings its database up to date, as a server would. `None` when there is no database in it; then
    /// nothing is made.
    pub(crate) fn open(dir: &Path, known: &[Migration]) -> Result<Option<Self>, OpenError> {
        if !Folder::has_database(dir) {
            return Ok(None);
        }
        let (folder, connection) = take(dir, known)?;
        Ok(Some(Self { connection, _folder: folder }))
    }
}

impl Alone for SqliteAlone {
    fn read<T, E: From<Error>>(&mut self, run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.connection.control("BEGIN").map_err(|failure| E::from(failure.error))?;
        let done = run(&mut Tx::new(Link::Sqlite(&mut self.connection)));
        if self.connection.in_transaction() {
            self.connection.control("ROLLBACK").map_err(|failure| E::from(failure.error))?;
        }
        done
    }
}
