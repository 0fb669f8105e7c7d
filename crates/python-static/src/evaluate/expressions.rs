//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use rustpython_parser::ast::{self, Constant, Expr};

use super::machine::{Arm, Eval, Flow, Machine, Stop, place, range_of};
use super::object::{Body, Cell, Function, Object, Role};
use super::state::Scope;
use crate::source::TextRange;

impl<'p> Machine<'p> {
    /// Evaluates an expression. What is not known is a value, never an error.
    pub(super) fn eval(&mut self, expr: &Expr) -> Eval {
        let result = self.deeper(|machine| machine.eval_kind(expr));
        match result {
            Err(Stop::Unknown(cause)) => {
                self.doubts += 1;
                Ok(Object::Unknown(cause))
            }
            other => other,
        }
    }

    /// Evaluates an expression whose value must be known for the one around it to be.
    pub(super) fn eval_known(&mut self, expr: &Expr) -> Eval {
        match self.eval(expr)? {
            Object::Unknown(cause) => Err(Stop::Unknown(cause)),
            known => Ok(known),
        }
    }

    fn eval_kind(&mut self, expr: &Expr) -> Eval {
        match expr {
            Expr::Constant(constant) => self.constant(constant),
            Expr::Name(name) => self.name(&name.id, place(name)),
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                self.attribute(&object, &attribute.attr, place(attribute))
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let index = self.eval(&subscript.slice)?;
                self.subscript(&object, &index, place(subscript))
            }
            Expr::Call(call) => self.call_expression(call),
            Expr::BinOp(binary) => {
                let left = self.eval(&binary.left)?;
                let right = self.eval(&binary.right)?;
                self.binary(&left, binary.op, &right, place(binary))
            }
            Expr::UnaryOp(unary) => {
                let operand = self.eval(&unary.operand)?;
                self.unary(unary.op, &operand, place(unary))
            }
            Expr::BoolOp(bool_op) => self.bool_op(bool_op.op, &bool_op.values),
            Expr::Compare(compare) => self.comparison(compare),
            Expr::IfExp(conditional) => self.conditional(conditional),
            Expr::NamedExpr(walrus) => self.walrus(walrus),
            Expr::JoinedStr(joined) => self.joined(&joined.values),
            Expr::FormattedValue(value) => self.formatted(value),
            Expr::Lambda(lambda) => self.lambda(lambda),
            _ => self.eval_display(expr),
        }
    }

    fn eval_display(&mut self, expr: &Expr) -> Eval {
        match expr {
            Expr::Tuple(tuple) => Ok(Object::tuple(self.items(&tuple.elts)?)),
            Expr::List(list) => {
                let items = self.items(&list.elts)?;
                Ok(self.new_list(items))
            }
            Expr::Set(set) => {
                let items = self.items(&set.elts)?;
                let items = self.distinct(items, place(set))?;
                Ok(Object::Set(self.state.allocate(Cell::Set(items))))
            }
            Expr::Dict(dict) => self.dict_display(dict),
            Expr::ListComp(comp) => {
                let items = self.comprehension(&comp.generators, &[&comp.elt], place(comp))?;
                let items = items.into_iter().flatten().collect();
                Ok(self.new_list(items))
            }
            Expr::SetComp(comp) => {
                let items = self.comprehension(&comp.generators, &[&comp.elt], place(comp))?;
                let items = self.distinct(items.into_iter().flatten().collect(), place(comp))?;
                Ok(Object::Set(self.state.allocate(Cell::Set(items))))
            }
            Expr::GeneratorExp(comp) => {
                let items = self.comprehension(&comp.generators, &[&comp.elt], place(comp))?;
                let items = items.into_iter().flatten().collect();
                Ok(Object::Iterator(self.state.allocate(Cell::Iterator(items))))
            }
            Expr::DictComp(comp) => {
                let pairs =
                    self.comprehension(&comp.generators, &[&comp.key, &comp.value], place(comp))?;
                let dict = self.state.allocate(Cell::Dict(Vec::new()));
                for pair in pairs {
                    if let [key, value] = pair.as_slice() {
                        self.dict_insert(dict, key.clone(), value.clone(), place(comp))?;
                    }
                }
                Ok(Object::Dict(dict))
            }
            Expr::Slice(slice) => self.slice_expression(slice),
            Expr::Yield(yielded) => self.yield_value(yielded.value.as_deref()),
            Expr::YieldFrom(yielded) => {
                let source = self.eval_known(&yielded.value)?;
                for item in self.iterate(&source, place(yielded))? {
                    self.state.scope_mut(self.frame.scope).yielded.push(item);
                }
                Ok(Object::None)
            }
            _ => {
                Err(self
                    .unknown("the expression is only known when the program runs", range_of(expr)))
            }
        }
    }

    fn constant(&self, constant: &ast::ExprConstant) -> Eval {
        Ok(match &constant.value {
            Constant::None => Object::None,
            Constant::Bool(value) => Object::Bool(*value),
            Constant::Str(text) => {
                // The parser writes U+FFFD for half a surrogate pair.
                if text.contains(char::REPLACEMENT_CHARACTER) {
                    return Err(
                        self.unknown("the string holds a character that is none", place(constant))
                    );
                }
                Object::str(text.as_str())
            }
            Constant::Bytes(bytes) => Object::Bytes(bytes.as_slice().into()),
            Constant::Int(value) => match i128::try_from(value) {
                Ok(value) => Object::Int(value),
                Err(_) => return Err(self.too_big(place(constant))),
            },
            Constant::Tuple(items) => {
                let wrap = |value: &Constant| ast::ExprConstant {
                    range: constant.range,
                    value: value.clone(),
                    kind: None,
                };
                let items: Eval<Vec<Object>> =
                    items.iter().map(|item| self.constant(&wrap(item))).collect();
                Object::tuple(items?)
            }
            Constant::Float(value) => Object::Float(*value),
            Constant::Complex { .. } => {
                return Err(self.unknown("complex numbers are not followed", place(constant)));
            }
            Constant::Ellipsis => Object::Ellipsis,
        })
    }

    pub(super) fn too_big(&self, range: TextRange) -> Stop {
        self.unknown("the number is too large to be followed", range)
    }

    pub(super) fn new_list(&mut self, items: Vec<Object>) -> Object {
        Object::List(self.state.allocate(Cell::List(items)))
    }

    /// The items of a display or the positional arguments of a call, with `*` unpacked.
    pub(super) fn items(&mut self, exprs: &[Expr]) -> Eval<Vec<Object>> {
        let mut items = Vec::with_capacity(exprs.len());
        for expr in exprs {
            if let Expr::Starred(starred) = expr {
                let source = self.eval_known(&starred.value)?;
                items.extend(self.members_at(&source, place(starred))?);
            } else {
                items.push(self.eval(expr)?);
            }
        }
        Ok(items)
    }

    fn dict_display(&mut self, dict: &ast::ExprDict) -> Eval {
        let id = self.state.allocate(Cell::Dict(Vec::new()));
        for (key, value) in dict.keys.iter().zip(&dict.values) {
            if let Some(key) = key {
                let key = self.eval(key)?;
                let value = self.eval(value)?;
                self.dict_insert(id, key, value, place(dict))?;
            } else {
                let source = self.eval_known(value)?;
                for (key, value) in self.pairs(&source, place(dict))? {
                    self.dict_insert(id, key, value, place(dict))?;
                }
            }
        }
        Ok(Object::Dict(id))
    }

    fn bool_op(&mut self, op: ast::BoolOp, values: &[Expr]) -> Eval {
        let stops_at = op == ast::BoolOp::Or;
        let mut last = Object::None;
        for (index, expr) in values.iter().enumerate() {
            last = self.eval(expr)?;
            if index + 1 < values.len() && self.truth(&last, range_of(expr))? == stops_at {
                return Ok(last);
            }
        }
        Ok(last)
    }

    fn conditional(&mut self, conditional: &ast::ExprIfExp) -> Eval {
        let test = self.eval(&conditional.test)?;
        let cause = match self.truth(&test, range_of(&conditional.test)) {
            Ok(true) => return self.eval(&conditional.body),
            Ok(false) => return self.eval(&conditional.orelse),
            Err(Stop::Unknown(cause)) => cause,
            Err(stop) => return Err(stop),
        };
        let arms: Vec<Arm<'_, 'p>> = vec![
            Box::new(|machine| machine.eval(&conditional.body).map(Flow::Return)),
            Box::new(|machine| machine.eval(&conditional.orelse).map(Flow::Return)),
        ];
        match self.fork(&cause, arms)? {
            Flow::Return(value) => Ok(value),
            _ => Err(Stop::Unknown(cause)),
        }
    }

    fn walrus(&mut self, walrus: &ast::ExprNamedExpr) -> Eval {
        let value = self.eval(&walrus.value)?;
        if let Expr::Name(name) = &*walrus.target {
            let mut scope = self.frame.scope;
            while self.state.scope(scope).is_comprehension {
                scope = self.state.scope(scope).parent.unwrap_or(scope);
            }
            let outer = std::mem::replace(&mut self.frame.scope, scope);
            let value_range = std::mem::replace(&mut self.value, range_of(&walrus.value));
            self.bind(&name.id, value.clone());
            self.frame.scope = outer;
            self.value = value_range;
        }
        Ok(value)
    }

    fn lambda(&mut self, lambda: &ast::ExprLambda) -> Eval {
        let defaults = self.defaults(&lambda.args)?;
        let depth = super::calls::depth_of(&defaults);
        Ok(Object::Function(Rc::new(Function {
            name: "<lambda>".into(),
            arguments: lambda.args.clone(),
            body: Body::Expression((*lambda.body).clone()),
            defaults,
            scope: self.frame.scope,
            file: self.frame.file,
            role: Role::Plain,
            depth,
        })))
    }

    fn yield_value(&mut self, value: Option<&Expr>) -> Eval {
        let value = match value {
            Some(expr) => self.eval(expr)?,
            None => Object::None,
        };
        self.state.scope_mut(self.frame.scope).yielded.push(value);
        Ok(Object::None)
    }

    /// The rows that a comprehension gives: per round the values of `results`.
    fn comprehension(
        &mut self,
        generators: &[ast::Comprehension],
        results: &[&Expr],
        range: TextRange,
    ) -> Eval<Vec<Vec<Object>>> {
        let Some(first) = generators.first() else {
            return Ok(Vec::new());
        };
        // The first iterable is evaluated outside.
        let source = self.eval_known(&first.iter)?;
        let source = self.members_at(&source, range_of(&first.iter))?;
        let scope = self.inner_scope(true);
        let mut rows = Vec::new();
        self.in_scope(scope, |machine| {
            machine.comprehension_level(generators, source, results, &mut rows, &range)
        })?;
        Ok(rows)
    }

    /// A scope inside the current one.
    pub(super) fn inner_scope(&self, is_comprehension: bool) -> Scope {
        Scope {
            parent: Some(self.frame.scope),
            globals: self.state.scope(self.frame.scope).globals,
            is_comprehension,
            ..Scope::default()
        }
    }

    fn comprehension_level(
        &mut self,
        generators: &[ast::Comprehension],
        source: Vec<Object>,
        results: &[&Expr],
        rows: &mut Vec<Vec<Object>>,
        range: &TextRange,
    ) -> Eval<()> {
        let Some((generator, inner)) = generators.split_first() else {
            return Ok(());
        };
        if generator.is_async {
            return Err(self.unknown("asynchronous code is not followed", range.clone()));
        }
        for item in source {
            self.spend(1)?;
            self.assign(&generator.target, item)?;
            let mut passes = true;
            for condition in &generator.ifs {
                let value = self.eval(condition)?;
                passes = passes && self.truth(&value, range_of(condition))?;
            }
            if !passes {
                continue;
            }
            if let Some(next) = inner.first() {
                let source = self.eval_known(&next.iter)?;
                let source = self.members_at(&source, range_of(&next.iter))?;
                self.deeper(|machine| {
                    machine.comprehension_level(inner, source, results, rows, range)
                })?;
            } else {
                let row: Eval<Vec<Object>> = results.iter().map(|expr| self.eval(expr)).collect();
                rows.push(row?);
            }
        }
        Ok(())
    }

    /// A name, looked up from the inside out, at last among Python's own.
    fn name(&mut self, name: &str, range: TextRange) -> Eval {
        match self.lookup(name) {
            Some(Object::Unknown(cause)) => Err(Stop::Unknown(cause)),
            Some(object) => Ok(object),
            None if crate::is_builtin(name) => Ok(Object::builtin(name)),
            None => {
                // A name that nothing binds here may come from a star import that is not followed.
                let reason = format!("`{name}` is only known when the program runs");
                Err(self.unknown(reason, range))
            }
        }
    }

    pub(super) fn lookup(&self, name: &str) -> Option<Object> {
        let start = self.frame.scope;
        let globals = self.state.scope(start).globals;
        let mut next = Some(start);
        while let Some(id) = next {
            let scope = self.state.scope(id);
            if scope.global_names.contains(name) {
                break;
            }
            let visible =
                id == start || !scope.is_class || self.only_comprehensions_below(start, id);
            if visible && let Some(object) = scope.names.get(name) {
                return Some(object.clone());
            }
            next = scope.parent;
        }
        let found = self.state.scope(globals).names.get(name).cloned();
        found.or_else(|| self.module_name(name))
    }

    /// Comprehensions in a class body see its names (their first iterable does in Python; this is close enough).
    fn only_comprehensions_below(&self, start: usize, class: usize) -> bool {
        let mut id = start;
        while id != class {
            let scope = self.state.scope(id);
            match scope.parent {
                Some(parent) if scope.is_comprehension => id = parent,
                _ => return false,
            }
        }
        true
    }

    /// A name of a module, through its dictionary.
    pub(super) fn global_name(&mut self, name: &str, range: TextRange) -> Eval {
        let scope = self.state.scope(self.frame.scope);
        match scope.names.get(name).cloned().or_else(|| self.module_name(name)) {
            Some(Object::Unknown(cause)) => Err(Stop::Unknown(cause)),
            Some(object) => Ok(object),
            None => Err(self.raise("KeyError", format!("`{name}`"), range)),
        }
    }

    /// The names that every module has.
    fn module_name(&self, name: &str) -> Option<Object> {
        let file = &self.files[self.frame.file];
        match name {
            "__name__" => Some(Object::Str(Arc::clone(&file.name))),
            "__file__" => {
                let path = std::path::absolute(&file.path).ok()?;
                Some(Object::str(path.to_str()?))
            }
            _ => None,
        }
    }
}
