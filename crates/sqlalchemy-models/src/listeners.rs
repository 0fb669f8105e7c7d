//! Event listeners: which may change tables.

use python_static::program::{Place, Value};

use crate::host::Sql;
use crate::types::library_name;

/// Events of mapping and of attaching columns: their listeners see tables while they are made.
const CHANGING: [&str; 6] = [
    "instrument_class",
    "class_instrument",
    "attribute_instrument",
    "after_mapper_constructed",
    "before_parent_attach",
    "after_parent_attach",
];

impl Sql {
    /// `event.listen(target, name, …)`
    pub(crate) fn listener(&self, place: Place, arguments: &[Value]) -> Value {
        let target = arguments.first().map(|target| match target.as_call() {
            Some((function, _)) => function.clone(),
            None => target.clone(),
        });
        // Sessions, engines and pools come after the tables.
        let is_runtime = target.as_ref().and_then(library_name).is_some_and(|name| {
            let name = name.to_lowercase();
            ["session", "engine", "pool"].iter().any(|part| name.contains(part))
        });
        let changes = match arguments.get(1) {
            Some(Value::Str(name)) => CHANGING.contains(&&**name),
            _ => true,
        };
        if changes && !is_runtime {
            self.problem(place, "an event listener may change tables", vec!["*".into()]);
            self.state.borrow_mut().listeners.push(place);
        }
        Value::None
    }
}
