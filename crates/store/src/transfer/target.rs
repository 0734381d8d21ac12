//! The target before and after: made ready once, recognised when the move goes on, given free at the end.
//!
//! That a move is under way stands in a table of its own, which is there as long as not everything is: a server refuses such
//! a database. How far the move came stands nowhere, because the rows say it: they arrive in the order of their keys.

use super::{TransferError, schema, tables::TABLES};
use crate::{
    Error, Result, Tx,
    engine::postgres::{self, PostgresAlone},
    meta,
    migrations::{self, MIGRATIONS},
    params,
};

/// Whether a move to this database was begun and not finished.
pub(crate) fn is_unfinished(tx: &mut Tx<'_>) -> Result<bool> {
    let columns = "SELECT COUNT(*) FROM TABLE_COLUMNS AS c WHERE c.table_name = 'unfinished_move'";
    tx.query_one(columns, params![], |row| row.get(0))
}

impl From<Error> for TransferError {
    fn from(error: Error) -> Self {
        Self::TargetFailed { table: "the beginning", error }
    }
}

/// Makes the database ready, or finds it as an earlier run left it. True when there was an earlier run.
pub(super) fn begin(target: &mut PostgresAlone, epoch: &str) -> Result<bool, TransferError> {
    if !target.lock()? {
        return Err(TransferError::TargetInUse);
    }
    target.write(|tx| {
        postgres::lock_schema(tx)?;
        if is_unfinished(tx)? {
            recognise(tx, epoch)?;
            return Ok(true);
        }
        if !postgres::is_empty(tx)? {
            // Whoever was cut off at the very end does not know that the move is finished.
            let is_there =
                schema::strangeness(tx)?.is_none() && meta::get(tx, "epoch")?.as_deref() == Some(epoch);
            return Err(if is_there { TransferError::AlreadyThere } else { TransferError::NotEmpty });
        }
        let encoding = postgres::encoding(tx)?;
        if encoding != "UTF8" {
            return Err(TransferError::Encoding(encoding));
        }
        postgres::bring_up_to_date(tx, MIGRATIONS).map_err(TransferError::Target)?;
        check_schema(tx)?;
        // The rows that migrations make come from the source, too.
        TABLES.iter().rev().try_for_each(|table| tx.execute(table.clear, params![]).map(drop))?;
        tx.execute("CREATE TABLE unfinished_move (epoch TEXT NOT NULL)", params![])?;
        tx.execute("INSERT INTO unfinished_move (epoch) VALUES ($1)", params![epoch])?;
        Ok(false)
    })
}

fn recognise(tx: &mut Tx<'_>, epoch: &str) -> Result<(), TransferError> {
    let begun: Option<String> =
        tx.query_opt("SELECT epoch FROM unfinished_move", params![], |row| row.get(0))?;
    if begun.as_deref() != Some(epoch) {
        return Err(TransferError::OtherInstallation);
    }
    let applied = migrations::applied(tx)?;
    match migrations::pending(MIGRATIONS, &applied) {
        Ok(pending) if pending.is_empty() => check_schema(tx),
        _ => Err(TransferError::OtherVersion),
    }
}

fn check_schema(tx: &mut Tx<'_>) -> Result<(), TransferError> {
    match schema::strangeness(tx)? {
        None => Ok(()),
        Some(what) => Err(TransferError::Schema { side: "to move to", what }),
    }
}

/// Gives the database free for servers.
pub(super) fn finish(target: &mut PostgresAlone) -> Result<()> {
    target.write(|tx| {
        postgres::lock_schema(tx)?;
        tx.execute("DROP TABLE unfinished_move", params![]).map(drop)
    })
}
