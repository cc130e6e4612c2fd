//! Values of a draw: what is awkward comes often, and what is covered carries a mark.

use super::dice::Dice;

/// What the text of a value has to be, because a filter asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything.
    Text,
    /// A plain decimal number.
    Decimal,
    /// Hex.
    Hex,
    /// Base64.
    Base64,
    /// JSON.
    Json,
}

const PLAIN: &str = "abcxyzABCXYZ0123456789_-.";
const AWKWARD: &str = "&=%+ ~/?:;,.{}[]|\"'<>\\-_*()!@$^`aB0";
const CHINESE: &str = "支付订单号中文一丁乗";
const LATIN: &str = "éßÿÀ";
const WIDE: &str = "😀𠮷";

/// Which characters a message can hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alphabet {
    /// The charset of message and text writes Chinese.
    pub(super) chinese: bool,
    /// It writes every character.
    pub(super) wide: bool,
    /// It writes letters with accents of ISO 8859-1.
    pub(super) latin: bool,
    /// Tabs and line ends can stand in it.
    pub(super) controls: bool,
}

impl Alphabet {
    /// Text of at most 12 characters without white space at its ends.
    pub(super) fn text(self, dice: &mut Dice) -> String {
        let mut sets = vec![PLAIN, PLAIN, AWKWARD];
        if self.chinese {
            sets.push(CHINESE);
        }
        if self.latin {
            sets.push(LATIN);
        }
        if self.wide {
            sets.push(WIDE);
        }
        if self.controls {
            sets.push("\t\n a");
        }
        let set = *dice.one(&sets);
        let length = 1 + dice.below(12);
        let text = dice.text(set, length);
        let text = text.trim_matches([' ', '\t', '\n']);
        if text.is_empty() { "x".to_owned() } else { text.to_owned() }
    }
}

/// A value of this kind without a mark.
pub(super) fn unmarked(kind: Kind, alphabet: Alphabet, dice: &mut Dice) -> String {
    match kind {
        Kind::Text => alphabet.text(dice),
        Kind::Decimal => {
            let whole = dice.below(100_000);
            let sign = dice.one(&["", "", "-"]);
            let decimals = *dice.one(&["", ".5", ".05", ".005", ".10", ".995", ".12345678901234567890"]);
            format!("{sign}{whole}{decimals}")
        }
        Kind::Hex => {
            let length = 2 * (1 + dice.below(6));
            dice.text("0123456789abcdefABCDEF", length)
        }
        Kind::Base64 => {
            let length = 4 * (1 + dice.below(4));
            dice.text("ABCDabcd0123+/", length)
        }
        Kind::Json => format!(
            "{{\"b\": {}, \"a\" : [\"x y\", {}]}}",
            dice.below(1000),
            dice.one(&["1.0", "1e2", "null", "true"])
        ),
    }
}

/// Mark and changed mark of this kind; `number` is unique in the message.
pub(super) fn mark(kind: Kind, number: usize) -> (String, String) {
    let letter = char::from(b'a' + u8::try_from(number % 26).expect("below 26"));
    match kind {
        Kind::Text => (format!("Zq{letter}k"), format!("Zq{letter}m")),
        Kind::Json => (format!("\"Zq{letter}k\""), format!("\"Zq{letter}m\"")),
        Kind::Decimal => (format!("73{:02}501", number % 100), format!("73{:02}502", number % 100)),
        Kind::Hex => (format!("cafe{:02x}", number % 256), format!("caff{:02x}", number % 256)),
        Kind::Base64 => (format!("Zq{letter}k"), format!("Zq{letter}m")),
    }
}

/// A value with a mark in it.
pub(super) fn marked(kind: Kind, mark: &str, alphabet: Alphabet, dice: &mut Dice) -> String {
    match kind {
        Kind::Text if dice.percent(50) => format!("{mark}{}", alphabet.text(dice)),
        Kind::Text => format!("{}{mark}", alphabet.text(dice)),
        Kind::Decimal => format!("{}{mark}{}", dice.one(&["", "-"]), dice.one(&["", ".5", ".005", ".10"])),
        Kind::Hex => format!("{}{mark}", unmarked(kind, alphabet, dice)),
        Kind::Base64 => format!("{mark}{}", unmarked(kind, alphabet, dice)),
        Kind::Json => format!("{{ \"b\":{mark} , \"a\":1.0}}"),
    }
}
