//! A connection at `/ws/{x}` of which only the address suggests whose client it is. A listener hears before it speaks, so
//! until then it is told in the words that its address suggests; a first frame in the other app's words changes it over.

use super::{
    chat_app::tongue::{self as chat_app, ChatApp},
    chatter_box::tongue::{self as chatter_box, ChatterBox},
    detail::{Answer, Detail},
    entrance::Speaker,
    talk::Tongue,
};
use axum::http::StatusCode;
use chat::{
    Error,
    ears::{Ears, Heard},
};
use protocol::{Dialect, ErrorCode};

/// One connection, in whichever of the two dialects it is now.
pub(super) struct Undecided {
    words: Words,
    /// Who would speak the other dialect; nobody once the first frame has come, or where the client said what it speaks.
    other: Option<Speaker>,
    /// What the address ends with.
    x: String,
    /// Frames that the client was told so far: to a page of ChatApp each is a line.
    told: usize,
}

enum Words {
    ChatterBox(Box<ChatterBox>),
    ChatApp(Box<ChatApp>),
}

/// Begins in a dialect. `is_said` is for a client that said itself what it speaks.
pub(super) async fn begin(
    speaker: Speaker,
    x: String,
    dialect: Dialect,
    is_said: bool,
) -> Answer<(Undecided, Ears)> {
    let other = (!is_said).then(|| speaker.clone());
    let (words, ears) = Words::begin(speaker, &x, dialect).await?;
    Ok((Undecided { words, other, x, told: 0 }, ears))
}

impl Words {
    async fn begin(speaker: Speaker, x: &str, dialect: Dialect) -> Answer<(Self, Ears)> {
        if dialect == Dialect::ChatApp {
            let (tongue, ears) = chat_app::begin(speaker, x.to_owned()).await?;
            return Ok((Self::ChatApp(Box::new(tongue)), ears));
        }
        let number = x.parse().map_err(|_| {
            let why = "The address ends with your number";
            Detail::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, why)
        })?;
        let (tongue, ears) = chatter_box::begin(speaker, number).await?;
        Ok((Self::ChatterBox(Box::new(tongue)), ears))
    }

    /// The dialect of a frame that is not of this one.
    fn contradicted_by(&self, text: &str) -> Option<Dialect> {
        let is_frame = serde_json::from_str(text).is_ok_and(|frame: serde_json::Value| {
            frame.get("content").is_some_and(serde_json::Value::is_string)
        });
        match self {
            Self::ChatApp(_) if is_frame => Some(Dialect::ChatterBox),
            Self::ChatterBox(_) if !is_frame && chat_app::is_command(text) => Some(Dialect::ChatApp),
            _ => None,
        }
    }
}

impl Undecided {
    /// Changes over when the first frame asks for it, and the one who speaks may be there too. The ears stay: those who
    /// signed in hear the same, and guests of ChatApp pass over what is not for all.
    async fn decide(&mut self, text: &str) {
        let Some(speaker) = self.other.take() else { return };
        let Some(dialect) = self.words.contradicted_by(text) else { return };
        // Whoever signed in has a number, whatever stands in the address of a client that was taken for another.
        let number = speaker.account().map(|caller| caller.account.id.to_string());
        let x = number.filter(|_| dialect == Dialect::ChatterBox).unwrap_or_else(|| self.x.clone());
        let Ok((words, _)) = Words::begin(speaker.through(dialect), &x, dialect).await else { return };
        match std::mem::replace(&mut self.words, words) {
            Words::ChatApp(before) => before.was_never_here(),
            Words::ChatterBox(_) => {}
        }
        if let Words::ChatApp(now) = &mut self.words {
            now.comes_after(self.told);
        }
    }
}

impl Tongue for Undecided {
    async fn greet(&mut self) -> Vec<String> {
        match &mut self.words {
            Words::ChatterBox(words) => words.greet().await,
            Words::ChatApp(words) => words.greet().await,
        }
    }

    async fn hear(&mut self, text: &str) -> Vec<String> {
        self.decide(text).await;
        match &mut self.words {
            Words::ChatterBox(words) => words.hear(text).await,
            Words::ChatApp(words) => words.hear(text).await,
        }
    }

    async fn tell(&mut self, heard: Heard) -> Vec<String> {
        let frames = match &mut self.words {
            Words::ChatterBox(words) => words.tell(heard).await,
            Words::ChatApp(words) => words.tell(heard).await,
        };
        self.told += frames.len();
        frames
    }

    async fn wait(&mut self) -> Vec<String> {
        match &mut self.words {
            Words::ChatterBox(words) => words.wait().await,
            Words::ChatApp(words) => words.wait().await,
        }
    }

    fn refuse(&mut self, error: &Error) -> Vec<String> {
        match &mut self.words {
            Words::ChatterBox(words) => words.refuse(error),
            Words::ChatApp(words) => words.refuse(error),
        }
    }
}
