//! Moments: milliseconds since 1970 inside, RFC 3339 in UTC with milliseconds outside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

/// A moment in milliseconds since 1970-01-01T00:00:00Z, written like `2026-11-21T10:00:00.123Z`.
///
/// Shown to people, used for expiry; never used to order messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T10:00:00.123Z")]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment moved by so many milliseconds; stays at the end of the range instead of overflowing.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// `2026-11-21T10:00:00.123Z`.
const LETTERS: usize = 24;

impl Timestamp {
    /// The moment in the calendar. A number outside of the years that can be written is shown as the first moment: it can
    /// only come from a broken clock, and a message must stay readable all the same.
    fn moment(self) -> (OffsetDateTime, u16) {
        let ms = u16::try_from(self.0.rem_euclid(1000)).unwrap_or(0);
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .map_or((OffsetDateTime::UNIX_EPOCH, 0), |at| (at, ms))
    }

    /// What is written; `None` before the year 0. Digit by digit, because every message of a page has a moment or more:
    /// of a page of fifty this is 1 µs instead of 4 by the machinery of formatting.
    fn letters(self) -> Option<[u8; LETTERS]> {
        let (at, ms) = self.moment();
        let year = u16::try_from(at.year()).ok()?;
        let [c1, c2] = two(year / 100);
        let [y1, y2] = two(year % 100);
        let [m1, m2] = two(u8::from(at.month()).into());
        let [d1, d2] = two(at.day().into());
        let [h1, h2] = two(at.hour().into());
        let [n1, n2] = two(at.minute().into());
        let [s1, s2] = two(at.second().into());
        let [_, f1] = two(ms / 100);
        let [f2, f3] = two(ms % 100);
        Some([
            c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1,
            f2, f3, b'Z',
        ])
    }
}

/// The two digits of a number below 100.
fn two(number: u16) -> [u8; 2] {
    let digit = |number: u16| b'0' + u8::try_from(number % 10).unwrap_or(0);
    [digit(number / 10), digit(number)]
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(letters) = self.letters() {
            return f.write_str(std::str::from_utf8(&letters).unwrap_or_default());
        }
        let (at, ms) = self.moment();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.letters() {
            Some(letters) => serializer.serialize_str(std::str::from_utf8(&letters).unwrap_or_default()),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let at = OffsetDateTime::parse(&text, &Rfc3339).map_err(de::Error::custom)?;
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000).map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_written_as_rfc_3339_with_milliseconds_and_read_back() {
        let moment = Timestamp(1_795_255_200_123);
        let text = serde_json::to_string(&moment).unwrap();
        assert_eq!(text, "\"2026-11-21T10:00:00.123Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), moment);
    }

    #[test]
    fn a_number_no_calendar_can_hold_is_still_written() {
        assert_eq!(Timestamp(i64::MAX).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(i64::MIN).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn moments_before_1970_and_at_the_ends_of_the_calendar_are_written() {
        for (moment, text) in [
            (Timestamp(0), "1970-01-01T00:00:00.000Z"),
            (Timestamp(-1), "1969-12-31T23:59:59.999Z"),
            (Timestamp(951_827_696_789), "2000-02-29T12:34:56.789Z"),
            (Timestamp(253_402_300_799_999), "9999-12-31T23:59:59.999Z"),
            (Timestamp(253_402_300_800_000), "1970-01-01T00:00:00.000Z"),
            (Timestamp(-62_167_219_200_000), "0000-01-01T00:00:00.000Z"),
            (Timestamp(-62_167_219_200_001), "-001-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(moment.to_string(), text);
            assert_eq!(serde_json::to_string(&moment).unwrap(), format!("\"{text}\""));
        }
    }
}
