//! Somebody with a browser that knows forms, links and cookies, and no script.

use crate::{
    client::{Client, Reply},
    world::{PASSWORD, World},
};
use axum::http::Method;

/// A browser, its cookie, and whether it says where a form comes from.
pub struct Browser {
    client: Client,
    cookie: Option<String>,
    origin: Option<String>,
}

impl Browser {
    /// One of today's.
    pub fn new(world: &World) -> Self {
        let origin = Some(world.server().public_url().to_owned());
        Self { client: world.stranger(), cookie: None, origin }
    }

    /// One that has never heard of `Origin`, like w3m.
    pub fn plain(world: &World) -> Self {
        Self { origin: None, ..Self::new(world) }
    }

    /// The same browser with a header more or another origin, for what other sites make it do.
    pub fn client(&self) -> Client {
        match &self.cookie {
            Some(cookie) => self.client.with("cookie", cookie),
            None => self.client.clone(),
        }
    }

    fn keep(&mut self, reply: &Reply) {
        if reply.header("set-cookie").is_some() {
            self.cookie = Some(reply.cookie()).filter(|cookie| !cookie.ends_with('='));
        }
    }

    /// Opens an address, wherever it leads to; the page must be a sound one.
    pub async fn open(&self, path: &str) -> Reply {
        let mut reply = self.client().get(path.split('#').next().unwrap()).await;
        for _ in 0..5 {
            let Some(next) = reply.header("location").map(str::to_owned) else { break };
            assert_eq!(reply.status, 303, "{path}");
            reply = self.client().get(next.split('#').next().unwrap()).await;
        }
        is_sound(&reply);
        reply
    }

    /// Fills in the form of a page that goes to this address and sends it; says what came back, wherever it leads.
    pub async fn send(&mut self, page: &Reply, action: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = hidden_fields(&form(page, action));
        all.extend(fields.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        let reply = self.post(action, &all).await;
        self.keep(&reply);
        reply
    }

    /// Sends fields as a form, whatever page they are from.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Reply {
        let client = self.client().with("content-type", "application/x-www-form-urlencoded");
        let client = match &self.origin {
            Some(origin) => client.with("origin", origin),
            None => client,
        };
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        client.send(Method::POST, path, Some(body)).await
    }

    /// Sends a form that must be taken, and opens the page that it leads to.
    pub async fn does(&mut self, page: &Reply, action: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.send(page, action, fields).await;
        assert_eq!(reply.status, 303, "{action}: {}", reply.text());
        let next = reply.header("location").unwrap().to_owned();
        self.open(&next).await
    }

    /// Signs up.
    pub async fn signs_up(&mut self, username: &str) -> Reply {
        let page = self.open("/lite/register").await;
        self.does(&page, "/lite/register", &[("username", username), ("password", PASSWORD)]).await
    }

    /// Signs in.
    pub async fn signs_in(&mut self, login: &str) -> Reply {
        let page = self.open("/lite/login").await;
        self.does(&page, "/lite/login", &[("login", login), ("password", PASSWORD)]).await
    }

    /// Writes something in a conversation.
    pub async fn says(&mut self, conversation: &str, text: &str) -> Reply {
        let page = self.open(conversation).await;
        self.does(&page, conversation, &[("body", text)]).await
    }
}

/// What every page keeps to: nothing runs in it, nobody keeps it, every input has a name, and it says what it is.
#[track_caller]
pub fn is_sound(page: &Reply) {
    let text = page.text();
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{text}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    // What somebody wrote cannot look so: its brackets and quotes are escaped.
    for forbidden in
        ["<script", "<style", "<iframe", " style=\"", " onclick=\"", " onerror=\"", "href=\"javascript:"]
    {
        assert!(!text.to_lowercase().contains(forbidden), "{forbidden}: {text}");
    }
    for wanted in ["<html lang=\"en\">", "<title>", "<main ", "</html>"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert_eq!(text.matches("<h1").count(), 1, "{text}");
    for tag in tags(&text, "input").chain(tags(&text, "textarea")) {
        let id = attribute(tag, "id");
        let is_named = id.is_some_and(|id| text.contains(&format!("<label for=\"{id}\"")));
        assert!(is_named || attribute(tag, "type").as_deref() == Some("hidden"), "no label: {tag}");
    }
    let mut ids: Vec<_> =
        text.match_indices(" id=\"").map(|(at, _)| text[at + 5..].split('"').next()).collect();
    ids.sort();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id stands twice: {ids:?}");
}

/// The form of a page that goes to this address.
#[track_caller]
pub fn form(page: &Reply, action: &str) -> String {
    let text = page.text();
    let start = format!("action=\"{}\"", action.split('?').next().unwrap());
    let (_, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no form to {action}: {text}"));
    rest.split("</form>").next().unwrap().to_owned()
}

/// What a form carries without being asked.
pub fn hidden_fields(form: &str) -> Vec<(String, String)> {
    let hidden = tags(form, "input").filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"));
    hidden.map(|tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap())).collect()
}

fn tags<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!("<{name} ");
    text.match_indices(&start)
        .map(|(at, _)| text[at..].split('>').next().unwrap())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The value of an attribute of a tag, as it was before it was escaped.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}

/// The text that a reader sees.
pub fn seen(page: &Reply) -> String {
    let text = page.text();
    let words = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    unescaped(&words.collect::<String>())
}

/// The text that was escaped so.
pub fn unescaped(text: &str) -> String {
    ["&#60;<", "&#62;>", "&#34;\"", "&#39;'", "&#38;&"]
        .iter()
        .fold(text.to_owned(), |text, pair| text.replace(&pair[..5], &pair[5..]))
}

/// What stands in the element with this id.
pub fn text_in(page: &Reply, id: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!(" id=\"{id}\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    unescaped(rest.split('<').next().unwrap())
}

/// Where the forms of a page lead that change something.
pub fn posts_of(page: &Reply) -> Vec<String> {
    let text = page.text();
    let posts = tags(&text, "form").filter(|tag| attribute(tag, "method").as_deref() == Some("post"));
    posts.map(|tag| attribute(tag, "action").unwrap()).collect()
}

/// Where the first form leads whose address holds this.
pub fn action_with(page: &Reply, part: &str) -> String {
    let text = page.text();
    let mut actions = tags(&text, "form").filter_map(|tag| attribute(tag, "action"));
    actions.find(|action| action.contains(part)).unwrap_or_else(|| panic!("no form to {part}: {text}"))
}

/// Where the last link with these words leads: of several messages the newest is meant.
#[track_caller]
pub fn link(page: &Reply, words: &str) -> String {
    let text = page.text();
    let found =
        text.split("<a ").skip(1).filter(|rest| rest.split("</a>").next().unwrap().contains(words)).last();
    let tag = found.unwrap_or_else(|| panic!("no link {words:?}: {text}"));
    attribute(&format!(" {tag}"), "href").unwrap()
}
