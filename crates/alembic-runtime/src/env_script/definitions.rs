//! The definition of a class: its block, its decorators, and what makes it another than it looks.

use std::{cell::RefCell, rc::Rc};

use python_static::tree;

use super::{
    calls::Arguments,
    machine::{Eval, Machine},
    value::{Class, Scope, Value},
};

impl Machine<'_> {
    pub(super) fn define_class(&mut self, scope: &Rc<Scope>, class: &tree::Class) -> Eval {
        let bases =
            class.bases.iter().map(|base| self.eval(scope, base)).collect::<Eval<Vec<_>>>()?;
        let arguments = self.arguments(scope, &[], &class.keywords)?;
        let mut decorators = Vec::new();
        let mut others = Vec::new();
        for decorator in &class.decorators {
            let callee = match &decorator.node {
                tree::Node::Call { function, .. } => function,
                _ => decorator,
            };
            match self.eval(scope, callee)? {
                Value::External(name) if leaves_class(&name) => decorators.push(name),
                _ => others.push(decorator),
            }
        }
        let inside = Scope::inside(scope, true, self.level());
        let outer = std::mem::take(&mut self.class_fields);
        let result = self.block(&inside, &class.body);
        let mut fields = std::mem::replace(&mut self.class_fields, outer);
        result?;
        let name: Rc<str> = (&*class.name).into();
        for field in &mut fields {
            field.class = Rc::clone(&name);
        }
        let fields = RefCell::new(fields);
        let keywords = arguments.keywords;
        let class = Class { name, bases, keywords, scope: inside, fields, decorators };
        let class = Rc::new(class);
        self.init_subclass(scope, &class)?;
        let mut value = Value::Class(class);
        for decorator in others.into_iter().rev() {
            let callee = self.eval(scope, decorator)?;
            value = self.call(scope, &decorator.range, &callee, Arguments::of(vec![value]))?;
        }
        Ok(value)
    }

    /// `__init_subclass__` of a base is given every class that inherits from it.
    fn init_subclass(&mut self, scope: &Rc<Scope>, class: &Rc<Class>) -> Eval<()> {
        let lineage = Self::lineage(class);
        let found = lineage.iter().skip(1).find_map(|base| base.scope.own("__init_subclass__"));
        if let Some(Value::Function(function)) = found {
            let keywords = class.keywords.clone();
            let plain = vec![Value::Class(Rc::clone(class))];
            let range = scope.module.file.whole();
            self.call_function(
                scope,
                &range,
                &function,
                Arguments { plain, keywords, open: None },
            )?;
        }
        Ok(())
    }

    /// What makes instances of the class in a way that is not followed.
    pub(super) fn foreign_making(class: &Rc<Class>) -> Option<&'static str> {
        if Self::of_class(class, "__new__").is_some() {
            return Some("a `__new__`");
        }
        Self::has_metaclass(class).then_some("a metaclass")
    }

    pub(super) fn has_metaclass(class: &Rc<Class>) -> bool {
        let plain =
            |value: &Value| matches!(value, Value::External(name) if name.starts_with("abc."));
        Self::lineage(class).iter().any(|class| {
            class.keywords.iter().any(|(name, value)| &**name == "metaclass" && !plain(value))
        })
    }
}

/// Decorators that leave a class as it is, or are known as `dataclass`.
fn leaves_class(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let known =
        ["dataclass", "final", "runtime_checkable", "total_ordering", "unique", "deprecated"];
    known.contains(&last)
}
