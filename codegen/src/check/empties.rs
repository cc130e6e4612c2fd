//! What becomes of nothing: `empties`, in a list and in a template.

use super::Context;
use crate::diagnostic::Code;
use crate::ir::{Empties, EmptyAction};
use crate::model::{self, EmptyWord, Recipe};
use crate::read::{Spanned, TextOr};

impl Context<'_> {
    /// What becomes of nothing in the list. Nothing is an error where it cannot be understood.
    pub(super) fn empties(&self, said: &Spanned<TextOr<model::Empties>>) -> Empties {
        use EmptyAction::{Drop, Keep, Refuse};
        let all = |action: EmptyAction, blank| Empties {
            absent: action.clone(),
            json_null: action.clone(),
            empty: action,
            blank,
        };
        let cases = match &said.value {
            TextOr::Other(cases) => cases,
            TextOr::Text(word) => match word.as_str() {
                "drop" => return all(Drop, Keep),
                "drop blank" => return all(Drop, Drop),
                "keep" => return all(Keep, Keep),
                "refuse" => return Empties::REFUSE,
                other => {
                    let message = format!("`{other}` is no way to treat empty values");
                    let mend = "drop, drop blank, keep, refuse, or the four cases by name";
                    self.mistake(Code::UnknownValue, said.span, message, mend);
                    return Empties::REFUSE;
                }
            },
        };
        let action =
            |said: &Option<Spanned<TextOr<model::EmptyAs, EmptyWord>>>, usual: EmptyAction| match said {
                None => usual,
                Some(said) => match &said.value {
                    TextOr::Text(EmptyWord::Drop) => Drop,
                    TextOr::Text(EmptyWord::Keep) => Keep,
                    TextOr::Text(EmptyWord::Refuse) => Refuse,
                    TextOr::Other(other) => EmptyAction::As(other.text.value.clone()),
                },
            };
        Empties {
            absent: action(&cases.absent, Refuse),
            json_null: action(&cases.json_null, Refuse),
            empty: action(&cases.empty, Refuse),
            blank: action(&cases.blank, Keep),
        }
    }

    /// What becomes of nothing in a template, where nothing can be left out.
    pub(super) fn template_empties(&self, recipe: &Recipe) -> Empties {
        let Some(said) = &recipe.empties else { return Empties::REFUSE };
        let Empties { absent, json_null, empty, blank } = self.empties(said);
        let kept = |action| if action == EmptyAction::Drop { EmptyAction::Refuse } else { action };
        Empties { absent: kept(absent), json_null: kept(json_null), empty: kept(empty), blank: kept(blank) }
    }
}
