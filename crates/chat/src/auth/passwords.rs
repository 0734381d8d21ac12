//! Passwords: which are good enough, and hashing them without letting a flood of sign-ins eat the machine.

use super::common_passwords::is_common;
use crate::{Error, Limits, Result, internal};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use protocol::ErrorCode;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// After so long a client that found the queue full should try again.
const QUEUE_RETRY_MS: u64 = 2000;

pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    /// How many are hashed at the same time.
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
    chars_min: usize,
    bytes_max: usize,
    /// Compared with when there is no account, so that this takes as long.
    nobodys: String,
}

/// Leaves the queue when a request ends, however it ends.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Passwords {
    pub(crate) fn new(limits: &Limits) -> Result<Self> {
        let params = Params::new(limits.password_memory_kib, limits.password_passes, 1, None)
            .map_err(|error| internal(format!("password hashing cannot be set up: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = nobodys_hash(limits)?;
        Ok(Self {
            argon2,
            turns: Arc::new(Semaphore::new(limits.password_hashing_at_once.max(1))),
            waiting: AtomicUsize::new(0),
            waiting_max: limits.password_hashing_queue_max.max(1),
            chars_min: limits.password_chars_min,
            bytes_max: limits.password_bytes_max,
            nobodys,
        })
    }

    /// Refuses a new password that is too short, too long, among the first that anyone tries, or the username.
    pub(crate) fn check(&self, field: &'static str, password: &str, username_key: &str) -> Result<()> {
        let refused = |why: String| Err(Error::invalid(field, why));
        if password.chars().count() < self.chars_min {
            return refused(format!("A password has at least {} characters.", self.chars_min));
        }
        if password.len() > self.bytes_max {
            return refused(format!("A password has at most {} bytes.", self.bytes_max));
        }
        if is_common(password, username_key) {
            return refused("This password is among the first that anyone would try.".into());
        }
        Ok(())
    }

    /// Hashes a password in its turn. `busy` when too many wait.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let argon2 = self.argon2.clone();
        self.in_turn(move || hash(&argon2, &password)).await?
    }

    /// Whether a password belongs to a hash. Without a hash it takes as long and the answer is no.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        if password.len() > self.bytes_max {
            return Ok(false);
        }
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobodys.clone());
        let argon2 = self.argon2.clone();
        let fits = self
            .in_turn(move || {
                PasswordHash::new(&hash)
                    .is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && known)
    }

    /// Whether a hash has today's algorithm and cost.
    pub(crate) fn is_current(&self, hash: &str) -> bool {
        cost_of(hash) == cost_of(&self.nobodys)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = || Error::new(ErrorCode::Busy).retry_after_ms(QUEUE_RETRY_MS);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.waiting_max {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(busy());
        }
        let _place = Place(&self.waiting);
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| busy())?;
        tokio::task::spawn_blocking(move || {
            // The turn ends with the work even if whoever asked has gone: memory is what it bounds.
            let _turn = turn;
            work()
        })
        .await
        .map_err(internal)
    }
}

/// A hash that no password has. Comparing with it takes as long as with any other, and making it takes nothing: hashing at each
/// start would leave an idle server with the memory of it.
fn nobodys_hash(limits: &Limits) -> Result<String> {
    let (memory, passes) = (limits.password_memory_kib, limits.password_passes);
    // Hexadecimal digits are Base64, too: twelve bytes of salt, and twenty-four of what should come out.
    let (salt, output) = (super::tokens::random_hex(8)?, super::tokens::random_hex(16)?);
    Ok(format!("$argon2id$v=19$m={memory},t={passes},p=1${salt}${output}"))
}

/// The first parts of a PHC string: algorithm, version, parameters.
fn cost_of(hash: &str) -> Vec<&str> {
    hash.split('$').take(4).collect()
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String> {
    argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick() -> Passwords {
        Passwords::new(&Limits { password_memory_kib: 64, password_passes: 1, ..Limits::default() }).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_nobody_elses() {
        let passwords = quick();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct hors".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), Some("garbage".into())).await.unwrap());
    }

    #[tokio::test]
    async fn without_an_account_the_same_work_is_done_for_nothing() {
        let passwords = quick();
        let nobodys = PasswordHash::new(&passwords.nobodys).unwrap();
        let refused = passwords.argon2.verify_password(b"anything", &nobodys).unwrap_err();
        assert_eq!(refused, argon2::password_hash::Error::PasswordInvalid, "it was computed and compared");
        assert!(passwords.is_current(&passwords.hash("anything".to_owned()).await.unwrap()));
        assert!(!passwords.verify("anything".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_told_apart() {
        let hash = quick().hash("correct horse".into()).await.unwrap();
        assert!(quick().is_current(&hash));
        let dearer = Passwords::new(&Limits { password_memory_kib: 128, ..Limits::default() }).unwrap();
        assert!(!dearer.is_current(&hash));
    }

    #[test]
    fn weak_passwords_are_refused() {
        let passwords = quick();
        for bad in ["", "short", "password", "PASSWORD", "12345678", "sita-the-great", &"x".repeat(257)] {
            assert!(passwords.check("password", bad, "sita-the-great").is_err(), "{bad}");
        }
        assert!(passwords.check("password", "correct horse battery", "sita").is_ok());
        assert!(passwords.check("password", "सीतासीतासीता", "sita").is_ok());
    }

    #[test]
    fn sixty_four_letters_of_any_script_are_a_password() {
        for letter in ["a", "é", "सी", "𝔞", "🪷"] {
            let long: String = letter.chars().cycle().take(64).collect();
            assert!(quick().check("password", &long, "sita").is_ok(), "{letter}");
        }
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_back() {
        let passwords = Passwords::new(&Limits {
            password_hashing_queue_max: 1,
            password_hashing_at_once: 1,
            password_memory_kib: 64,
            ..Limits::default()
        })
        .unwrap();
        let turn = Arc::clone(&passwords.turns).acquire_owned().await.unwrap();
        let comes_too_late = async {
            let refused = passwords.hash("b".into()).await;
            drop(turn);
            refused
        };
        let (one, other) = tokio::join!(passwords.hash("a".into()), comes_too_late);
        assert!(one.is_ok());
        assert_eq!(other.unwrap_err().code, ErrorCode::Busy);
    }
}
