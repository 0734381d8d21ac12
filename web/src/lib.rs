//! Parlor's web client as it was built from this folder, embedded into the program.
//!
//! The server asks for a file by the path of the address; an address of the client gets [`index`], because the client
//! knows what it means.

use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::fmt::Write;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/dist"]
struct Dist;

/// A file of the client, with what the answer's header needs.
#[derive(Clone, Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: String,
    /// A strong entity tag, with its quotes.
    pub etag: String,
    /// The name carries a hash of the content: it may be kept for ever. Everything else is asked for again.
    pub immutable: bool,
    /// How the bytes are compressed; none: not at all.
    pub coding: Option<Coding>,
}

/// How a copy of a file is compressed. The build makes both of every text that gains by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli (RFC 7932), the smaller one.
    Br,
    /// Gzip (RFC 1952).
    Gzip,
}

impl Coding {
    /// The better one first.
    pub const ALL: [Self; 2] = [Self::Br, Self::Gzip];

    /// Its name in `Accept-Encoding` and `Content-Encoding` (RFC 9110, 8.4.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::Br => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The end of the copy's name.
    fn ending(self) -> &'static str {
        match self {
            Self::Br => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The file at this path, with or without the leading slash. `None`: there is no such file. The compressed copies have no
/// path of their own.
pub fn asset(path: &str) -> Option<Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_copy = Coding::ALL.iter().any(|coding| path.ends_with(coding.ending()));
    let file = if is_copy { None } else { Dist::get(path) };
    file.map(|file| describe(path, file, None))
}

/// The copy of the file at this path that is compressed so. `None`: there is none.
pub fn compressed(path: &str, coding: Coding) -> Option<Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let file = Dist::get(&format!("{path}{}", coding.ending()));
    file.map(|file| describe(path, file, Some(coding)))
}

/// The page that starts the client.
pub fn index() -> Asset {
    asset("index.html").unwrap_or_else(|| Asset {
        // The build script makes sure that there is one; an empty page is better than a server that stops.
        bytes: Cow::Borrowed(b"<!doctype html><title>Parlor</title>"),
        content_type: HTML.to_owned(),
        etag: "\"none\"".to_owned(),
        immutable: false,
        coding: None,
    })
}

/// How the first page names the plain pages, for browsers without JavaScript.
pub const PLAIN_PAGES: &str = "href=\"/lite/\"";

/// The colours, sizes and type of the client, for pages that are made elsewhere and should look the same.
pub const TOKENS: &str = include_str!("styles/tokens.css");

const HTML: &str = "text/html; charset=utf-8";

fn describe(path: &str, file: EmbeddedFile, coding: Option<Coding>) -> Asset {
    let mut etag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    let immutable = path.starts_with("assets/");
    Asset { bytes: file.data, content_type: content_type(path), etag, immutable, coding }
}

/// By the name's ending: the few kinds that a build consists of.
fn content_type(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = match ending {
        "html" => HTML,
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    kind.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_is_html_and_may_change_with_the_next_version() {
        let page = index();
        assert_eq!(page.content_type, HTML);
        assert!(!page.immutable);
        assert!(page.bytes.starts_with(b"<!doctype html>"));
        assert!(page.etag.starts_with('"') && page.etag.ends_with('"') && page.etag.len() > 10);
    }

    #[test]
    fn nothing_outside_of_the_build_is_found() {
        assert!(asset("../Cargo.toml").is_none());
        assert!(asset("/no/such/file.js").is_none());
        assert!(asset("").is_none());
    }

    #[test]
    fn a_file_with_a_hash_in_its_name_may_be_kept_for_ever() {
        let Some(path) = Dist::iter().find(|path| path.ends_with(".js") && path.starts_with("assets/"))
        else {
            // Built without npm: there is only the page that says so.
            return;
        };
        let script = asset(&path).unwrap();
        assert!(script.immutable);
        assert_eq!(script.content_type, "text/javascript; charset=utf-8");
    }

    #[test]
    fn a_compressed_copy_is_found_by_the_name_of_its_file_and_by_no_other() {
        for path in Dist::iter().filter(|path| path.ends_with(".br")) {
            assert!(asset(&path).is_none(), "{path}");
            let file = path.trim_end_matches(".br");
            let (whole, copy) = (asset(file).unwrap(), compressed(file, Coding::Br).unwrap());
            assert_eq!((copy.content_type, copy.immutable), (whole.content_type, whole.immutable));
            assert!(copy.bytes.len() < whole.bytes.len() && copy.etag != whole.etag, "{file}");
            assert_eq!(compressed(file, Coding::Gzip).unwrap().bytes.get(..2), Some(&[0x1f, 0x8b][..]));
        }
    }

    /// The server turns this link into the one for the address that was asked for.
    #[test]
    fn whoever_has_no_javascript_is_shown_the_way_to_the_plain_pages() {
        let page = include_str!("../index.html");
        let (_, rest) = page.split_once("<noscript>").unwrap();
        let (words, _) = rest.split_once("</noscript>").unwrap();
        assert_eq!(words.matches(PLAIN_PAGES).count(), 1, "{words}");
        assert_eq!(page.matches(PLAIN_PAGES).count(), 1);
    }

    /// The content security policy that the server sends allows scripts and styles from files only.
    #[test]
    fn the_first_page_has_no_inline_script_or_style() {
        let page = String::from_utf8(index().bytes.into_owned()).unwrap();
        assert!(!page.contains("<style") && !page.contains(" style="));
        for script in page.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains("src="), "{script}");
        }
        assert!(!page.contains("http://") && !page.contains("https://"), "asks another server for something");
    }
}
