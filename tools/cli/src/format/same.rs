//! The proof that a formatted file says what it said before: the same tree, but for the order of keys that the language
//! orders, and the same comments. It is given for every file before a byte is written.

use payspec_codegen::read::{Node, NodeValue};

use super::grammar::Shape;
use super::source::Source;

/// Both files have the same tree.
pub(super) fn same_tree(before: &Node, after: &Node, shape: Shape) -> bool {
    match (&before.value, &after.value) {
        (NodeValue::Null, NodeValue::Null) => true,
        (NodeValue::Scalar(before), NodeValue::Scalar(after)) => before.text == after.text,
        (NodeValue::Sequence(before), NodeValue::Sequence(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| same_tree(before, after, shape))
        }
        (NodeValue::Mapping(entries), NodeValue::Mapping(others)) => {
            let is_ordered = !matches!(shape, Shape::Keys(_));
            let in_order = || entries.iter().zip(others).all(|((key, _), (other, _))| key.text == other.text);
            entries.len() == others.len()
                && (!is_ordered || in_order())
                && entries.iter().zip(others).all(|((key, value), (other, at_its_place))| {
                    let other =
                        if key.text == other.text { Some(at_its_place) } else { after.get(&key.text) };
                    other.is_some_and(|other| same_tree(value, other, shape.value_of(&key.text)))
                })
        }
        _ => false,
    }
}

/// Both files have the same comments, in whatever order.
pub(super) fn same_comments(before: (&Node, &Source<'_>), after: (&Node, &Source<'_>)) -> bool {
    let [before, after] = [before, after].map(|(root, source)| {
        let mut texts: Vec<String> =
            source.scan(root).comments.into_iter().map(|comment| comment.text).collect();
        texts.sort_unstable();
        texts
    });
    before == after
}
