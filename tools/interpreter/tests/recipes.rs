//! Recipes alone: cases of nothing, orders, templates, filters, seals.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use payspec_codegen::ir::*;
use payspec_interpreter::{
    CredentialValue, Interpreter, Map, Problem, RecipeError, Refusal, SealError, Settings, SettingsError,
};
use payspec_runtime::Secret;

fn with(change: impl FnOnce(&mut Recipe)) -> Interpreter {
    let mut spec = provider();
    let mut recipe = md5_recipe("r", all(EmptyAction::Keep));
    change(&mut recipe);
    spec.recipes = vec![recipe];
    interpreter(spec)
}

fn listed(change: impl FnOnce(&mut List)) -> Interpreter {
    with(|recipe| {
        let list = recipe.list.as_mut().unwrap();
        list.add = Vec::new();
        change(list);
    })
}

fn text(interpreter: &Interpreter, fields: &[(&str, &str)]) -> Result<String, RecipeError> {
    interpreter.recipe_text("r", &pairs(fields)).unwrap().map(|text| text_of(text.bytes()))
}

const MIXED: &[(&str, &str)] = &[("b", " "), ("_", "1"), ("B", ""), ("a", "\tx "), ("sign", "s")];

#[test]
fn the_cases_of_nothing_are_told_apart() {
    let kept = listed(|_| {});
    assert_eq!(text(&kept, MIXED).unwrap(), "B=&_=1&a=\tx &b= ");
    let dropped = listed(|list| list.empties = all(EmptyAction::Drop));
    assert_eq!(text(&dropped, MIXED).unwrap(), "_=1&a=\tx &b= ");
    let blanks = listed(|list| list.empties = Empties { blank: EmptyAction::Drop, ..all(EmptyAction::Drop) });
    assert_eq!(text(&blanks, MIXED).unwrap(), "_=1&a=\tx ");
    let refused = listed(|list| list.empties = all(EmptyAction::Refuse));
    assert_eq!(text(&refused, MIXED), Err(RecipeError::Empty { name: "B".to_owned() }));
    let named = listed(|list| {
        list.empties = Empties { blank: EmptyAction::As("null".to_owned()), ..all(EmptyAction::Drop) }
    });
    assert_eq!(text(&named, MIXED).unwrap(), "_=1&a=\tx &b=null");
    let absent = listed(|list| list.fields = names(&["z", "a", "sign"]));
    assert_eq!(text(&absent, MIXED).unwrap(), "a=\tx &z=");
}

#[test]
fn trimming_comes_before_the_empties_and_may_make_names_collide() {
    let trimmed = listed(|list| {
        list.trim = true;
        list.empties = all(EmptyAction::Drop);
    });
    assert_eq!(text(&trimmed, MIXED).unwrap(), "_=1&a=x");
    assert_eq!(
        text(&trimmed, &[("a", "1"), (" a", "2")]),
        Err(RecipeError::Repeated { name: "a".to_owned() })
    );
}

#[test]
fn orders() {
    let ordered = |order| {
        text(&listed(|list| list.order = order), &[("b", "1"), ("B", "2"), ("_", "3"), ("A", "4")]).unwrap()
    };
    assert_eq!(ordered(Order::ByName), "A=4&B=2&_=3&b=1");
    assert_eq!(ordered(Order::ByNameIgnoringCase), "_=3&A=4&B=2&b=1");
    assert_eq!(ordered(Order::AsOnTheWire), "b=1&B=2&_=3&A=4");
    let named = listed(|list| {
        list.fields = names(&["b", "A"]);
        list.order = Order::AsListed;
        list.add = vec![("_z".to_owned(), vec![literal("9")])];
    });
    assert_eq!(text(&named, &[("A", "4"), ("b", "1"), ("x", "0")]).unwrap(), "b=1&A=4&_z=9");
}

#[test]
fn pairs_joins_and_filters_are_free() {
    let free = listed(|list| {
        list.pair =
            vec![PairPiece::Literal(":".to_owned()), PairPiece::Value(vec![Filter::Trim, Filter::Upper])];
        list.join = String::new();
        list.except = vec!["b".to_owned()];
    });
    assert_eq!(text(&free, &[("b", "x"), ("a", " é "), ("c", "ß")]).unwrap(), ":É:ß");
    assert_eq!(text(&free, &[]).unwrap(), "");
}

#[test]
fn the_secret_stands_where_the_template_puts_it_and_is_masked_there() {
    let secret =
        || Piece::Value { from: Operand::Credential(credential("secret")), filters: vec![Filter::Upper] };
    let around =
        with(|recipe| recipe.text = vec![secret(), literal("|"), Piece::List, literal("|"), secret()]);
    let found = around.recipe_text("r", &pairs(&[("z", "1")])).unwrap().unwrap();
    let upper = SECRET.to_uppercase();
    assert_eq!(text_of(found.bytes()), format!("{upper}|secret={SECRET}&z=1|{upper}"));
    assert_eq!(found.masked(), "******|secret=******&z=1|******");
    let filtered =
        with(|recipe| recipe.list.as_mut().unwrap().pair = vec![PairPiece::Value(vec![Filter::Upper])]);
    assert_eq!(filtered.recipe_text("r", &pairs(&[])).unwrap().unwrap().masked(), "******");
}

#[test]
fn nothing_can_be_left_out_of_a_template() {
    let seal = || md5_recipe("r", all(EmptyAction::Keep)).seal;
    let template = with(|recipe| {
        *recipe = text_recipe("r", vec![literal("<"), value(Operand::Field(path("a"))), literal(">")], seal())
    });
    assert_eq!(text(&template, &[("a", " x ")]).unwrap(), "< x >");
    let empty = Err(RecipeError::Empty { name: "a".to_owned() });
    assert_eq!(text(&template, &[("a", "")]), empty);
    assert_eq!(text(&template, &[]), empty);
    let no_result = with(|recipe| recipe.text = vec![value(Operand::Message(MessagePart::Result))]);
    assert_eq!(text(&no_result, &[]), Err(RecipeError::NoPart { part: "result" }));
}

#[test]
fn text_is_encoded_in_the_charset_of_the_recipe() {
    let gbk = with(|recipe| {
        recipe.charset = Encoding::Fixed(Charset::Gbk);
        recipe.list.as_mut().unwrap().add = Vec::new();
    });
    let found = gbk.recipe_text("r", &pairs(&[("a", "中")])).unwrap().unwrap();
    assert_eq!(found.bytes(), b"a=\xd6\xd0");
    assert_eq!(text(&gbk, &[("a", "😀")]), Err(RecipeError::Charset));
}

#[test]
fn every_digest_verifies_its_own_and_refuses_the_others() {
    let plain =
        [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha512, Digest::Sm3].map(Algorithm::Digest);
    let keyed = [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha512, Digest::Sm3].map(Algorithm::Hmac);
    let algorithms: Vec<Algorithm> = plain.into_iter().chain(keyed).collect();
    let seal = |algorithm: &Algorithm, output| Seal {
        key: matches!(algorithm, Algorithm::Hmac(_)).then(|| key_of("secret")).flatten(),
        algorithm: algorithm.clone(),
        output,
    };
    let fields = pairs(&[("a", "1")]);
    let sign = |interpreter: &Interpreter| {
        let text = interpreter.recipe_text("r", &fields).unwrap().unwrap();
        interpreter.recipe_signature("r", &text).unwrap().unwrap()
    };
    for output in [Output::HexLower, Output::HexUpper, Output::Base64] {
        for own in &algorithms {
            let signature = sign(&with(|recipe| recipe.seal = seal(own, output)));
            for other in &algorithms {
                let interpreter = with(|recipe| recipe.seal = seal(other, output));
                let accepted = interpreter.recipe_accepts("r", &fields, &signature).unwrap();
                assert_eq!(accepted.is_ok(), own == other, "{own:?} {other:?} {output:?}");
            }
        }
    }
}

#[test]
fn a_key_of_another_kind_is_no_key() {
    let rsa = |key| Seal { algorithm: Algorithm::Rsa(Digest::Sha1), key, output: Output::Base64 };
    for key in [None, key_of("secret"), key_of("nothing")] {
        let interpreter = with(|recipe| recipe.seal = rsa(key));
        let text = interpreter.recipe_text("r", &pairs(&[])).unwrap().unwrap();
        assert_eq!(interpreter.recipe_signature("r", &text).unwrap(), Err(SealError::Key));
        assert_eq!(
            interpreter.recipe_accepts("r", &pairs(&[]), "AAAA").unwrap(),
            Err(Refusal::Seal(SealError::Key))
        );
    }
    let rsa_over_md5 =
        Seal { algorithm: Algorithm::Rsa(Digest::Md5), key: key_of("secret"), output: Output::HexLower };
    let interpreter = with(|recipe| recipe.seal = rsa_over_md5);
    assert!(interpreter.recipe_accepts("r", &pairs(&[]), "aa").unwrap().is_err());
}

#[test]
fn settings_that_do_not_fit_are_refused_when_they_are_set_up() {
    let refused = |change: &dyn Fn(&mut Settings)| {
        let mut settings = settings();
        change(&mut settings);
        Interpreter::new(provider().into(), settings).map(|_| ()).unwrap_err()
    };
    let name = |name: &str| name.to_owned();
    let text = |text: &str| CredentialValue::Text(text.to_owned());
    assert_eq!(
        refused(&|given| drop(given.credentials.remove("secret"))),
        SettingsError::Missing { name: name("secret") }
    );
    assert_eq!(
        refused(&|given| drop(given.credentials.insert("more", text("1")))),
        SettingsError::UnknownCredential { name: name("more") }
    );
    assert_eq!(
        refused(&|given| drop(given.credentials.insert("secret", text("1")))),
        SettingsError::Kind { name: name("secret") }
    );
    assert_eq!(
        refused(&|given| drop(given.credentials.insert("appid", text("")))),
        SettingsError::Empty { name: name("appid") }
    );
    let empty = CredentialValue::Secret(Secret::new(""));
    assert_eq!(
        refused(&|given| drop(given.credentials.insert("secret", empty.clone()))),
        SettingsError::Empty { name: name("secret") }
    );
    let choice = CredentialValue::Choice { alternative: name("x"), members: Map::new() };
    assert_eq!(
        refused(&|given| drop(given.credentials.insert("appid", choice.clone()))),
        SettingsError::Kind { name: name("appid") }
    );
    assert_eq!(
        refused(&|given| drop(given.options.insert("o", name("1")))),
        SettingsError::UnknownOption { name: name("o") }
    );
    assert_eq!(
        refused(&|given| drop(given.tokens.insert("t", name("1")))),
        SettingsError::UnknownToken { name: name("t") }
    );
    assert_eq!(
        refused(&|given| drop(given.hosts.insert("h", name("1")))),
        SettingsError::UnknownHost { name: name("h") }
    );
}

#[test]
fn no_secret_shows_in_debug() {
    assert!(!format!("{:?}", interpreter(provider())).contains(SECRET));
}

#[test]
fn an_option_keeps_the_limits_of_its_field() {
    let mut spec = provider();
    let alphabet = Alphabet { text: "a-z".to_owned(), ranges: vec![('a', 'z')] };
    let mut label = length(field("label?", Kind::Text), 1, 5);
    label.limits.alphabet = Some(alphabet);
    spec.options = vec![ClientOption { field: label, default: None }];
    let with = |text: &str| {
        let options = Map::from([("label", text.to_owned())]);
        Interpreter::new(std::sync::Arc::new(spec.clone()), Settings { options, ..settings() }).map(|_| ())
    };
    let refused = |problem| Err(SettingsError::Option { name: "label".to_owned(), problem });
    assert_eq!(with("abc"), Ok(()));
    assert_eq!(with("abcdef"), refused(Problem::Length { found: 6, allowed: "1..5".to_owned() }));
    assert_eq!(with("aB"), refused(Problem::Alphabet { position: 2, allowed: "a-z".to_owned() }));
    assert_eq!(with(""), refused(Problem::Missing));
}

#[test]
fn a_blank_credential_is_nothing_where_blank_values_count_as_absent() {
    let mut spec = provider();
    let with = |spec: &Provider| {
        let mut settings = settings();
        settings.credentials.insert("appid", CredentialValue::Text(" ".to_owned()));
        Interpreter::new(std::sync::Arc::new(spec.clone()), settings).map(|_| ())
    };
    assert_eq!(with(&spec), Ok(()));
    spec.defaults.absent_when = AbsentWhen::Blank;
    assert_eq!(with(&spec), Err(SettingsError::Empty { name: "appid".to_owned() }));
}
