//! Tokens: random ones that are looked up by their hash, and JWTs for clients that ask for one.

use crate::{Result, internal};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use protocol::{AccountId, ErrorCode, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Random bytes of an opaque session or refresh token: 256 bits, so that guessing is out of the question.
const TOKEN_BYTES: usize = 32;
/// Longer text than this is no token of ours: no more of it is hashed, and none of it parsed.
const TOKEN_LEN_MAX: usize = 2048;
/// What every JWT of this program is for.
const AUDIENCE: &str = "parlor";
/// Clocks of two nodes may differ by this much.
const LEEWAY_S: i64 = 5;

/// So many random bytes, in hexadecimal. Errors when the machine has no randomness.
pub(crate) fn random_hex(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(internal)?;
    Ok(hex(&buffer))
}

/// A random number. Errors when the machine has no randomness.
pub(crate) fn random_number() -> Result<u32> {
    getrandom::u32().map_err(internal)
}

/// A new opaque token.
pub(crate) fn new_token() -> Result<String> {
    Ok(format!("parlor_{}", random_hex(TOKEN_BYTES)?))
}

/// What is stored of a token or code: SHA-256. They are long and random, so nothing slower is needed.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    let bounded = token.get(..TOKEN_LEN_MAX).unwrap_or(token);
    Sha256::digest(bounded.as_bytes()).to_vec()
}

/// The same in hexadecimal.
pub(crate) fn hash_hex(token: &str) -> String {
    hex(&hash(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a token has the three parts of a JWT.
pub(crate) fn is_jwt(token: &str) -> bool {
    token.split('.').count() == 3
}

/// What a JWT of ours says. All of it is required.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    iat: i64,
    /// The same as `iat`.
    nbf: i64,
    /// The run of the program that signed it.
    run: u32,
    /// When that was, in whole seconds of [`Clock::passed_ms`](crate::Clock::passed_ms): the run itself goes by it, so that a clock
    /// that is set back lets no token live longer and refuses none.
    up: i64,
    /// The session: revoking it ends the JWT too.
    pub(crate) sid: SessionId,
    /// The account's `auth_epoch`.
    pub(crate) ver: i64,
}

impl Claims {
    /// The account; 0, which nobody has, when the subject is no number.
    pub(crate) fn account(&self) -> AccountId {
        AccountId(self.sub.parse().unwrap_or(0))
    }
}

/// What signs and checks JWTs: one key, one algorithm, nothing of it taken from the token.
pub(crate) struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    /// The first part of every token.
    header: String,
    run: u32,
}

/// A moment by the clock, and by what really passed in this run of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) passed_ms: i64,
}

impl Keys {
    /// For a run of the program, by a number that no other run is likely to have.
    pub(crate) fn new(key: &str, epoch: &str, run: u32) -> Self {
        let issuer = format!("parlor:{epoch}");
        let encoding = EncodingKey::from_secret(key.as_bytes());
        // It cannot fail: a header of two words and no claims. Nothing would be good without it.
        let example = encode(&Header::new(Algorithm::HS256), &(), &encoding).unwrap_or_default();
        let header = example.split('.').next().unwrap_or_default().to_owned();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Both are checked below, by our own clock.
        validation.validate_nbf = false;
        validation.validate_exp = false;
        Self { encoding, decoding: DecodingKey::from_secret(key.as_bytes()), validation, issuer, header, run }
    }

    /// A JWT for a session.
    pub(crate) fn sign(
        &self,
        account: AccountId,
        session: SessionId,
        auth_epoch: i64,
        at: Moment,
        expires_at: Timestamp,
    ) -> Result<String> {
        let signed_at = at.now.0 / 1000;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: account.to_string(),
            exp: expires_at.0 / 1000,
            iat: signed_at,
            nbf: signed_at,
            run: self.run,
            up: at.passed_ms / 1000,
            sid: session,
            ver: auth_epoch,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(internal)
    }

    /// The claims of a JWT that is ours and good now.
    pub(crate) fn verify(&self, token: &str, at: Moment) -> Result<Claims> {
        // A header that says anything else than ours, a key's name or an extension that must be understood, is not read.
        let is_ours = token.split('.').next() == Some(self.header.as_str());
        if token.len() > TOKEN_LEN_MAX || !is_ours {
            return Err(ErrorCode::Unauthenticated.into());
        }
        let decoded = decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| ErrorCode::Unauthenticated)?;
        let claims = decoded.claims;
        let now_s = at.now.0 / 1000;
        let is_of_this_run = claims.run == self.run;
        let is_early = claims.iat.saturating_sub(LEEWAY_S) > now_s;
        if claims.nbf != claims.iat || (is_early && !is_of_this_run) {
            return Err(ErrorCode::Unauthenticated.into());
        }
        let lifetime_s = claims.exp.saturating_sub(claims.iat);
        let age_s = (at.passed_ms / 1000).saturating_sub(claims.up);
        let is_outlived = is_of_this_run && lifetime_s.saturating_add(LEEWAY_S) <= age_s;
        if is_outlived || claims.exp.saturating_add(LEEWAY_S) <= now_s {
            return Err(ErrorCode::TokenExpired.into());
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment { now: Timestamp(1_795_255_200_000), passed_ms: 86_400_000 };
    const MINUTE_MS: i64 = 60_000;

    /// So much later, by a clock that was set by so much besides.
    fn after(passed_ms: i64, set_ms: i64) -> Moment {
        Moment { now: NOW.now.plus_ms(passed_ms + set_ms), passed_ms: NOW.passed_ms + passed_ms }
    }

    fn keys() -> Keys {
        Keys::new("a key", "epoch", 1)
    }

    /// Those of another node, or of this one after it was started again: it went on for longer, or began anew.
    fn others() -> Keys {
        Keys::new("a key", "epoch", 2)
    }

    fn signed(keys: &Keys) -> String {
        keys.sign(AccountId(7), SessionId(9), 1, NOW, NOW.now.plus_ms(10 * MINUTE_MS)).unwrap()
    }

    fn refusal(keys: &Keys, token: &str, at: Moment) -> Option<ErrorCode> {
        keys.verify(token, at).err().map(|error| error.code)
    }

    #[test]
    fn a_jwt_of_ours_is_good_until_it_expires() {
        let token = signed(&keys());
        assert!(is_jwt(&token));
        let claims = keys().verify(&token, NOW).unwrap();
        assert_eq!((claims.account(), claims.sid, claims.ver), (AccountId(7), SessionId(9), 1));
        for keys in [keys(), others()] {
            assert_eq!(refusal(&keys, &token, after(10 * MINUTE_MS, 0)), None);
            assert_eq!(
                refusal(&keys, &token, after(10 * MINUTE_MS + 6_000, 0)),
                Some(ErrorCode::TokenExpired)
            );
        }
    }

    #[test]
    fn a_clock_that_is_set_back_lets_no_jwt_live_longer_and_refuses_none_that_this_run_signed() {
        let token = signed(&keys());
        for set_ms in [-1, -MINUTE_MS, -9 * MINUTE_MS, -1_440 * MINUTE_MS, -NOW.now.0] {
            assert_eq!(refusal(&keys(), &token, after(9 * MINUTE_MS, set_ms)), None, "set by {set_ms} ms");
            let outlived = refusal(&keys(), &token, after(10 * MINUTE_MS + 6_000, set_ms));
            assert_eq!(outlived, Some(ErrorCode::TokenExpired), "set by {set_ms} ms");
        }
    }

    #[test]
    fn a_jwt_of_another_run_is_good_by_the_clock_alone() {
        let token = signed(&keys());
        assert_eq!(refusal(&others(), &token, Moment { passed_ms: 0, ..NOW }), None);
        assert_eq!(refusal(&others(), &token, after(1_440 * MINUTE_MS, -1_435 * MINUTE_MS)), None);
        assert_eq!(refusal(&others(), &token, after(0, -4_000)), None);
        assert_eq!(refusal(&others(), &token, after(0, -6_000)), Some(ErrorCode::Unauthenticated));
    }

    #[test]
    fn a_jwt_of_another_key_installation_or_algorithm_is_refused() {
        let mine = signed(&keys());
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiI3In0.";
        let cut = &mine[..mine.len() - 2];
        for (keys, token) in [
            (Keys::new("another key", "epoch", 1), mine.as_str()),
            (Keys::new("a key", "another epoch", 1), mine.as_str()),
            (keys(), none),
            (keys(), cut),
            (keys(), "a.b.c"),
            (keys(), ".."),
        ] {
            assert_eq!(keys.verify(token, NOW).unwrap_err().code, ErrorCode::Unauthenticated, "{token}");
        }
    }

    #[test]
    fn a_jwt_that_says_what_is_never_said_here_is_refused_however_well_it_is_signed() {
        let ours = keys();
        let claims = ours.verify(&signed(&ours), NOW).unwrap();
        let refused = |header: &Header, claims: &Claims| {
            let token = encode(header, claims, &ours.encoding).unwrap();
            assert_eq!(ours.verify(&token, NOW).unwrap_err().code, ErrorCode::Unauthenticated, "{token}");
        };
        let header = Header::new(Algorithm::HS256);
        refused(&Header { kid: Some("1".into()), ..header.clone() }, &claims);
        refused(&Header { typ: None, ..header.clone() }, &claims);
        refused(&header, &Claims { iat: claims.iat + 3600, ..claims.clone() });
        refused(&header, &Claims { nbf: claims.nbf - 3600, ..claims.clone() });
    }

    #[test]
    fn tokens_are_long_random_and_stored_as_hashes() {
        let (one, other) = (new_token().unwrap(), new_token().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), "parlor_".len() + 64);
        assert_eq!(hash(&one).len(), 32);
        assert_ne!(hash_hex(&one), hash_hex(&other));
    }
}
