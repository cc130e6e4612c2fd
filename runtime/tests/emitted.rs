//! Emitted code compiles where there is no prelude.
#![no_implicit_prelude]
#![allow(missing_docs)]

use ::payspec_runtime as rt;
use rt::emitted::*;

/// One of everything that emitted types derive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Everything {
    text: String,
    maybe: Option<i64>,
    list: Vec<u8>,
    shared: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Word {
    Yes,
    No,
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        match text {
            "Y" => Self::Yes,
            _ => Self::No,
        }
    }
}

fn first(list: &[String]) -> Result<String, rt::Repeat> {
    match list.iter().map(ToString::to_string).next() {
        Some(text) => Ok(text),
        None => Err(rt::Repeat),
    }
}

#[::core::prelude::v1::test]
fn derived_and_written_code_works_without_a_prelude() {
    let everything = Everything { maybe: Some(1), ..Default::default() };
    ::std::assert_eq!(everything.clone(), everything);
    ::std::assert_eq!(Word::from("Y"), Word::Yes);
    ::std::assert_eq!(first(&[]), Err(rt::Repeat));
    ::std::assert_eq!(first(&["a".to_owned()]), Ok("a".into()));
}
