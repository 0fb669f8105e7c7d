//! Event listeners: which may change tables or relationships.

use python_static::program::{Place, Value};

use crate::host::Sql;
use crate::types::library_name;

/// Events of mapping and of attaching columns: their listeners see tables while they are made.
const EARLY: [&str; 6] = [
    "instrument_class",
    "class_instrument",
    "attribute_instrument",
    "after_mapper_constructed",
    "before_parent_attach",
    "after_parent_attach",
];
/// Events of the time when relationships are worked out; the tables are complete by then.
const LATE: [&str; 4] =
    ["before_mapper_configured", "mapper_configured", "before_configured", "after_configured"];
/// Words without which a function changes no table.
const OF_TABLES: [&str; 20] = [
    "append_column",
    "append_constraint",
    "add_is_dependent_on",
    "__table__",
    "local_table",
    "persist_selectable",
    "tables",
    "table",
    "Column",
    "mapped_column",
    "Table",
    "Index",
    "UniqueConstraint",
    "CheckConstraint",
    "ForeignKey",
    "nullable",
    "schema",
    "server_default",
    "metadata",
    "setattr",
];
/// Words without which a function changes no relationship.
const OF_RELATIONSHIPS: [&str; 8] = [
    "relationship",
    "add_property",
    "add_properties",
    "back_populates",
    "backref",
    "setattr",
    "relationships",
    "properties",
];

impl Sql {
    /// `event.listen(target, name, function)`
    pub(crate) fn listener(&self, place: Place, arguments: &[Value], function: Option<&Value>) {
        let target = arguments.first().map(|target| match target.as_call() {
            Some((function, _)) => function.clone(),
            None => target.clone(),
        });
        // Sessions, engines and pools come after the tables.
        let is_runtime = target.as_ref().and_then(library_name).is_some_and(|name| {
            let name = name.to_lowercase();
            ["session", "engine", "pool"].iter().any(|part| name.contains(part))
        });
        if is_runtime {
            return;
        }
        let name = arguments.get(1).and_then(Value::as_str);
        let early = name.is_none_or(|name| EARLY.contains(&name));
        let late = name.is_none_or(|name| LATE.contains(&name));
        let mentions = |words: &[&str]| match function {
            Some(Value::Function(function)) => function.mentions(words),
            _ => true,
        };
        if early && mentions(&OF_TABLES) {
            self.problem(place, "an event listener may change tables", vec!["*".into()]);
            self.state.borrow_mut().listeners.push(place);
        } else if (early || late) && mentions(&OF_RELATIONSHIPS) {
            self.state.borrow_mut().relationship_listeners.push(place);
        }
    }
}
