//! Reading JSON bodies and parameters field by field. All that is wrong is said at once, in the form of FastAPI's answer
//! 422, because clients of such apps show it. What was given is told back with it, but for secrets.

use super::detail::{Answer, Detail};
use axum::{
    body::Bytes,
    extract::{FromRequest, OptionalFromRequest, Request},
    http::StatusCode,
};
use protocol::ErrorCode;
use serde_json::{Map, Value, json};

/// Fields whose value is not repeated in an answer.
const SECRET: [&str; 3] = ["password", "refresh_token", "token"];

/// What can be wrong with a value: FastAPI's word for it, and its sentence.
type Wrong<'a> = (&'a str, &'a str);

const MISSING: Wrong = ("missing", "Field required");
const NO_OBJECT: Wrong =
    ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from");
const NO_TEXT: Wrong = ("string_type", "Input should be a valid string");
const NO_NUMBER: Wrong = ("int_type", "Input should be a valid integer");
const UNREADABLE_NUMBER: Wrong =
    ("int_parsing", "Input should be a valid integer, unable to parse string as an integer");

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
            return Err(refused(entry(MISSING, &["body"], Value::Null)));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { place: "body", values, errors: Vec::new() }),
            Ok(other) => Err(refused(entry(NO_OBJECT, &["body"], without_secrets(other)))),
            Err(error) => Err(refused(json!({
                "type": "json_invalid",
                "loc": ["body", error.column()],
                "msg": "JSON decode error",
                "input": {},
                "ctx": { "error": error.to_string() },
            }))),
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
        if self.is_given(name, NO_TEXT) { self.opt_text(name).unwrap_or_default() } else { String::new() }
    }

    /// A text that may be missing or null.
    pub(super) fn opt_text(&mut self, name: &str) -> Option<String> {
        match self.values.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.wrong(name, NO_TEXT);
                None
            }
        }
    }

    /// A whole number that must be there, as a number or as a text of one. 0 when it is not, which [`Fields::end`] tells.
    pub(super) fn number(&mut self, name: &str) -> i64 {
        if self.is_given(name, NO_NUMBER) { self.opt_number(name).unwrap_or_default() } else { 0 }
    }

    /// A whole number that may be missing or null.
    pub(super) fn opt_number(&mut self, name: &str) -> Option<i64> {
        let wrong = match self.values.get(name) {
            None | Some(Value::Null) => return None,
            Some(Value::Number(number)) if number.as_i64().is_some() => return number.as_i64(),
            Some(Value::String(text)) => match text.trim().parse() {
                Ok(number) => return Some(number),
                Err(_) => UNREADABLE_NUMBER,
            },
            Some(_) => NO_NUMBER,
        };
        self.wrong(name, wrong);
        None
    }

    /// A whole number, not below `least`, that may be missing or null.
    pub(super) fn opt_number_from(&mut self, least: i64, name: &str) -> Option<i64> {
        let number = self.opt_number(name)?;
        if number < least {
            self.errors.push(json!({
                "type": "greater_than_equal",
                "loc": [self.place, name],
                "msg": format!("Input should be greater than or equal to {least}"),
                "input": told(&self.values, name),
                "ctx": { "ge": least },
            }));
        }
        Some(number)
    }

    /// Refuses the request when anything was wrong. Otherwise gives what there was, for what the rules refuse of it.
    pub(super) fn end(self) -> Answer<Given> {
        let Self { place, values, errors } = self;
        if errors.is_empty() { Ok(Given { place, values }) } else { Err(Detail::of_fields(errors)) }
    }

    /// Notes what is missing, and null as what `wrong` says.
    fn is_given(&mut self, name: &str, wrong: Wrong) -> bool {
        match self.values.get(name) {
            None => {
                let input = without_secrets(Value::Object(self.values.clone()));
                self.errors.push(entry(MISSING, &[self.place, name], input));
                false
            }
            Some(Value::Null) => {
                self.wrong(name, wrong);
                false
            }
            Some(_) => true,
        }
    }

    fn wrong(&mut self, name: &str, wrong: Wrong) {
        self.errors.push(entry(wrong, &[self.place, name], told(&self.values, name)));
    }
}

/// What a request gave, once it was read.
#[derive(Debug)]
pub(super) struct Given {
    place: &'static str,
    values: Map<String, Value>,
}

impl Given {
    /// The refusal of a rule. Where it refuses a field, its value stands beside it.
    pub(super) fn refusal(&self, error: chat::Error) -> Detail {
        match error.field {
            Some(field) if error.code == ErrorCode::InvalidRequest => {
                let said = error.to_string();
                refused(entry(("value_error", &said), &[self.place, field], told(&self.values, field)))
            }
            _ => error.into(),
        }
    }
}

/// A value as it may be told back.
fn told(values: &Map<String, Value>, name: &str) -> Value {
    let value = values.get(name).filter(|_| !SECRET.contains(&name));
    value.cloned().map_or(Value::Null, without_secrets)
}

fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|name, _| !SECRET.contains(&name.as_str()));
            fields.into_iter().map(|(name, value)| (name, without_secrets(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(without_secrets).collect(),
        value => value,
    }
}

/// A number in the path. The refusal names the parameter.
pub(super) fn path_number(name: &str, text: &str) -> Answer<i64> {
    text.parse().map_err(|_| refused(entry(UNREADABLE_NUMBER, &["path", name], json!(text))))
}

fn entry((kind, message): Wrong, place: &[&str], input: Value) -> Value {
    json!({ "type": kind, "loc": place, "msg": message, "input": input })
}

fn refused(entry: Value) -> Detail {
    Detail::of_fields(vec![entry])
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
    fn null_is_not_what_must_be_there_and_what_is_too_small_is_told_as_it_was_given() {
        let mut fields = Fields::of_body(br#"{"a":null,"b":null}"#).unwrap();
        assert_eq!((fields.text("a"), fields.number("b")), (String::new(), 0));
        let kinds: Vec<&Value> = fields.errors.iter().map(|entry| &entry["type"]).collect();
        assert_eq!(kinds, ["string_type", "int_type"]);
        let mut fields = Fields::of_query("limit=0&offset=0");
        fields.opt_number_from(1, "limit");
        fields.opt_number_from(0, "offset");
        let wanted = json!({
            "type": "greater_than_equal",
            "loc": ["query", "limit"],
            "msg": "Input should be greater than or equal to 1",
            "input": "0",
            "ctx": { "ge": 1 },
        });
        assert_eq!(fields.errors, [wanted]);
    }

    #[test]
    fn what_a_rule_refuses_is_told_back_unless_it_is_a_secret() {
        let mut fields = Fields::of_body(br#"{"username":"a b","password":"hunter2"}"#).unwrap();
        fields.text("username");
        let given = fields.end().unwrap();
        let told = |field| format!("{:?}", given.refusal(chat::Error::invalid(field, "No.")));
        assert!(told("username").contains("a b"));
        assert!(!told("password").contains("hunter2") && told("password").contains("Null"));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in [&b""[..], b"[]", b"{", b"\"x\"", b"\xff"] {
            Fields::of_body(body).unwrap_err();
        }
    }
}
