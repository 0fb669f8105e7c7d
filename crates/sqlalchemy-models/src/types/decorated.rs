//! Types of the project: decorators, types with a text of their own, subclasses of SQLAlchemy's.

use std::rc::Rc;

use python_static::program::{Arguments, Class, Instance, Machine, TermKind, Value};

use super::{Context, Typed, adapted, catalogue, compile as compile_type, library_name};

/// Compiles a class of the project or an instance of one.
pub(super) fn compile(
    machine: &mut Machine,
    class: &Rc<Class>,
    value: &Value,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    if class.mro.borrow().iter().any(|base| matches!(base, Value::Unknown(_))) {
        return Err(value.clone());
    }
    let names: Vec<String> = class.mro.borrow().iter().filter_map(library_name).collect();
    let Some(instance) = instantiate(machine, class, value) else { return Err(value.clone()) };
    if names.iter().any(|name| name == "TypeDecorator") {
        let typed = decorator(machine, class, &instance, value, context, depth)?;
        return Ok(Typed { custom: true, ..typed });
    }
    if machine.class_lookup(class, "__visit_name__").is_some() {
        return Err(value.clone());
    }
    if let Some(method) = machine.class_lookup(class, "get_col_spec") {
        let all = Arguments::of(vec![Value::Instance(Rc::clone(&instance))]);
        return match machine.call(&method, all, class.place) {
            Ok(Value::Str(text)) => Ok(Typed::plain(text.as_ref())),
            _ => Err(value.clone()),
        };
    }
    let base = class.mro.borrow().iter().find(|base| is_type(base)).cloned();
    match (base, given(machine, class, &instance)) {
        (Some(base), Some(arguments)) => {
            let call = machine.term(TermKind::Call(base, arguments), instance.place);
            compile_type(machine, &call, context, depth + 1)
        }
        _ => Err(value.clone()),
    }
}

/// Whether a base is a type that can be compiled without the class.
fn is_type(base: &Value) -> bool {
    library_name(base).is_some_and(|name| {
        let (dialect, name) = name.split_once('.').unwrap_or(("", &name));
        matches!(name, "Enum" | "ENUM" | "ARRAY")
            || catalogue::text(dialect, name, &Arguments::default(), (2, 1)).is_some()
    })
}

fn instantiate(machine: &mut Machine, class: &Rc<Class>, value: &Value) -> Option<Rc<Instance>> {
    let made = match value {
        Value::Instance(_) => value.clone(),
        _ => {
            machine.call(&Value::Class(Rc::clone(class)), Arguments::default(), class.place).ok()?
        }
    };
    match made {
        Value::Instance(instance) => Some(instance),
        _ => None,
    }
}

/// The arguments that reach SQLAlchemy's constructor: those of the call, or what `__init__` hands on.
fn given(machine: &Machine, class: &Class, instance: &Instance) -> Option<Arguments> {
    if let Some(handed) = instance.handed_on.borrow().clone() {
        return Some(handed);
    }
    machine.class_lookup(class, "__init__").is_none().then(|| instance.arguments.clone())
}

fn decorator(
    machine: &mut Machine,
    class: &Rc<Class>,
    instance: &Rc<Instance>,
    value: &Value,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    let set = instance.attributes.borrow().get("impl").cloned();
    let implementation = match set {
        Some(set) => set,
        None => {
            let Some(written) = machine.class_lookup(class, "impl") else {
                return Err(value.clone());
            };
            let Some(arguments) = given(machine, class, instance) else {
                return Err(value.clone());
            };
            // An instance is taken as it is, a class gets the arguments.
            let is_class = matches!(&written, Value::Class(_))
                || matches!(&written, Value::Term(term) if matches!(term.kind, TermKind::Name(_)));
            if is_class {
                match machine.call(&written, arguments, instance.place) {
                    Ok(made) => made,
                    Err(_) => return Err(value.clone()),
                }
            } else {
                written
            }
        }
    };
    for name in ["impl", "impl_instance"] {
        instance.attributes.borrow_mut().insert(name.into(), implementation.clone());
    }
    match machine.class_lookup(class, "load_dialect_impl") {
        Some(method) => load_dialect(machine, &method, instance, value, context, depth),
        None => compile_type(machine, &implementation, context, depth + 1),
    }
}

fn load_dialect(
    machine: &mut Machine,
    method: &Value,
    instance: &Rc<Instance>,
    value: &Value,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    let place = instance.place;
    let dialect = machine.term(TermKind::Object("dialect", 0, "postgresql".into()), place);
    let own = Value::Instance(Rc::clone(instance));
    let Ok(found) = machine.call(method, Arguments::of(vec![own, dialect]), place) else {
        return Err(value.clone());
    };
    if let Some((function, arguments)) = found.as_call() {
        let method = match function.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(_, name) | TermKind::Name(name)) => Rc::clone(name),
            _ => "".into(),
        };
        match (&*method, arguments.positional.first()) {
            ("type_descriptor", Some(inner)) => {
                let typed = compile_type(machine, inner, context, depth + 1)?;
                return adapted::adapted(typed, context.version()).ok_or_else(|| value.clone());
            }
            ("object.load_dialect_impl", _) => {
                let set = instance.attributes.borrow().get("impl").cloned();
                let implementation = set.unwrap_or(Value::None);
                return compile_type(machine, &implementation, context, depth + 1);
            }
            _ => {}
        }
    }
    match found {
        Value::None | Value::Unknown(_) => Err(value.clone()),
        found => compile_type(machine, &found, context, depth + 1),
    }
}
