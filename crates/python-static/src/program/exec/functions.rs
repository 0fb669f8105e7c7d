//! `def`: a function, what its decorators say of it, and what they make of it.

use std::cell::RefCell;
use std::rc::Rc;

use rustpython_parser::ast::{self, Expr, Ranged as _};

use crate::program::args::Arguments;
use crate::program::value::{Annotation, Code, Function, Place, Role, Scope, Value};
use crate::program::{Eval, Machine, Stop};

/// What the decorators of a function are.
enum Decoration {
    /// `@name.setter` gives the property that was there before.
    Accessor(Rc<Function>),
    /// Those that Python knows make a role; the others are to be called, from the last to the first.
    Function(Role, Vec<Value>),
}

impl Machine {
    pub(super) fn exec_def(
        &mut self,
        scope: &Rc<Scope>,
        def: &ast::StmtFunctionDef,
        place: Place,
    ) -> Eval<()> {
        self.allocate(place)?;
        let code = Code::Def(scope.top.get(), u32::from(def.start()));
        let plain = self.function(scope, &def.name, &def.args, code, place)?;
        let Value::Function(function) = &plain else { return Ok(()) };
        let (role, decorators) = match self.decoration(scope, def)? {
            Decoration::Accessor(property) => {
                scope.set(&def.name, Value::Function(property));
                return Ok(());
            }
            Decoration::Function(role, decorators) => (role, decorators),
        };
        let returns = def.returns.as_ref().map(|expr| Annotation {
            expr: Rc::new((**expr).clone()),
            scope: Rc::clone(scope),
            place: self.at(scope, &**expr),
        });
        let mut value = Value::Function(Rc::new(Function {
            id: function.id,
            name: Rc::clone(&function.name),
            code: function.code.clone(),
            defaults: function.defaults.clone(),
            keyword_defaults: function.keyword_defaults.clone(),
            scope: Rc::clone(&function.scope),
            place,
            role,
            class: RefCell::default(),
            decorators: decorators.iter().filter(|it| it.as_term().is_some()).cloned().collect(),
            returns,
        }));
        for decorator in decorators {
            // A method stays what it is for the class: nothing is mapped from `def f(self)`.
            if !matches!(decorator, Value::Unknown(_)) || !takes_self(def) {
                value = self.decorate(&decorator, value, place)?;
            }
        }
        scope.set(&def.name, value);
        Ok(())
    }

    fn decoration(&mut self, scope: &Rc<Scope>, def: &ast::StmtFunctionDef) -> Eval<Decoration> {
        let mut role = Role::Plain;
        let mut others = Vec::new();
        for decorator in def.decorator_list.iter().rev() {
            let found = self.decorator(scope, decorator)?;
            if let Value::Function(property) = &found
                && is_accessor(decorator)
            {
                return Ok(Decoration::Accessor(Rc::clone(property)));
            }
            match found.name().as_deref() {
                Some("staticmethod") => role = Role::Static,
                Some("classmethod") => role = Role::ClassMethod,
                Some("property" | "functools.cached_property") => role = Role::Property,
                Some(name) if is_transparent(name) => {}
                _ if found.as_call().is_some_and(|(function, _)| {
                    function.name().is_some_and(|name| is_transparent(&name))
                }) => {}
                _ => others.push(found),
            }
        }
        Ok(Decoration::Function(role, others))
    }

    /// The value of a decorator; an attribute of a function, as `name.setter`, is the function.
    fn decorator(&mut self, scope: &Rc<Scope>, decorator: &Expr) -> Eval {
        if let Expr::Attribute(attribute) = decorator {
            let of = self.soft(scope, &attribute.value)?;
            if matches!(of, Value::Function(_)) {
                return Ok(of);
            }
        }
        self.soft(scope, decorator)
    }

    fn decorate(&mut self, decorator: &Value, function: Value, place: Place) -> Eval {
        match decorator {
            // The host looks at these when it meets the function.
            Value::Term(_) => {
                let arguments = Arguments::of(vec![function.clone()]);
                Ok(self.ask_call(decorator, &arguments, place).unwrap_or(function))
            }
            Value::Unknown(_) => Ok(decorator.clone()),
            _ => match self.call(decorator, Arguments::of(vec![function]), place) {
                Err(Stop::Raise(name, place)) => {
                    Ok(self.unknown(format!("`{name}` is raised here"), place))
                }
                called => called,
            },
        }
    }
}

/// Whether a function is written as a method of instances.
fn takes_self(def: &ast::StmtFunctionDef) -> bool {
    let first = def.args.posonlyargs.iter().chain(&def.args.args).next();
    first.is_some_and(|argument| argument.def.arg.as_str() == "self")
}

fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "functools.lru_cache"
            | "functools.cache"
            | "functools.wraps"
            | "typing.overload"
            | "typing.final"
            | "typing.override"
            | "abc.abstractmethod"
            | "typing_extensions.override"
    )
}

/// `@name.setter` and what SQLAlchemy's hybrid properties have beside it.
fn is_accessor(decorator: &Expr) -> bool {
    let Expr::Attribute(attribute) = decorator else { return false };
    matches!(
        attribute.attr.as_str(),
        "setter" | "deleter" | "getter" | "expression" | "comparator" | "update_expression"
    )
}
