//! Who may do what: every route and every word of the socket, tried by everybody there can be, on everything there can be.
//!
//! `table.txt` says what is expected, a line a case; `table` reads it and `routes` asks the router whether a line is missing.
//! The `cast` are the people, the `scene` is what they act on, `trial` tries a case and looks whether it did what it says.
//! Everything private carries a word of its own; `canaries` looks for it in every byte that anyone received, and in the log.

mod canaries;
mod cast;
mod matrix;
mod oracle;
mod races;
mod routes;
mod scene;
mod table;
mod trial;
