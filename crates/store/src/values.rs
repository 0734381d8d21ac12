//! What goes into statements and comes out of rows: integers, texts and bytes, and the types of the protocol that
//! are stored as one of them.

use crate::{Error, Result};
use protocol::{AccountId, ConversationId, InviteId, MessageId, SessionId, Timestamp};

/// A value that is bound to `$n`. Yes and no are 1 and 0, moments are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param<'a> {
    /// An integer.
    Int(i64),
    /// An integer or nothing.
    OptInt(Option<i64>),
    /// A text.
    Text(&'a str),
    /// A text or nothing.
    OptText(Option<&'a str>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Bytes or nothing.
    OptBytes(Option<&'a [u8]>),
}

/// Makes the parameters of a statement: `params![conversation, seq, body]` binds them to `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*] };
}

/// A value that was read from a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The text where it lies. `Database` when it is something else.
    pub(crate) fn text(self) -> Result<&'a str> {
        match self {
            Value::Text(text) => Ok(text),
            other => Err(unexpected("a text", other)),
        }
    }
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads the value; `Database` when it is of another type.
    fn from_value(value: Value<'_>) -> Result<Self>;
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl Column for i64 {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Int(number) => Ok(number),
            other => Err(unexpected("an integer", other)),
        }
    }
}

impl Column for bool {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl Column for String {
    fn from_value(value: Value<'_>) -> Result<Self> {
        value.text().map(str::to_owned)
    }
}

impl Column for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.to_vec()),
            other => Err(unexpected("bytes", other)),
        }
    }
}

// The content stays out of the message: it may be somebody's text, and messages end up in logs.
fn unexpected(wanted: &str, found: Value<'_>) -> Error {
    let found = match found {
        Value::Null => "nothing",
        Value::Int(_) => "an integer",
        Value::Text(_) => "a text",
        Value::Bytes(_) => "bytes",
    };
    Error::Database(format!("a column holds {found} where {wanted} was expected"))
}

macro_rules! stored_as_integers {
    ($($type:ident),+) => {$(
        impl Column for $type {
            fn from_value(value: Value<'_>) -> Result<Self> {
                i64::from_value(value).map($type)
            }
        }

        impl From<$type> for Param<'_> {
            fn from(value: $type) -> Self {
                Self::Int(value.0)
            }
        }

        impl From<Option<$type>> for Param<'_> {
            fn from(value: Option<$type>) -> Self {
                Self::OptInt(value.map(|value| value.0))
            }
        }
    )+};
}

stored_as_integers!(AccountId, SessionId, ConversationId, InviteId, MessageId, Timestamp);

macro_rules! bound_as {
    ($($type:ty => $variant:ident($convert:expr)),+ $(,)?) => {$(
        impl<'a> From<$type> for Param<'a> {
            fn from(value: $type) -> Self {
                #[allow(clippy::redundant_closure_call, reason = "the table reads better with closures")]
                Self::$variant(($convert)(value))
            }
        }
    )+};
}

bound_as! {
    i64 => Int(|value| value),
    Option<i64> => OptInt(|value| value),
    bool => Int(i64::from),
    Option<bool> => OptInt(|value: Option<bool>| value.map(i64::from)),
    &'a str => Text(|value| value),
    &'a String => Text(|value: &'a String| value.as_str()),
    Option<&'a str> => OptText(|value| value),
    Option<&'a String> => OptText(|value: Option<&'a String>| value.map(String::as_str)),
    &'a Option<String> => OptText(|value: &'a Option<String>| value.as_deref()),
    &'a [u8] => Bytes(|value| value),
    &'a Vec<u8> => Bytes(|value: &'a Vec<u8>| value.as_slice()),
    Option<&'a [u8]> => OptBytes(|value| value),
    &'a Option<Vec<u8>> => OptBytes(|value: &'a Option<Vec<u8>>| value.as_deref()),
}

impl<'a, const LEN: usize> From<&'a [u8; LEN]> for Param<'a> {
    fn from(value: &'a [u8; LEN]) -> Self {
        Self::Bytes(value)
    }
}
