//! Numbers: what people are to clients that know everybody by a number alone. Who signed up has the account's id; a guest
//! has the number that they gave as their name, as long as nobody signed up has it; any other guest has the account's id
//! below zero. So a number is one person's at a time.

use crate::{Chat, Result, names};
use protocol::{Account, AccountId, AccountKind, Author};
use std::collections::HashMap;
use store::Tx;

/// The numbers of people.
pub async fn of(chat: &Chat, people: Vec<Author>) -> Result<HashMap<AccountId, i64>> {
    if people.iter().all(|author| author.kind != AccountKind::Guest) {
        return Ok(people.into_iter().map(|author| (author.id, author.id.0)).collect());
    }
    chat.read(move |tx| {
        let numbers = people.iter().filter_map(given).map(AccountId);
        let registered = store::accounts::registered_among(tx, numbers)?;
        let number = |author: &Author| match given(author) {
            _ if author.kind != AccountKind::Guest => author.id.0,
            Some(number) if !registered.contains(&AccountId(number)) => number,
            _ => -author.id.0,
        };
        Ok(people.iter().map(|author| (author.id, number(author))).collect())
    })
    .await
}

/// The number that a guest gave as a name.
fn given(author: &Author) -> Option<i64> {
    names::number_of_guest(&author.username).filter(|_| author.kind == AccountKind::Guest)
}

/// Whose number it is, if it is anybody's.
pub async fn whose(chat: &Chat, number: i64) -> Result<Option<Account>> {
    chat.read(move |tx| look_up(tx, number)).await
}

pub(crate) fn look_up(tx: &mut Tx<'_>, number: i64) -> Result<Option<Account>> {
    let is_guest = |account: &Account| account.kind == AccountKind::Guest;
    if number > 0 {
        let registered = store::accounts::get(tx, AccountId(number))?.filter(|account| !is_guest(account));
        return match registered {
            Some(account) => Ok(Some(account)),
            None => Ok(store::accounts::by_username(tx, &names::guest_of_number(number).key)?),
        };
    }
    let id = AccountId(number.checked_neg().unwrap_or_default());
    let Some(guest) = store::accounts::get(tx, id)?.filter(is_guest) else { return Ok(None) };
    let has_another = match given(&guest.author()) {
        Some(number) => store::accounts::registered_among(tx, [AccountId(number)].into_iter())?.is_empty(),
        None => false,
    };
    Ok(Some(guest).filter(|_| !has_another))
}
