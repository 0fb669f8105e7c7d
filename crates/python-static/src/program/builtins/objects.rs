//! Functions about objects: their attributes, classes and types.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::program::value::{Class, Place, TermKind, Value};
use crate::program::{Eval, Machine, Stop};

/// What SQLAlchemy puts into tables and mapped classes.
const CONSTRUCTS: [&str; 8] = [
    "Column",
    "Index",
    "UniqueConstraint",
    "CheckConstraint",
    "ForeignKey",
    "ForeignKeyConstraint",
    "relationship",
    "mapped_column",
];
/// Classes that no construct is of unless it is made by a call of that name.
const TOLD_APART: [&str; 11] = [
    "Index",
    "UniqueConstraint",
    "CheckConstraint",
    "ForeignKey",
    "str",
    "dict",
    "list",
    "tuple",
    "int",
    "Table",
    "ForeignKeyConstraint",
];
/// What is made by these is no `Column`.
const NO_COLUMNS: [&str; 6] = [
    "relationship",
    "Index",
    "UniqueConstraint",
    "CheckConstraint",
    "column_property",
    "mapped_column",
];

impl Machine {
    pub(super) fn object_builtin(
        &mut self,
        name: &str,
        args: &[Value],
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, args) {
            (
                "callable",
                [Value::Function(_) | Value::Bound(_) | Value::Class(_) | Value::Builtin(_)],
            ) => Some(Value::Bool(true)),
            ("getattr", [of, Value::Str(name), rest @ ..]) => {
                Some(self.getattr(of, name, rest.first(), place)?)
            }
            ("hasattr", [of, Value::Str(name)]) => self.hasattr(of, name, place)?.map(Value::Bool),
            ("setattr", [of, Value::Str(name), value]) => {
                self.set_attribute(of, name, value.clone(), place);
                Some(Value::None)
            }
            ("isinstance", [value, class]) => is_instance(value, class).map(Value::Bool),
            ("issubclass", [Value::Class(class), Value::Class(of)]) => {
                Some(Value::Bool(derives_from(class, of)))
            }
            ("issubclass", [Value::Class(class), of]) => {
                of.name().map(|name| Value::Bool(class.has_base(&name)))
            }
            ("type", [Value::Class(class)]) => {
                Some(class.metaclass.clone().unwrap_or_else(|| Value::Builtin("type".into())))
            }
            ("type", [Value::Instance(instance)]) => Some(Value::Class(Rc::clone(&instance.class))),
            ("type", [Value::Str(name), bases, Value::Dict(dict)]) => {
                let bases = bases.items().unwrap_or_default();
                Some(self.make_class(name, bases, dict, place))
            }
            ("type", [Value::Str(_)]) => Some(Value::Builtin("str".into())),
            ("property", [..]) => Some(self.unknown("the property is not known", place)),
            ("classmethod" | "staticmethod", [value]) => Some(value.clone()),
            ("print", _) => Some(Value::None),
            ("object", _) => Some(self.term(TermKind::Object("object", 0, "object".into()), place)),
            ("__import__", [Value::Str(name), ..]) => {
                self.import(name, place)?;
                let top = name.split('.').next().unwrap_or_default();
                self.modules.get(top).map(|module| Value::Module(Rc::clone(module)))
            }
            _ => None,
        })
    }

    fn getattr(&mut self, of: &Value, name: &str, default: Option<&Value>, place: Place) -> Eval {
        let found = self.attribute(of, name, place);
        let Some(default) = default else { return found };
        match found {
            Err(Stop::Raise(..)) => Ok(default.clone()),
            Ok(value) if is_left_to_library(of, &value) => Ok(default.clone()),
            found => found,
        }
    }

    fn hasattr(&mut self, of: &Value, name: &str, place: Place) -> Eval<Option<bool>> {
        match self.attribute(of, name, place) {
            Err(Stop::Raise(..)) => Ok(Some(false)),
            Ok(Value::Unknown(_)) => Ok(None),
            Ok(Value::Term(term)) => {
                let is_left = matches!(&term.kind, TermKind::Attribute(Value::Class(_), _));
                Ok(Some(!is_left))
            }
            Ok(_) => Ok(Some(true)),
            Err(stop) => Err(stop),
        }
    }

    /// `type(name, bases, dict)`
    fn make_class(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        dict: &RefCell<Vec<(Value, Value)>>,
        place: Place,
    ) -> Value {
        let mut names = IndexMap::new();
        let mut module: Rc<str> = "".into();
        for (key, value) in dict.borrow().iter() {
            let Value::Str(key) = key else { continue };
            if let ("__module__", Value::Str(given)) = (&**key, value) {
                module = Rc::clone(given);
            }
            names.insert(Rc::clone(key), value.clone());
        }
        Value::Class(self.create_class(name, &module, bases, names, Vec::new(), &[], place))
    }
}

/// Whether an attribute of a class was found nowhere but may be one of a base that belongs to a library. Such bases have
/// no more than the host says.
fn is_left_to_library(of: &Value, found: &Value) -> bool {
    matches!(of, Value::Class(_))
        && found
            .as_term()
            .is_some_and(|term| matches!(&term.kind, TermKind::Attribute(Value::Class(_), _)))
}

fn derives_from(class: &Class, of: &Class) -> bool {
    class.mro.borrow().iter().any(|base| matches!(base, Value::Class(base) if base.id == of.id))
}

/// `isinstance(value, class)`; `None` is not known.
fn is_instance(value: &Value, class: &Value) -> Option<bool> {
    if let Value::Tuple(classes) = class {
        let answers: Vec<Option<bool>> =
            classes.iter().map(|class| is_instance(value, class)).collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        return answers.iter().all(Option::is_some).then_some(false);
    }
    let name = class.name();
    let name = name.as_deref();
    if let Some(protocol) = name.and_then(protocol) {
        return follows(value, protocol);
    }
    Some(match (value, class) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return None,
        (Value::Instance(instance), Value::Class(class)) => derives_from(&instance.class, class),
        (Value::Instance(instance), _) => name.is_some_and(|name| instance.class.has_base(name)),
        (Value::Class(_), _) => name == Some("type"),
        (Value::Str(_), _) => name == Some("str"),
        (Value::Bool(_), _) => matches!(name, Some("bool" | "int")),
        (Value::Int(_), _) => name == Some("int"),
        (Value::Float(_), _) => name == Some("float"),
        (Value::Tuple(_), _) => name == Some("tuple"),
        (Value::List(_), _) => name == Some("list"),
        (Value::Dict(_), _) => name == Some("dict"),
        (Value::None, _) => false,
        (Value::Term(term), _) => match &term.kind {
            TermKind::Call(function, _) => is_made_by(&function.name()?, name?)?,
            TermKind::Object("column", ..) => name?.rsplit('.').next()? == "Column",
            TermKind::Object("table", ..) => name?.rsplit('.').next()? == "Table",
            _ => return None,
        },
        _ => return None,
    })
}

/// The name of a class of `collections.abc`, which `typing` has too: what is of it need not derive from it.
fn protocol(name: &str) -> Option<&str> {
    ["collections.abc.", "typing."].iter().find_map(|module| name.strip_prefix(module))
}

/// Whether a value that Python itself brings follows a protocol; `None` is not known.
fn follows(value: &Value, protocol: &str) -> Option<bool> {
    let (is_mapping, is_sequence) = match value {
        Value::Dict(_) => (true, false),
        Value::Str(_) | Value::Bytes(_) | Value::Tuple(_) | Value::List(_) => (false, true),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => (false, false),
        _ => return None,
    };
    match protocol {
        "Mapping" => Some(is_mapping),
        "Sequence" => Some(is_sequence),
        "Collection" | "Container" | "Iterable" | "Sized" => Some(is_mapping || is_sequence),
        _ => None,
    }
}

/// Whether what a library's function made is of a class, as far as their names say it.
fn is_made_by(function: &str, class: &str) -> Option<bool> {
    let made = function.rsplit('.').next()?;
    let wanted = class.rsplit('.').next()?;
    if made == wanted {
        return Some(true);
    }
    let differs = TOLD_APART.contains(&wanted) && CONSTRUCTS.contains(&made)
        || wanted == "Column" && NO_COLUMNS.contains(&made);
    differs.then_some(false)
}
