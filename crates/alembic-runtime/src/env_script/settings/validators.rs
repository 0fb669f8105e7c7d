//! Validators of pydantic classes, which may replace what a field holds.

use std::rc::Rc;

use python_static::TextRange;

use crate::env_script::{
    calls::Arguments,
    classes::is_decorated,
    machine::{Eval, Machine},
    value::{Class, Function, Object, Scope, Value},
};

impl Machine<'_> {
    /// Runs the validators of the class on the filled fields, in the order of the fields.
    pub(super) fn validate(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        class: &Rc<Class>,
        old: bool,
    ) -> Eval<()> {
        let mut functions: Vec<Rc<Function>> = Vec::new();
        for class in Self::lineage(class).iter().rev() {
            let Some(own) = &class.scope.own else { continue };
            let mut found: Vec<_> = own
                .borrow()
                .values()
                .filter_map(|value| match value {
                    Value::Function(function) => Some(Rc::clone(function)),
                    _ => None,
                })
                .collect();
            found.sort_by_key(|function| function.line);
            functions.extend(found);
        }
        let values = self.new_dict(Vec::new(), None);
        for field in Self::fields(class) {
            for function in &functions {
                if let Some(mode) = validates(function, &field.name) {
                    let given =
                        object.attributes.borrow().get(&field.name).cloned().unwrap_or(Value::None);
                    let value = if mode == "wrap" {
                        self.unknown(
                            scope,
                            range,
                            format!("`{}` is validated in a way that is not followed", field.name),
                        )
                    } else {
                        self.validated(scope, range, function, (class, given, &values, old))?
                    };
                    let value = match value {
                        Value::Str(text, trail) if trail.steps().is_empty() => {
                            Value::Str(text, trail)
                        }
                        Value::Str(text, trail) => Value::Str(text, self.through(&field, &trail)),
                        other => other,
                    };
                    object.attributes.borrow_mut().insert(Rc::clone(&field.name), value);
                }
            }
            let value = object.attributes.borrow().get(&field.name).cloned().unwrap_or(Value::None);
            values.insert(&field.name, value);
        }
        // pydantic 2 calls it before the validators of the whole.
        if let (false, Some(Value::Function(function))) =
            (old, Self::of_class(class, "model_post_init"))
        {
            let given = vec![Value::Object(Rc::clone(object)), Value::None];
            self.call_function(scope, range, &function, Arguments::of(given))?;
        }
        self.validate_model(scope, range, object, &functions)
    }

    fn validated(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        function: &Rc<Function>,
        (class, given, values, old): (&Rc<Class>, Value, &Rc<crate::env_script::value::Dict>, bool),
    ) -> Eval {
        let so_far = Value::Dict(self.new_dict(values.items.borrow().clone(), None));
        let last = if old || is_decorated(function, "validator") {
            so_far
        } else {
            let info = self.object("");
            info.attributes.borrow_mut().insert("data".into(), so_far);
            Value::Object(info)
        };
        let mut arguments = vec![given, last];
        if !is_decorated(function, "staticmethod") {
            arguments.insert(0, Value::Class(Rc::clone(class)));
        }
        arguments.truncate(function.definition.parameters.len());
        self.call_function(scope, range, function, Arguments::of(arguments))
    }

    /// Validators of the whole: those that come after it work on the instance, the others on what is not followed.
    fn validate_model(
        &mut self,
        scope: &Rc<Scope>,
        range: &TextRange,
        object: &Rc<Object>,
        functions: &[Rc<Function>],
    ) -> Eval<()> {
        for function in functions {
            let whole = function.decorators.iter().find(|decorator| {
                matches!(
                    decorator.name.rsplit('.').next(),
                    Some("model_validator" | "root_validator")
                )
            });
            let Some(decorator) = whole else { continue };
            let mode = decorator
                .keywords
                .iter()
                .find(|(name, _)| &**name == "mode")
                .map(|(_, value)| value);
            if mode.and_then(Value::as_str) == Some("after") {
                let own = Value::Object(Rc::clone(object));
                self.call_function(scope, range, function, Arguments::of(vec![own]))?;
            } else {
                let name = &function.definition.name;
                let doubt = self.doubt(scope, range, format!("`{name}` may change all settings"));
                #[expect(
                    clippy::iter_over_hash_type,
                    reason = "each becomes the same, in any order"
                )]
                for value in object.attributes.borrow_mut().values_mut() {
                    *value = Value::Unknown(Rc::clone(&doubt));
                }
                *object.open.borrow_mut() = Some(doubt);
            }
        }
        Ok(())
    }
}

/// How the function validates the field, if it does: `before`, `after`, `plain`, `wrap`.
fn validates(function: &Function, field: &str) -> Option<&'static str> {
    let decorator = function.decorators.iter().find(|decorator| {
        matches!(decorator.name.rsplit('.').next(), Some("validator" | "field_validator"))
    })?;
    let named = decorator
        .arguments
        .iter()
        .filter_map(Value::as_str)
        .any(|name| name == field || name == "*");
    let mode = decorator
        .keywords
        .iter()
        .find(|(name, _)| &**name == "mode")
        .and_then(|(_, value)| value.as_str());
    named.then_some(if mode == Some("wrap") { "wrap" } else { "other" })
}
