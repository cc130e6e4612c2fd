//! Values of a file: texts, lists and named values in their order. Numbers are texts, so that none is rounded.

use payspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics};
use payspec_codegen::read::{Node, NodeValue};
use payspec_interpreter::Value;

/// A value as it is written; what has none has been reported.
pub fn value(node: &Node, diagnostics: &mut Diagnostics) -> Option<Value> {
    match &node.value {
        NodeValue::Scalar(scalar) => Some(Value::from(scalar.text.as_str())),
        NodeValue::Sequence(items) => {
            Some(Value::List(items.iter().filter_map(|item| value(item, diagnostics)).collect()))
        }
        NodeValue::Mapping(entries) => {
            let members =
                entries.iter().filter_map(|(key, node)| Some((key.text.as_str(), value(node, diagnostics)?)));
            Some(Value::Object(members.collect()))
        }
        NodeValue::Null => {
            let message = "a value is wanted here, nothing was found";
            let mend = "empty text is written `\"\"`; what is not given is left out with its name";
            diagnostics.push(Diagnostic::new(Code::NotText, node.span, message).mend(mend));
            None
        }
    }
}
