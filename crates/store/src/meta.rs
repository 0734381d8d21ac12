//! Facts about the installation itself: its epoch, its keys, its settings that administrators change.

use crate::{Error, Result, Tx, params};

/// The value of a key.
pub fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>> {
    tx.query_opt("SELECT value FROM meta WHERE key = $1", params![key], |row| row.get(0))
}

/// Sets a key, whether it was there or not.
pub fn set(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2",
        params![key, value],
    )
    .map(drop)
}

/// Sets a key unless it has a value, and gives the value that it has now. Two nodes that start at once agree.
pub fn get_or_set(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<String> {
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
        params![key, value],
    )?;
    tx.query_one("SELECT value FROM meta WHERE key = $1", params![key], |row| row.get(0))
}

/// Adds to the number that a key holds, 0 if it has no value, and gives the sum. Several that add at once all count.
pub fn add(tx: &mut Tx<'_>, key: &str, number: i64) -> Result<i64> {
    let sum: String = tx.query_one(
        "INSERT INTO meta (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE
            SET value = CAST(CAST(meta.value AS BIGINT) + CAST(excluded.value AS BIGINT) AS TEXT)
         RETURNING value",
        params![key, number.to_string().as_str()],
        |row| row.get(0),
    )?;
    sum.parse().map_err(|_| Error::Database(format!("the value of {key} is no number")))
}

/// Sets a key that has one value to another; says whether it had. Of several that try at once, one succeeds.
pub fn replace(tx: &mut Tx<'_>, key: &str, old: &str, new: &str) -> Result<bool> {
    Ok(tx.execute("UPDATE meta SET value = $3 WHERE key = $1 AND value = $2", params![key, old, new])? == 1)
}

/// Removes a key, if it is there.
pub fn forget(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.execute("DELETE FROM meta WHERE key = $1", params![key]).map(drop)
}

/// Removes a key if it has this value; says whether it had. Of several that try at once, one succeeds.
pub fn take(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM meta WHERE key = $1 AND value = $2", params![key, value])? == 1)
}
