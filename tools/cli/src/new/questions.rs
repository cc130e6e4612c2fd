//! Three questions, for who gave no flags and sits at a terminal. An empty answer takes the first word.

use std::io::{BufRead, Write};

use clap::ValueEnum;
use payspec_codegen::diagnostic::did_you_mean;

use super::{Body, Choice, Signature};
use crate::failure::Failure;
use crate::terminal::{FAINT, Terminal};

/// Asks on standard error, so that standard output stays a pipe.
pub(super) fn ask(name: &str, answers: &mut dyn BufRead, terminal: &mut Terminal) -> Result<Choice, Failure> {
    let err = terminal.err.as_mut();
    let signature = one_of("What signs requests?", Signature::HmacSha256, answers, err)?;
    let body = one_of("How do requests travel?", Body::Form, answers, err)?;
    let callback =
        one_of("Does the provider report payments to an address of yours?", Answer::Yes, answers, err)?;
    Ok(Choice { name: name.to_owned(), signature, body, callback: callback == Answer::Yes })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Answer {
    Yes,
    No,
}

/// Asks until the answer is one of the words; the beginning of one word only is enough.
fn one_of<T: ValueEnum>(
    question: &str,
    default: T,
    answers: &mut dyn BufRead,
    err: &mut dyn Write,
) -> Result<T, Failure> {
    let word =
        |value: &T| value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let words: Vec<String> = T::value_variants().iter().map(word).collect();
    loop {
        write!(err, "{question} {FAINT}{}{FAINT:#} [{}] ", words.join(", "), word(&default))?;
        err.flush()?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            return Err(Failure::new("no answer came").mend("say it by flags: `payspec new --help`"));
        }
        let answer = answer.trim().to_lowercase();
        if answer.is_empty() {
            return Ok(default);
        }
        let mut fitting = words.iter().filter(|word| word.starts_with(&answer));
        let chosen = match (words.iter().find(|word| **word == answer), fitting.next(), fitting.next()) {
            (Some(exact), ..) => Some(exact),
            (None, Some(only), None) => Some(only),
            _ => None,
        };
        match chosen.and_then(|word| T::from_str(word, true).ok()) {
            Some(value) => return Ok(value),
            None => match did_you_mean(&answer, words.iter().map(String::as_str)) {
                Some(meant) => writeln!(err, "that is none of them; did you mean `{meant}`?")?,
                None => writeln!(err, "that is none of them")?,
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn asked(answers: &str) -> (Option<Signature>, String) {
        let mut said = Vec::new();
        let found = one_of("Which?", Signature::HmacSha256, &mut answers.as_bytes(), &mut said);
        (found.ok(), String::from_utf8(said).unwrap())
    }

    #[test]
    fn an_empty_answer_takes_the_default_and_the_beginning_of_a_word_is_enough() {
        assert_eq!(asked("\n").0, Some(Signature::HmacSha256));
        assert_eq!(asked("hm\n").0, Some(Signature::HmacSha256));
        assert_eq!(asked("RSA\n").0, Some(Signature::Rsa), "a whole word counts before a beginning");
        assert_eq!(asked("sha1\n").0, Some(Signature::Sha1));
    }

    #[test]
    fn it_is_asked_again_until_the_answer_is_one_of_the_words() {
        let (found, said) = asked("mb5\ns\nsm2\n");
        assert_eq!(found, Some(Signature::Sm2));
        assert_eq!(said.matches("Which?").count(), 3);
        assert!(said.contains("did you mean `md5`?"), "{said}");
    }

    #[test]
    fn the_end_of_the_answers_is_no_answer() {
        assert_eq!(asked("").0, None);
        assert_eq!(asked("x\n").0, None);
    }
}
