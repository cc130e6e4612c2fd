//! `payspec check --explain`: the long text of a code.

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::did_you_mean;

use crate::Exit;
use crate::failure::Failure;
use crate::terminal::{HEADING, Terminal};

/// Lines of explanations end here.
const WIDTH: usize = 88;

/// Explains a code, which may be written `PS006`, `ps6` or `6`.
pub(super) fn explain(said: &str, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(code) = find(said) else { return Err(unknown(said)) };
    writeln!(terminal.out, "{HEADING}{code} ({}): {}{HEADING:#}\n", code.severity(), code.title())?;
    for paragraph in code.explain().split("\n\n") {
        writeln!(terminal.out, "{}\n", wrapped(paragraph))?;
    }
    if code.can_be_accepted() {
        writeln!(terminal.out, "It can be accepted: accepts: {{ {code}: \"why it is right here\" }}")?;
    }
    Ok(Exit::Clean)
}

fn find(said: &str) -> Option<Code> {
    let said = said.trim();
    let digits = said.strip_prefix("PS").or_else(|| said.strip_prefix("ps")).unwrap_or(said);
    let number: u16 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    Code::from_number(&format!("PS{number:03}"))
}

fn unknown(said: &str) -> Failure {
    let numbers = || Code::ALL.iter().map(|code| code.number());
    let meant = did_you_mean(said, numbers()).and_then(Code::from_number);
    let mend = match (meant, numbers().next(), numbers().next_back()) {
        (Some(meant), ..) => format!("did you mean `{meant}` ({})?", meant.title()),
        (None, Some(first), Some(last)) => format!("codes go from {first} to {last}"),
        _ => return Failure::new(format!("there is no code `{said}`")),
    };
    Failure::new(format!("there is no code `{said}`")).mend(mend)
}

/// Text in lines of one width; examples, which are indented, stay as they are.
fn wrapped(paragraph: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in paragraph.lines() {
        if line.starts_with(' ') {
            lines.push(line.to_owned());
            continue;
        }
        let mut current = String::new();
        for word in line.split_whitespace() {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > WIDTH {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_written() {
        for said in ["PS006", "ps006", "PS6", "6", "006", " 6 "] {
            assert_eq!(find(said), Some(Code::RangeStartsAboveItsEnd), "{said}");
        }
        for said in ["", "PS", "PS0", "P6", "+6", "-6", "PS99999999", "支付"] {
            assert_eq!(find(said), None, "{said}");
        }
    }

    #[test]
    fn lines_are_wrapped_and_examples_are_not() {
        let long = "word ".repeat(60);
        assert!(wrapped(&long).lines().all(|line| line.len() <= WIDTH));
        let example = format!("    {long}");
        assert_eq!(wrapped(&example), example);
    }
}
