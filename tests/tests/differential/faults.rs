//! A comparison that finds nothing proves something only if it finds what is there: ten seeded faults turn it red.

use std::sync::Arc;

use payspec_codegen::ir::{self, Provider};
use payspec_tests::vectors;

use super::{bench_of, keys};

/// How many messages the search for a fault may take.
const SEARCH: u32 = 2_000;

fn small() -> Arc<Provider> {
    vectors::spec("tests/faults/small.yaml").provider
}

/// The first difference between the interpreter of this spec and the generated code of this name.
fn first_difference(provider: &Arc<Provider>, generated: &str) -> Result<(), String> {
    let bench = bench_of(provider, generated, &keys());
    bench.requests("ask", SEARCH)?;
    bench.callbacks("told", SEARCH)?;
    Ok(())
}

#[test]
fn the_small_spec_has_no_difference_before_a_fault_is_seeded() {
    assert_eq!(first_difference(&small(), "small"), Ok(()));
}

#[test]
fn five_faults_on_the_generated_side_are_found() {
    for fault in ["fault_order", "fault_join", "fault_hex", "fault_space", "fault_number"] {
        let found = first_difference(&small(), fault);
        let difference = found.expect_err(fault);
        println!("{fault}: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
    }
}

#[test]
fn five_faults_on_the_interpreted_side_are_found() {
    type Fault = (&'static str, fn(&mut Provider));
    let faults: [Fault; 4] = [
        ("empties: a notice drops what is empty", |provider| {
            for list in lists(provider, "notice") {
                list.empties.empty = ir::EmptyAction::Drop;
                list.empties.blank = ir::EmptyAction::Drop;
            }
        }),
        ("trim: values keep their outer white space", |provider| {
            lists(provider, "request").for_each(|list| list.trim = false);
        }),
        ("charset: GBK in place of UTF-8", |provider| {
            provider.defaults.encoding = ir::Encoding::Fixed(ir::Charset::Gbk);
            for recipe in &mut provider.recipes {
                recipe.charset = ir::Encoding::Fixed(ir::Charset::Gbk);
            }
        }),
        ("absent: a blank counts as a value", |provider| {
            provider.defaults.absent_when = ir::AbsentWhen::Empty
        }),
    ];
    for (fault, seed) in faults {
        let mut provider = (*small()).clone();
        seed(&mut provider);
        let difference = first_difference(&Arc::new(provider), "small").expect_err(fault);
        println!("{fault}: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
    }
    // How bytes are escaped no spec can say: this one is seeded in what the interpreter has written.
    let mut bench = bench_of(&small(), "small", &keys());
    for set in &mut bench.accounts {
        set.both.seed(|message| {
            let body = String::from_utf8(message.body.clone()).unwrap();
            message.body = body.replace("%7B", "%7b").into_bytes();
        });
    }
    let difference = bench.requests("ask", SEARCH).expect_err("escape: percent-encoding with small letters");
    println!("escape: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
}

fn lists<'p>(provider: &'p mut Provider, recipe: &'static str) -> impl Iterator<Item = &'p mut ir::List> {
    let recipes = provider.recipes.iter_mut().filter(move |known| known.name.wire == recipe);
    recipes.filter_map(|recipe| recipe.list.as_mut())
}
