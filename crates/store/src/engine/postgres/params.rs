//! What is bound to a statement, as the driver wants it: values, or an array for each column of the rows that are given.

use crate::{
    Param,
    error::{Error, Failure},
};
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

type Encoded = Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

/// A value.
#[derive(Debug)]
pub(super) struct Bound<'a>(Param<'a>);

pub(super) fn bound<'a>(params: &'a [Param<'a>]) -> impl ExactSizeIterator<Item = Bound<'a>> {
    params.iter().copied().map(Bound)
}

/// The types of parameters are the program's to say: integers are BIGINT wherever they stand.
pub(super) fn types_of(params: &[Param<'_>]) -> Vec<Type> {
    params.iter().map(type_of).collect()
}

/// The types of the columns of rows, which are the same in each; none where there are no rows.
pub(super) fn types_of_all<'a>(
    sql: &str,
    rows: &[impl AsRef<[Param<'a>]>],
) -> Result<Option<Vec<Type>>, Failure> {
    let Some(first) = rows.first() else { return Ok(None) };
    let types = types_of(first.as_ref());
    if rows.iter().any(|row| !row.as_ref().iter().map(type_of).eq(types.iter().cloned())) {
        return Err(Failure::plain(Error::Database(format!("rows are not all of one kind: {sql}"))));
    }
    Ok(Some(types))
}

fn type_of(param: &Param<'_>) -> Type {
    match param {
        Param::Int(_) | Param::OptInt(_) => Type::INT8,
        Param::Text(_) | Param::OptText(_) => Type::TEXT,
        Param::Bytes(_) | Param::OptBytes(_) => Type::BYTEA,
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Encoded {
        match self.0 {
            Param::Int(value) => value.to_sql(kind, out),
            Param::OptInt(value) => value.to_sql(kind, out),
            Param::Text(value) => value.to_sql(kind, out),
            Param::OptText(value) => value.to_sql(kind, out),
            Param::Bytes(value) => value.to_sql(kind, out),
            Param::OptBytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

/// Rows that a statement is given, column by column.
pub(super) struct Given<'a> {
    pub(super) types: Vec<Type>,
    pub(super) columns: Vec<Column<'a>>,
}

/// One column of them.
#[derive(Debug)]
pub(super) struct Column<'a>(Vec<Bound<'a>>);

impl<'a> Given<'a> {
    /// None where there are no rows.
    pub(super) fn new<const LEN: usize>(
        sql: &str,
        rows: &[[Param<'a>; LEN]],
    ) -> Result<Option<Self>, Failure> {
        let Some(types) = types_of_all(sql, rows)? else { return Ok(None) };
        let column = |index| rows.iter().filter_map(|row| row.get(index).copied().map(Bound)).collect();
        Ok(Some(Self {
            types: types.iter().map(array_of).collect(),
            columns: (0..LEN).map(|index| Column(column(index))).collect(),
        }))
    }
}

fn array_of(kind: &Type) -> Type {
    match *kind {
        Type::INT8 => Type::INT8_ARRAY,
        Type::TEXT => Type::TEXT_ARRAY,
        _ => Type::BYTEA_ARRAY,
    }
}

impl ToSql for Column<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Encoded {
        self.0.to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY].contains(kind)
    }

    to_sql_checked!();
}
