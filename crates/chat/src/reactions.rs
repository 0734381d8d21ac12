//! Reactions: an emoji that somebody put on a message.

use crate::{
    Caller, Chat, Error, Result,
    change::Stop,
    messages::{self, Scene},
    text,
};
use protocol::{ErrorCode, Event, Message, MessageId};
use store::Tx;

/// The longest emoji, a family of four with skin tones, is well below this, in bytes.
const EMOJI_LEN_MAX: usize = 64;
const EMOJI_CHARS_MAX: usize = 16;
/// A variation selector and the mark of a keycap.
const MARKS_MAX: usize = 2;

/// Puts an emoji on a message or takes it off. Doing it twice is the same as once.
///
/// Errors: `invalid_request`, `unknown_message`, `message_deleted`, `conversation_archived`, `limit_reached`.
pub async fn set(chat: &Chat, caller: &Caller, id: MessageId, emoji: &str, on: bool) -> Result<Message> {
    let emoji = check(emoji)?;
    let limits = chat.limits().clone();
    let write = move |tx: &mut Tx<'_>, scene: Scene| {
        if scene.message.deleted_at.is_some() {
            return Err(ErrorCode::MessageDeleted.into());
        }
        scene.standing.must_be_open()?;
        let account = scene.caller.account.id;
        let changed = if on {
            room_for(&scene.message, &emoji, &limits)?;
            store::reactions::add(tx, id, account, &emoji, scene.rev, scene.now)?
        } else {
            store::reactions::remove(tx, id, account, &emoji)?
        };
        if !changed {
            return Err(Stop::unchanged(scene.message));
        }
        store::messages::touch(tx, id, scene.rev)?;
        Ok(())
    };
    messages::change(chat, caller, id, write, |message| Event::MessageReactions { message }).await
}

fn room_for(message: &Message, emoji: &str, limits: &crate::Limits) -> Result<()> {
    let full = |why: &str| Err(Error::new(ErrorCode::LimitReached).because(why));
    let known = message.reactions.iter().any(|reaction| reaction.emoji == emoji);
    if !known && message.reactions.len() >= limits.emoji_per_message_max {
        return full("This message carries as many different emoji as it can.");
    }
    let count: usize = message.reactions.iter().map(|reaction| reaction.accounts.len()).sum();
    if count >= limits.reactions_per_message_max {
        return full("This message carries as many reactions as it can.");
    }
    Ok(())
}

/// Anything short without letters, spaces and what is invisible is taken for an emoji: the list of emoji grows every
/// year, and a client must not need a newer server to use a new one.
pub(crate) fn check(emoji: &str) -> Result<String> {
    let fits = !emoji.is_empty() && emoji.len() <= EMOJI_LEN_MAX && emoji.chars().count() <= EMOJI_CHARS_MAX;
    let plain = emoji.chars().any(|c| {
        // Flags of regions are written with tag characters.
        let tag = matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}' | '\u{E007F}')
            && emoji.starts_with('\u{1F3F4}');
        !tag && (c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || text::is_hidden(c))
    });
    let drawn = text::has_visible(emoji) && text::longest_run_of_marks(emoji) <= MARKS_MAX;
    if fits && (is_keycap(emoji) || (!plain && drawn)) {
        return Ok(emoji.to_owned());
    }
    Err(Error::invalid("emoji", "This is not an emoji."))
}

/// A digit, `#` or `*` on a key.
fn is_keycap(emoji: &str) -> bool {
    let key = emoji.strip_suffix('\u{20E3}').map(|key| key.strip_suffix('\u{FE0F}').unwrap_or(key));
    key.is_some_and(|key| {
        key.len() == 1 && key.starts_with(['#', '*', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_emoji_and_words_are_not() {
        for good in ["👍", "❤️", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🇮🇳", "1️⃣", "#️⃣", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"]
        {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "ok",
            ":+1:",
            "1",
            "👍 ",
            "<b>",
            "सी",
            "\u{202E}",
            "\u{200D}",
            "\u{301}\u{301}",
            "12️⃣",
            &"👍".repeat(20),
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
    }
}
