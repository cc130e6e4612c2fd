//! Faults that are seeded on the generated side: copies of the small spec, each with one thing wrong.
//!
//! The copy is compiled by the same expansion, and compared with the interpreter of the right spec.

/// A fault.
pub(crate) struct Fault {
    /// The provider's name in the altered copy.
    pub(crate) name: &'static str,
    /// What stands in the right spec, once.
    right: &'static str,
    /// What the altered copy says instead.
    wrong: &'static str,
}

/// Every fault on the generated side. `tests/differential.rs` names them as well, and fails on one that is missing.
pub(crate) const ALL: [Fault; 5] = [
    Fault { name: "fault_order", right: "order: by name", wrong: "order: as on the wire" },
    Fault { name: "fault_join", right: "join: \"&\"", wrong: "join: \"|\"" },
    Fault { name: "fault_hex", right: "output: hex lower", wrong: "output: hex upper" },
    Fault { name: "fault_space", right: "space: \"%20\"", wrong: "space: \"+\"" },
    Fault { name: "fault_number", right: "json_amount: text", wrong: "json_amount: number" },
];

impl Fault {
    /// The altered copy.
    pub(crate) fn applied_to(&self, spec: &str) -> String {
        let Self { name, right, wrong } = self;
        assert_eq!(spec.matches(right).count(), 1, "{name}: `{right}` stands in the spec once");
        spec.replace(right, wrong).replacen("name: small", &format!("name: {name}"), 1)
    }
}
