//! Reading JSON bodies and parameters field by field. All that is wrong is said at once, in the form of FastAPI's answer
//! 422, because clients of such apps show it.

use super::detail::{Answer, Detail};
use axum::{
    body::Bytes,
    extract::{FromRequest, OptionalFromRequest, Request},
    http::StatusCode,
};
use protocol::ErrorCode;
use serde_json::{Map, Value, json};

/// Fields whose value is not repeated in an answer.
const SECRET: [&str; 2] = ["password", "token"];

/// The fields of a body, and what was found wrong with them so far.
#[derive(Debug)]
pub(super) struct Fields {
    place: &'static str,
    values: Map<String, Value>,
    errors: Vec<Value>,
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Detail;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        Self::of_body(&whole(request, state).await?)
    }
}

/// For a body that may be left out.
impl<S: Send + Sync> OptionalFromRequest<S> for Fields {
    type Rejection = Detail;

    async fn from_request(request: Request, state: &S) -> Answer<Option<Self>> {
        let body = whole(request, state).await?;
        if body.is_empty() { Ok(None) } else { Self::of_body(&body).map(Some) }
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Answer<Bytes> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => chat::Error::new(ErrorCode::TooLarge).into(),
        _ => Detail::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::MalformedJson,
            "There was an error parsing the body",
        ),
    })
}

impl Fields {
    /// The fields of a JSON object.
    pub(super) fn of_body(body: &[u8]) -> Answer<Self> {
        if body.is_empty() {
            return Err(Detail::of_fields(vec![entry("missing", &["body"], "Field required", Value::Null)]));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { place: "body", values, errors: Vec::new() }),
            Ok(_) => {
                let message = "Input should be a valid dictionary or object to extract fields from";
                let kind = "model_attributes_type";
                Err(Detail::of_fields(vec![entry(kind, &["body"], message, Value::Null)]))
            }
            Err(error) => {
                let entry = json!({
                    "type": "json_invalid",
                    "loc": ["body", error.column()],
                    "msg": "JSON decode error",
                    "input": {},
                    "ctx": { "error": error.to_string() },
                });
                Err(Detail::of_fields(vec![entry]))
            }
        }
    }

    /// The parameters of a query. A repeated one counts with its last value.
    pub(super) fn of_query(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let values = pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())));
        Self { place: "query", values: values.collect(), errors: Vec::new() }
    }

    /// A text that must be there. Empty when it is not, which [`Fields::end`] tells.
    pub(super) fn text(&mut self, name: &str) -> String {
        if !self.values.contains_key(name) {
            self.missing(name);
            return String::new();
        }
        self.opt_text(name).unwrap_or_default()
    }

    /// A text that may be missing or null.
    pub(super) fn opt_text(&mut self, name: &str) -> Option<String> {
        match self.values.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.wrong(name, "string_type", "Input should be a valid string");
                None
            }
        }
    }

    /// A whole number that must be there, as a number or as a text of one. 0 when it is not, which [`Fields::end`] tells.
    pub(super) fn number(&mut self, name: &str) -> i64 {
        if !self.values.contains_key(name) {
            self.missing(name);
            return 0;
        }
        self.opt_number(name).unwrap_or_default()
    }

    /// A whole number that may be missing or null.
    pub(super) fn opt_number(&mut self, name: &str) -> Option<i64> {
        let unable = "Input should be a valid integer, unable to parse string as an integer";
        let (kind, message) = match self.values.get(name) {
            None | Some(Value::Null) => return None,
            Some(Value::Number(number)) if number.as_i64().is_some() => return number.as_i64(),
            Some(Value::String(text)) => match text.trim().parse() {
                Ok(number) => return Some(number),
                Err(_) => ("int_parsing", unable),
            },
            Some(_) => ("int_type", "Input should be a valid integer"),
        };
        self.wrong(name, kind, message);
        None
    }

    /// Refuses the request when anything was wrong.
    pub(super) fn end(self) -> Answer<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(Detail::of_fields(self.errors)) }
    }

    fn missing(&mut self, name: &str) {
        let mut input = self.values.clone();
        input.retain(|name, _| !SECRET.contains(&name.as_str()));
        let entry = entry("missing", &[self.place, name], "Field required", Value::Object(input));
        self.errors.push(entry);
    }

    fn wrong(&mut self, name: &str, kind: &str, message: &str) {
        let input = if SECRET.contains(&name) { None } else { self.values.get(name).cloned() };
        let entry = entry(kind, &[self.place, name], message, input.unwrap_or(Value::Null));
        self.errors.push(entry);
    }
}

/// A number in the path. The refusal names the parameter.
pub(super) fn path_number(name: &str, text: &str) -> Answer<i64> {
    text.parse().map_err(|_| {
        let message = "Input should be a valid integer, unable to parse string as an integer";
        Detail::of_fields(vec![entry("int_parsing", &["path", name], message, json!(text))])
    })
}

fn entry(kind: &str, place: &[&str], message: &str, input: Value) -> Value {
    json!({ "type": kind, "loc": place, "msg": message, "input": input })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    fn kinds(detail: Detail) -> Vec<(String, Value)> {
        let told = format!("{detail:?}");
        assert!(!told.contains("hunter2"), "{told}");
        assert_eq!(detail.into_response().status(), 422);
        Vec::new()
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_no_password_is_repeated() {
        let mut fields = Fields::of_body(br#"{"username":1,"password":"hunter2","phone":"x"}"#).unwrap();
        assert_eq!((fields.text("username"), fields.number("phone")), (String::new(), 0));
        assert_eq!(fields.text("password"), "hunter2");
        fields.text("email");
        assert_eq!(fields.errors.len(), 3);
        assert_eq!(fields.errors[0]["type"], "string_type");
        assert_eq!(fields.errors[1]["loc"], json!(["body", "phone"]));
        assert_eq!(fields.errors[2]["type"], "missing");
        kinds(fields.end().unwrap_err());
    }

    #[test]
    fn numbers_may_be_written_as_text_and_nothing_may_be_left_out() {
        let mut fields = Fields::of_body(br#"{"a":1,"b":" 2 ","c":null,"d":1.5,"e":true}"#).unwrap();
        assert_eq!((fields.number("a"), fields.number("b")), (1, 2));
        assert_eq!((fields.opt_number("c"), fields.opt_number("z")), (None, None));
        assert!(fields.errors.is_empty());
        assert_eq!((fields.number("d"), fields.number("e")), (0, 0));
        assert_eq!(fields.errors.len(), 2);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in [&b""[..], b"[]", b"{", b"\"x\"", b"\xff"] {
            Fields::of_body(body).unwrap_err();
        }
    }
}
