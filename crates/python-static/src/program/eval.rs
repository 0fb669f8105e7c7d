//! Expressions.

mod annotations;
mod comprehensions;
mod logic;

use std::rc::Rc;

use rustpython_parser::ast::{self, Constant, Expr};

use super::args::Arguments;
use super::value::{Code, File, Place, Role, Scope, ScopeKind, Value};
use super::{Eval, MAX_SIZE, Machine, Stop};
impl Machine {
    pub(super) fn at(&self, scope: &Scope, node: &impl ast::Ranged) -> Place {
        Place {
            file: scope.module.file.as_ref().map_or(0, |file| file.number),
            offset: u32::from(node.start()),
        }
    }

    pub(super) fn eval(&mut self, scope: &Rc<Scope>, expr: &Expr) -> Eval {
        let place = self.at(scope, expr);
        self.step(place)?;
        if matches!(
            expr,
            Expr::Tuple(_)
                | Expr::List(_)
                | Expr::Set(_)
                | Expr::Dict(_)
                | Expr::Lambda(_)
                | Expr::ListComp(_)
                | Expr::SetComp(_)
                | Expr::DictComp(_)
                | Expr::GeneratorExp(_)
        ) {
            self.allocate(place)?;
        }
        match expr {
            Expr::Constant(constant) => Ok(self.constant(&constant.value, place)),
            Expr::Name(name) => self.lookup(scope, &name.id, place),
            Expr::Attribute(attribute) => {
                let of = self.eval(scope, &attribute.value)?;
                self.attribute(&of, &attribute.attr, place)
            }
            Expr::Call(call) => self.eval_call(scope, call, place),
            Expr::Subscript(subscript) => {
                let of = self.eval(scope, &subscript.value)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    return self.slice(scope, &of, slice, place);
                }
                let index = self.eval(scope, &subscript.slice)?;
                self.item(&of, &index, place)
            }
            Expr::BinOp(op) => {
                let left = self.eval(scope, &op.left)?;
                let right = self.eval(scope, &op.right)?;
                self.binary(super::operators::symbol(op.op), &left, &right, place)
            }
            Expr::UnaryOp(op) => {
                let operand = self.eval(scope, &op.operand)?;
                self.unary(op.op, &operand, place)
            }
            Expr::BoolOp(op) => self.eval_bool_op(scope, op, place),
            Expr::Compare(compare) => self.eval_compare(scope, compare, place),
            Expr::IfExp(choice) => self.eval_choice(scope, choice, place),
            Expr::JoinedStr(joined) => self.joined(scope, joined, place),
            Expr::Tuple(tuple) => Ok(match self.elements(scope, &tuple.elts)? {
                Ok(items) => Value::tuple(items),
                Err(unknown) => unknown,
            }),
            Expr::List(list) => Ok(match self.elements(scope, &list.elts)? {
                Ok(items) => Value::list(items),
                Err(unknown) => unknown,
            }),
            Expr::Set(set) => match self.elements(scope, &set.elts)? {
                Ok(items) => self.charged_set(items, place),
                Err(unknown) => Ok(unknown),
            },
            Expr::Dict(dict) => self.eval_dict(scope, dict, place),
            Expr::Lambda(lambda) => self.function(
                scope,
                "<lambda>",
                &lambda.args,
                Code::Lambda(Rc::new(lambda.clone())),
                place,
            ),
            Expr::NamedExpr(named) => {
                let value = self.eval(scope, &named.value)?;
                if let Expr::Name(name) = &*named.target {
                    scope.set(&name.id, value.clone());
                }
                Ok(value)
            }
            Expr::ListComp(ast::ExprListComp { elt, generators, .. })
            | Expr::GeneratorExp(ast::ExprGeneratorExp { elt, generators, .. }) => {
                let items = self.comprehended(scope, generators, elt)?;
                Ok(items.map_or_else(|unknown| unknown, Value::list))
            }
            Expr::SetComp(comp) => match self.comprehended(scope, &comp.generators, &comp.elt)? {
                Ok(items) => self.charged_set(items, place),
                Err(unknown) => Ok(unknown),
            },
            Expr::DictComp(comp) => self.eval_dict_comp(scope, comp, place),
            Expr::Starred(starred) => self.eval(scope, &starred.value),
            Expr::Yield(value) => {
                let given = match &value.value {
                    Some(value) => self.eval(scope, value)?,
                    None => Value::None,
                };
                scope.yields.borrow_mut().push(given);
                Ok(Value::None)
            }
            Expr::Await(_) | Expr::YieldFrom(_) | Expr::Slice(_) | Expr::FormattedValue(_) => {
                Ok(self.unknown("the expression is only known when the program runs", place))
            }
        }
    }

    /// The unknown value that follows from one that is not known.
    pub(super) fn doubt(&self, value: &Value, place: Place) -> Value {
        match value {
            Value::Unknown(_) => value.clone(),
            Value::Term(term) => {
                self.unknown("the value is only known when the program runs", term.place)
            }
            _ => self.unknown("the value is only known when the program runs", place),
        }
    }

    fn constant(&self, constant: &Constant, place: Place) -> Value {
        match constant {
            Constant::None => Value::None,
            Constant::Ellipsis => Value::Ellipsis,
            Constant::Bool(value) => Value::Bool(*value),
            Constant::Str(text) => Value::str(text),
            Constant::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
            Constant::Int(value) => match value.to_string().parse() {
                Ok(value) => Value::Int(value),
                Err(_) => self.unknown("the number is too large", place),
            },
            Constant::Float(value) => Value::Float(*value),
            _ => self.unknown("the number is complex", place),
        }
    }

    pub(super) fn lookup(&mut self, scope: &Rc<Scope>, name: &str, place: Place) -> Eval {
        let mut at = Some(Rc::clone(scope));
        let mut first = true;
        while let Some(here) = at {
            if first || here.kind != ScopeKind::Class {
                if let Some(value) = here.get(name) {
                    return Ok(value);
                }
                if here.kind == ScopeKind::Function
                    && here.globals.borrow().iter().any(|global| &**global == name)
                {
                    break;
                }
            }
            first = false;
            at = here.parent.clone();
        }
        let module = Rc::clone(&scope.module);
        let global = module.scope.borrow().as_ref().and_then(|scope| scope.get(name));
        if let Some(value) = global {
            return Ok(value);
        }
        if name == "__class__"
            && let Some(class) = scope.class.clone()
        {
            return Ok(Value::Class(class));
        }
        if let Some(value) = super::builtins::builtin(name) {
            return Ok(value);
        }
        Err(Stop::Raise("NameError".into(), place))
    }

    pub(super) fn elements(
        &mut self,
        scope: &Rc<Scope>,
        elements: &[Expr],
    ) -> Eval<Result<Vec<Value>, Value>> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.eval(scope, element)?;
            if matches!(element, Expr::Starred(_)) {
                let place = self.at(scope, element);
                match self.iterate(&value, place)? {
                    Ok(more) => items.extend(more),
                    Err(unknown) => return Ok(Err(unknown)),
                }
            } else {
                items.push(value);
            }
        }
        Ok(Ok(items))
    }

    pub(super) fn set_of(&self, items: Vec<Value>) -> Value {
        let mut distinct: Vec<Value> = Vec::new();
        for item in items {
            if !distinct.iter().any(|known| known.same(&item)) {
                distinct.push(item);
            }
        }
        Value::Set(Rc::new(std::cell::RefCell::new(distinct)))
    }

    fn eval_dict(&mut self, scope: &Rc<Scope>, dict: &ast::ExprDict, place: Place) -> Eval {
        let mut pairs = Vec::new();
        for (key, value) in dict.keys.iter().zip(&dict.values) {
            let value = self.eval(scope, value)?;
            if let Some(key) = key {
                let key = self.eval(scope, key)?;
                if matches!(key, Value::Unknown(_)) {
                    return Ok(key);
                }
                put(&mut pairs, key, value);
            } else if let Some(more) = value.pairs() {
                for (key, value) in more {
                    put(&mut pairs, key, value);
                }
            } else {
                return Ok(self.doubt(&value, place));
            }
        }
        Ok(Value::dict(pairs))
    }

    fn eval_call(&mut self, scope: &Rc<Scope>, call: &ast::ExprCall, place: Place) -> Eval {
        if let Expr::Name(name) = &*call.func {
            match &*name.id {
                "super" if call.args.is_empty() && call.keywords.is_empty() => {
                    return Ok(self.bare_super(scope, place));
                }
                "locals" | "vars" if call.args.is_empty() => {
                    return Ok(Value::Namespace(Rc::clone(scope)));
                }
                "globals" if call.args.is_empty() => {
                    let globals = scope.module.scope.borrow().clone();
                    return Ok(globals.map_or(Value::None, Value::Namespace));
                }
                _ => {}
            }
        }
        let function = self.eval(scope, &call.func)?;
        let mut arguments = Arguments::default();
        for argument in &call.args {
            let value = self.eval(scope, argument)?;
            if matches!(argument, Expr::Starred(_)) {
                match self.iterate(&value, place)? {
                    Ok(items) => arguments.positional.extend(items),
                    Err(unknown) => arguments.unknown = Some(unknown),
                }
            } else {
                arguments.positional.push(value);
            }
        }
        for keyword in &call.keywords {
            let value = self.eval(scope, &keyword.value)?;
            match &keyword.arg {
                Some(name) => arguments.keywords.push((name.as_str().into(), value)),
                None => match value.pairs() {
                    Some(pairs) => {
                        for (key, value) in pairs {
                            if let Value::Str(key) = key {
                                arguments.keywords.push((key, value));
                            }
                        }
                    }
                    None => arguments.unknown = Some(self.doubt(&value, place)),
                },
            }
        }
        // `type(name, bases, dict)` belongs to the module that calls it.
        if let (Value::Builtin(name), [_, _, Value::Dict(dict)]) =
            (&function, arguments.positional.as_slice())
            && &**name == "type"
        {
            let key = Value::str("__module__");
            if !dict.borrow().iter().any(|(known, _)| known.same(&key)) {
                let module = Value::Str(Rc::clone(&scope.module.name));
                let mut pairs = dict.borrow().clone();
                pairs.push((key, module));
                arguments.positional[2] = Value::dict(pairs);
            }
        }
        self.call(&function, arguments, place)
    }

    fn joined(&mut self, scope: &Rc<Scope>, joined: &ast::ExprJoinedStr, place: Place) -> Eval {
        let mut text = String::new();
        for part in &joined.values {
            match part {
                Expr::Constant(constant) => {
                    if let Constant::Str(piece) = &constant.value {
                        text.push_str(piece);
                    }
                }
                Expr::FormattedValue(field) => {
                    let value = self.eval(scope, &field.value)?;
                    let spec = match &field.format_spec {
                        Some(spec) => self.eval(scope, spec)?,
                        None => Value::str(""),
                    };
                    let repr = field.conversion == ast::ConversionFlag::Repr;
                    let shown = if repr {
                        self.repr(&value)
                    } else {
                        spec.as_str().and_then(|spec| self.format(&value, spec))
                    };
                    match shown {
                        Some(shown) => text.push_str(&shown),
                        None => return Ok(self.doubt(&value, place)),
                    }
                }
                other => {
                    let value = self.eval(scope, other)?;
                    match value {
                        Value::Str(piece) => text.push_str(&piece),
                        other => return Ok(self.doubt(&other, place)),
                    }
                }
            }
            if text.len() > MAX_SIZE {
                return Ok(self.unknown("the text is too long", place));
            }
        }
        self.charge(text.len() * 2, place)?;
        Ok(Value::str(text))
    }

    /// A function value.
    pub(super) fn function(
        &mut self,
        scope: &Rc<Scope>,
        name: &str,
        arguments: &ast::Arguments,
        code: Code,
        place: Place,
    ) -> Eval {
        let mut defaults = Vec::new();
        for argument in arguments.posonlyargs.iter().chain(&arguments.args) {
            if let Some(default) = &argument.default {
                defaults.push(self.soft(scope, default)?);
            }
        }
        let mut keyword_defaults = Vec::new();
        for argument in &arguments.kwonlyargs {
            if let Some(default) = &argument.default {
                keyword_defaults
                    .push((argument.def.arg.as_str().into(), self.soft(scope, default)?));
            }
        }
        Ok(Value::Function(Rc::new(super::Function {
            id: self.fresh(),
            name: name.into(),
            code,
            defaults,
            keyword_defaults,
            scope: Rc::clone(scope),
            place,
            role: Role::Plain,
            class: std::cell::RefCell::default(),
            decorators: Vec::new(),
            returns: None,
        })))
    }

    /// A value that must not stop anything.
    pub(super) fn soft(&mut self, scope: &Rc<Scope>, expr: &Expr) -> Eval {
        match self.eval(scope, expr) {
            Err(Stop::Raise(name, place)) => {
                Ok(self.unknown(format!("`{name}` is raised here"), place))
            }
            other => other,
        }
    }

    /// The definition of a function in its file.
    pub(super) fn find_def(file: &File, top: usize, offset: u32) -> Option<&ast::StmtFunctionDef> {
        fn within(block: &[ast::Stmt], offset: u32) -> Option<&ast::StmtFunctionDef> {
            use ast::{Ranged, Stmt};
            let statement =
                block.iter().rev().find(|statement| u32::from(statement.start()) <= offset)?;
            match statement {
                Stmt::FunctionDef(def) if u32::from(def.start()) == offset => Some(def),
                Stmt::FunctionDef(def) => within(&def.body, offset),
                Stmt::AsyncFunctionDef(def) => within(&def.body, offset),
                Stmt::ClassDef(def) => within(&def.body, offset),
                Stmt::If(branch) => {
                    within(&branch.orelse, offset).or_else(|| within(&branch.body, offset))
                }
                Stmt::For(each) => {
                    within(&each.orelse, offset).or_else(|| within(&each.body, offset))
                }
                Stmt::While(each) => within(&each.body, offset),
                Stmt::With(with) => within(&with.body, offset),
                Stmt::Try(attempt) => within(&attempt.finalbody, offset)
                    .or_else(|| within(&attempt.orelse, offset))
                    .or_else(|| {
                        attempt.handlers.iter().rev().find_map(|handler| {
                            let ast::ExceptHandler::ExceptHandler(handler) = handler;
                            within(&handler.body, offset)
                        })
                    })
                    .or_else(|| within(&attempt.body, offset)),
                _ => None,
            }
        }
        within(file.parsed(top).ok()?, offset)
    }
}

/// Sets a key of a dictionary.
pub(super) fn put(pairs: &mut Vec<(Value, Value)>, key: Value, value: Value) {
    match pairs.iter_mut().find(|(known, _)| known.same(&key)) {
        Some((_, old)) => *old = value,
        None => pairs.push((key, value)),
    }
}
