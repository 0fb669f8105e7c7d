//! Statements.

mod functions;

use std::rc::Rc;

use rustpython_parser::ast::{self, Expr, Stmt};

use super::args::Arguments;
use super::methods::from_start;
use super::value::{Annotation, Cause, Place, Scope, ScopeKind, Value};
use super::{Eval, Machine, Stop};

/// How a block ended.
pub(super) enum Flow {
    Next,
    Return(Value),
    Break,
    Continue,
}

/// How often a loop of unknown length may run.
const MAX_LOOP: usize = 20_000;

impl Machine {
    pub(super) fn block(&mut self, scope: &Rc<Scope>, block: &[Stmt]) -> Eval<Flow> {
        for statement in block {
            match self.exec(scope, statement)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn exec(&mut self, scope: &Rc<Scope>, statement: &Stmt) -> Eval<Flow> {
        let place = self.at(scope, statement);
        self.step(place)?;
        match statement {
            Stmt::Expr(expr) => {
                if !matches!(&*expr.value, Expr::Constant(_)) {
                    self.eval(scope, &expr.value)?;
                }
            }
            Stmt::Assign(assign) => {
                let value = self.eval(scope, &assign.value)?;
                for target in &assign.targets {
                    self.assign(scope, target, value.clone())?;
                }
            }
            Stmt::AnnAssign(assign) => self.exec_annotated(scope, assign)?,
            Stmt::AugAssign(assign) => self.exec_augmented(scope, assign, place)?,
            Stmt::If(branch) => return self.exec_if(scope, branch, place),
            Stmt::For(each) => return self.exec_for(scope, each, place),
            Stmt::While(each) => return self.exec_while(scope, each, place),
            Stmt::With(with) => {
                for item in &with.items {
                    let value = self.soft(scope, &item.context_expr)?;
                    if let Some(target) = &item.optional_vars {
                        self.assign(scope, target, value)?;
                    }
                }
                return self.block(scope, &with.body);
            }
            Stmt::Try(attempt) => return self.exec_try(scope, attempt),
            Stmt::FunctionDef(def) => self.exec_def(scope, def, place)?,
            Stmt::AsyncFunctionDef(def) => {
                let value = self.unknown("the function is asynchronous", place);
                scope.set(&def.name, value);
            }
            Stmt::ClassDef(def) => self.exec_class(scope, def, place)?,
            Stmt::Return(value) => {
                let value = match &value.value {
                    Some(value) => self.eval(scope, value)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::Raise(raise) => return Err(Stop::Raise(raised(raise.exc.as_deref()), place)),
            Stmt::Import(import) => self.exec_import(scope, import)?,
            Stmt::ImportFrom(import) => self.exec_import_from(scope, import)?,
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    match target {
                        Expr::Name(name) => {
                            scope.names.borrow_mut().shift_remove(name.id.as_str());
                        }
                        Expr::Subscript(subscript) => self.delete_item(scope, subscript, place)?,
                        _ => {}
                    }
                }
            }
            Stmt::Global(global) => scope
                .globals
                .borrow_mut()
                .extend(global.names.iter().map(|name| name.as_str().into())),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::TypeAlias(alias) => self.exec_type_alias(scope, alias, place),
            Stmt::Nonlocal(_) | Stmt::Pass(_) | Stmt::Assert(_) => {}
            Stmt::Match(_) | Stmt::TryStar(_) | Stmt::AsyncFor(_) | Stmt::AsyncWith(_) => {
                let cause = Rc::new(Cause {
                    reason: "the statement is only known when the program runs".into(),
                    place,
                });
                let one = std::slice::from_ref(statement);
                return self.skip(scope, &cause, place, &[one]);
            }
        }
        Ok(Flow::Next)
    }

    fn exec_annotated(&mut self, scope: &Rc<Scope>, assign: &ast::StmtAnnAssign) -> Eval<()> {
        if let Expr::Name(name) = &*assign.target
            && scope.kind != ScopeKind::Function
        {
            let annotation = Annotation {
                expr: Rc::new((*assign.annotation).clone()),
                scope: Rc::clone(scope),
                place: self.at(scope, &*assign.annotation),
            };
            let mut annotations = scope.annotations.borrow_mut();
            match annotations.iter_mut().find(|(known, _)| **known == *name.id) {
                Some((_, old)) => *old = annotation,
                None => annotations.push((name.id.as_str().into(), annotation)),
            }
        }
        if let Some(value) = &assign.value {
            let value = self.eval(scope, value)?;
            self.assign(scope, &assign.target, value)?;
        }
        Ok(())
    }

    fn exec_augmented(
        &mut self,
        scope: &Rc<Scope>,
        assign: &ast::StmtAugAssign,
        place: Place,
    ) -> Eval<()> {
        let old = self.eval(scope, &assign.target)?;
        let more = self.eval(scope, &assign.value)?;
        if let (Value::List(items), ast::Operator::Add) = (&old, assign.op) {
            match self.iterate(&more, place)? {
                Ok(more) if items.borrow().len() + more.len() < super::MAX_SIZE => {
                    items.borrow_mut().extend(more);
                }
                _ => {
                    let unknown = self.doubt(&more, place);
                    self.assign(scope, &assign.target, unknown)?;
                }
            }
        } else {
            let value = self.binary(super::operators::symbol(assign.op), &old, &more, place)?;
            self.assign(scope, &assign.target, value)?;
        }
        Ok(())
    }

    /// A branch whose condition is not known is passed over.
    fn exec_if(&mut self, scope: &Rc<Scope>, branch: &ast::StmtIf, place: Place) -> Eval<Flow> {
        let test = self.soft(scope, &branch.test)?;
        match self.truth(&test) {
            Some(true) => self.block(scope, &branch.body),
            Some(false) => self.block(scope, &branch.orelse),
            None => {
                let cause = self.cause_of(&test, place);
                self.skip(scope, &cause, place, &[&branch.body, &branch.orelse])
            }
        }
    }

    fn exec_while(&mut self, scope: &Rc<Scope>, each: &ast::StmtWhile, place: Place) -> Eval<Flow> {
        for _ in 0..MAX_LOOP {
            let test = self.eval(scope, &each.test)?;
            match self.truth(&test) {
                Some(true) => match self.block(scope, &each.body)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    other @ Flow::Return(_) => return Ok(other),
                },
                Some(false) => return self.block(scope, &each.orelse),
                None => {
                    let cause = self.cause_of(&test, place);
                    return self.skip(scope, &cause, place, &[&each.body, &each.orelse]);
                }
            }
        }
        let cause = Rc::new(Cause { reason: "the loop is too long to be followed".into(), place });
        self.skip(scope, &cause, place, &[&each.body])
    }

    fn exec_type_alias(&mut self, scope: &Rc<Scope>, alias: &ast::StmtTypeAlias, place: Place) {
        if let Expr::Name(name) = &*alias.name {
            let annotation = Annotation {
                expr: Rc::new((*alias.value).clone()),
                scope: Rc::clone(scope),
                place,
            };
            let value = self.annotation(&annotation);
            let head = self.term(super::TermKind::Name("typing.TypeAliasType".into()), place);
            let term = self.term(
                super::TermKind::Call(
                    head,
                    Arguments::of(vec![Value::str(name.id.as_str()), value]),
                ),
                place,
            );
            scope.set(&name.id, term);
        }
    }

    pub(super) fn cause_of(&self, value: &Value, place: Place) -> Rc<Cause> {
        match self.doubt(value, place) {
            Value::Unknown(cause) => cause,
            _ => Rc::new(Cause { reason: "the value is not known".into(), place }),
        }
    }

    fn exec_for(&mut self, scope: &Rc<Scope>, each: &ast::StmtFor, place: Place) -> Eval<Flow> {
        let over = self.soft(scope, &each.iter)?;
        let items = match self.iterate(&over, place)? {
            Ok(items) => items,
            Err(unknown) => {
                let cause = self.cause_of(&unknown, place);
                return self.skip(scope, &cause, place, &[&each.body, &each.orelse]);
            }
        };
        for item in items {
            self.assign(scope, &each.target, item)?;
            match self.block(scope, &each.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                other @ Flow::Return(_) => return Ok(other),
            }
        }
        self.block(scope, &each.orelse)
    }

    fn exec_try(&mut self, scope: &Rc<Scope>, attempt: &ast::StmtTry) -> Eval<Flow> {
        self.trying += usize::from(!attempt.handlers.is_empty());
        let body = self.block(scope, &attempt.body);
        self.trying -= usize::from(!attempt.handlers.is_empty());
        let flow = match body {
            Ok(Flow::Next) => self.block(scope, &attempt.orelse),
            Err(Stop::Raise(name, place)) => {
                let handler = attempt.handlers.iter().find_map(|handler| {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    catches(handler.type_.as_deref(), &name).then_some(handler)
                });
                match handler {
                    Some(handler) => {
                        if let Some(bound) = &handler.name {
                            let value = self.unknown(
                                "the exception is only known when the program runs",
                                place,
                            );
                            scope.set(bound, value);
                        }
                        self.block(scope, &handler.body)
                    }
                    None => Err(Stop::Raise(name, place)),
                }
            }
            other => other,
        };
        match self.block(scope, &attempt.finalbody)? {
            Flow::Next => flow,
            other => Ok(other),
        }
    }

    pub(super) fn set_name(&mut self, scope: &Rc<Scope>, name: &str, value: Value) {
        if scope.globals.borrow().iter().any(|global| &**global == name) {
            if let Some(globals) = scope.module.scope.borrow().as_ref() {
                globals.set(name, value);
            }
            return;
        }
        scope.set(name, value);
    }

    pub(super) fn assign(&mut self, scope: &Rc<Scope>, target: &Expr, value: Value) -> Eval<()> {
        let place = self.at(scope, target);
        match target {
            Expr::Name(name) => self.set_name(scope, &name.id, value),
            Expr::Attribute(attribute) => {
                let of = self.eval(scope, &attribute.value)?;
                self.set_attribute(&of, &attribute.attr, value, place);
            }
            Expr::Subscript(subscript) => {
                let of = self.eval(scope, &subscript.value)?;
                if matches!(&*subscript.slice, Expr::Slice(_)) {
                    self.spoil_list(&of, place);
                    return Ok(());
                }
                let index = self.eval(scope, &subscript.slice)?;
                self.set_item(&of, index, value, place)?;
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                match self.iterate(&value, place)? {
                    Ok(items)
                        if items.len() == elts.len()
                            && !elts.iter().any(|target| matches!(target, Expr::Starred(_))) =>
                    {
                        for (target, item) in elts.iter().zip(items) {
                            self.assign(scope, target, item)?;
                        }
                    }
                    _ => {
                        let unknown = self.doubt(&value, place);
                        for target in elts {
                            self.assign(scope, target, unknown.clone())?;
                        }
                    }
                }
            }
            Expr::Starred(starred) => self.assign(scope, &starred.value, value)?,
            _ => {}
        }
        Ok(())
    }

    /// A list is not known any more.
    fn spoil_list(&self, list: &Value, place: Place) {
        if let Value::List(items) = list {
            let unknown = self.unknown("the items of a list are not known", place);
            items.borrow_mut().push(unknown);
        }
    }

    /// `del of[index]`
    fn delete_item(
        &mut self,
        scope: &Rc<Scope>,
        target: &ast::ExprSubscript,
        place: Place,
    ) -> Eval<()> {
        let of = self.eval(scope, &target.value)?;
        if matches!(&*target.slice, Expr::Slice(_)) {
            self.spoil_list(&of, place);
            return Ok(());
        }
        let index = self.eval(scope, &target.slice)?;
        if matches!(of, Value::Dict(_) | Value::List(_)) {
            self.call_method(&of, "pop", &Arguments::of(vec![index]), place)?;
        }
        Ok(())
    }

    fn set_item(&mut self, of: &Value, index: Value, value: Value, place: Place) -> Eval<()> {
        match (of, index) {
            (Value::Dict(pairs), index) => {
                let size = pairs.borrow().len();
                self.charge(size, place)?;
                super::eval::put(&mut pairs.borrow_mut(), index, value);
            }
            (Value::Namespace(scope), Value::Str(name)) => scope.set(&name, value),
            (Value::List(items), Value::Int(at)) => {
                let mut items = items.borrow_mut();
                let at = from_start(at, items.len());
                let is_known = !items.iter().any(|item| matches!(item, Value::Unknown(_)));
                match at.and_then(|at| items.get_mut(at)) {
                    Some(slot) => *slot = value,
                    None if is_known => return Err(Stop::Raise("IndexError".into(), place)),
                    // What is not known may be more than one item.
                    None => {}
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn catches(expr: Option<&Expr>, raised: &str) -> bool {
    let one = |expr: &Expr| {
        let name = match expr {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return true,
        };
        matches!(name, "Exception" | "BaseException")
            || name == raised
            || (name == "ImportError" && raised == "ModuleNotFoundError")
            || (name == "LookupError" && matches!(raised, "KeyError" | "IndexError"))
    };
    match expr {
        None => true,
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(one),
        Some(expr) => one(expr),
    }
}

/// The name of the class that `raise` names.
fn raised(exception: Option<&Expr>) -> Rc<str> {
    let class = match exception {
        Some(Expr::Call(call)) => Some(&*call.func),
        other => other,
    };
    match class {
        Some(Expr::Name(name)) => name.id.as_str().into(),
        Some(Expr::Attribute(attribute)) => attribute.attr.as_str().into(),
        _ => "Exception".into(),
    }
}
