//! Statements, but for those that fork or loop.

use std::sync::Arc;

use rustpython_parser::ast::{self, Expr, Stmt};

use super::machine::{Eval, Flow, Machine, Raised, Stop, place, range_of};
use super::object::{Body, Cell, Function, Object, Role};
use super::state::Place;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn block(&mut self, body: &[Stmt]) -> Eval<Flow> {
        for statement in body {
            match self.exec(statement)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn exec(&mut self, statement: &Stmt) -> Eval<Flow> {
        self.deeper(|machine| machine.exec_kind(statement))
    }

    fn exec_kind(&mut self, statement: &Stmt) -> Eval<Flow> {
        match statement {
            Stmt::Expr(expr) => {
                self.eval(&expr.value)?;
            }
            Stmt::Assign(assign) => self.exec_assign(assign)?,
            Stmt::AnnAssign(assign) => {
                if let Some(expr) = &assign.value {
                    let value = self.eval_value(expr)?;
                    self.assign(&assign.target, value)?;
                }
            }
            Stmt::AugAssign(assign) => self.exec_augmented(assign)?,
            Stmt::Return(returned) => {
                let value = match &returned.value {
                    Some(expr) => self.eval(expr)?,
                    None => Object::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::If(branch) => return self.exec_if(branch),
            Stmt::Try(attempt) => {
                return self.exec_try(
                    &attempt.body,
                    &attempt.handlers,
                    &attempt.orelse,
                    &attempt.finalbody,
                );
            }
            Stmt::TryStar(attempt) => {
                return self.exec_try(
                    &attempt.body,
                    &attempt.handlers,
                    &attempt.orelse,
                    &attempt.finalbody,
                );
            }
            Stmt::Match(matched) => return self.exec_match(matched),
            Stmt::For(looped) => return self.exec_for(looped),
            Stmt::While(looped) => return self.exec_while(looped),
            Stmt::With(with) => return self.exec_with(&with.items, &with.body),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            _ => self.exec_other(statement)?,
        }
        Ok(Flow::Next)
    }

    fn exec_other(&mut self, statement: &Stmt) -> Eval<()> {
        match statement {
            Stmt::FunctionDef(def) => self.exec_def(def),
            Stmt::AsyncFunctionDef(def) => {
                let function = Function {
                    name: def.name.as_str().into(),
                    arguments: def.args.clone(),
                    body: Body::Async,
                    defaults: Vec::new(),
                    scope: self.frame.scope,
                    file: self.frame.file,
                    role: Role::Plain,
                    depth: 1,
                };
                self.bind(&def.name, Object::Function(function.into()));
                Ok(())
            }
            Stmt::ClassDef(def) => self.exec_class(def),
            Stmt::Delete(delete) => {
                delete.targets.iter().try_for_each(|target| self.delete(target))
            }
            Stmt::Import(import) => self.exec_import(import),
            Stmt::ImportFrom(import) => self.exec_import_from(import),
            Stmt::Raise(raised) => self.exec_raise(raised),
            Stmt::Assert(assert) => {
                let value = self.eval(&assert.test)?;
                match self.truth(&value, range_of(&assert.test)) {
                    Ok(false) => {
                        Err(self.raise("AssertionError", "assertion failed", place(assert)))
                    }
                    // A module whose assertion fails is never loaded.
                    Ok(true) | Err(Stop::Unknown(_)) => Ok(()),
                    Err(stop) => Err(stop),
                }
            }
            Stmt::Global(global) => {
                let scope = self.state.scope_mut(self.frame.scope);
                scope.global_names.extend(global.names.iter().map(|name| Arc::from(name.as_str())));
                Ok(())
            }
            Stmt::Nonlocal(nonlocal) => {
                let scope = self.state.scope_mut(self.frame.scope);
                scope
                    .nonlocal_names
                    .extend(nonlocal.names.iter().map(|name| Arc::from(name.as_str())));
                Ok(())
            }
            Stmt::TypeAlias(alias) => {
                if let Expr::Name(name) = &*alias.name {
                    let cause = self.cause("type aliases are not followed", place(alias));
                    self.bind(&name.id, Object::Unknown(cause));
                }
                Ok(())
            }
            Stmt::AsyncFor(looped) => {
                let cause = self.cause("asynchronous code is not followed", place(looped));
                self.forget_bound(std::slice::from_ref(statement), &cause);
                Ok(())
            }
            Stmt::AsyncWith(with) => {
                let cause = self.cause("asynchronous code is not followed", place(with));
                self.forget_bound(std::slice::from_ref(statement), &cause);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Evaluates the right side of an assignment and notes it as the place of the value.
    fn eval_value(&mut self, expr: &Expr) -> Eval {
        if self.frame.file == 0 {
            self.value = range_of(expr);
        }
        self.eval(expr)
    }

    fn exec_assign(&mut self, assign: &ast::StmtAssign) -> Eval<()> {
        let value = self.eval_value(&assign.value)?;
        for target in &assign.targets {
            self.assign(target, value.clone())?;
        }
        Ok(())
    }

    fn exec_augmented(&mut self, assign: &ast::StmtAugAssign) -> Eval<()> {
        let old = self.eval(&assign.target)?;
        let operand = self.eval_value(&assign.value)?;
        let range = place(assign);
        // Lists, sets and dictionaries are changed in place.
        let in_place = match (&old, assign.op) {
            (Object::List(_), ast::Operator::Add) => Some("extend"),
            (Object::Set(_) | Object::Dict(_), ast::Operator::BitOr) => Some("update"),
            _ => None,
        };
        if let Some(method) = in_place {
            let callee = Object::BoundBuiltin(std::rc::Rc::new((old.clone(), method.into())));
            match self.call(&callee, &super::calls::Arguments::of(vec![operand]), range) {
                Ok(_) | Err(Stop::Unknown(_)) => {}
                Err(stop) => return Err(stop),
            }
            return self.assign(&assign.target, old);
        }
        let value = match self.binary(&old, assign.op, &operand, range) {
            Ok(value) => value,
            Err(Stop::Unknown(cause)) => Object::Unknown(cause),
            Err(stop) => return Err(stop),
        };
        self.assign(&assign.target, value)
    }

    fn exec_def(&mut self, def: &ast::StmtFunctionDef) -> Eval<()> {
        let mut object = Object::Function(self.function(def)?);
        for decorator in def.decorator_list.iter().rev() {
            object = self.decorated(decorator, object)?;
        }
        self.bind(&def.name, object);
        Ok(())
    }

    fn exec_class(&mut self, def: &ast::StmtClassDef) -> Eval<()> {
        let mut object = match self.class(def) {
            Ok(class) => class,
            Err(Stop::Unknown(cause)) => Object::Unknown(cause),
            Err(stop) => return Err(stop),
        };
        if !def.decorator_list.is_empty() {
            self.note_fields(&object, &def.body);
        }
        for decorator in def.decorator_list.iter().rev() {
            object = self.decorated(decorator, object)?;
        }
        self.bind(&def.name, object);
        Ok(())
    }

    fn decorated(&mut self, decorator: &Expr, object: Object) -> Eval {
        match self.decorate(decorator, object) {
            Err(Stop::Unknown(cause)) => Ok(Object::Unknown(cause)),
            other => other,
        }
    }

    /// Binds a name in the scope that assignments of this frame go to.
    pub(super) fn bind(&mut self, name: &str, value: Object) {
        let mut target = self.frame.scope;
        let scope = self.state.scope(target);
        if scope.global_names.contains(name) {
            target = scope.globals;
        } else if scope.nonlocal_names.contains(name) {
            let mut next = scope.parent;
            while let Some(id) = next {
                if self.state.scope(id).names.contains_key(name) {
                    target = id;
                    break;
                }
                next = self.state.scope(id).parent;
            }
        }
        self.bind_in(target, name, value);
    }

    /// Binds a name in a scope.
    pub(super) fn bind_in(&mut self, scope: usize, name: &str, value: Object) {
        self.state.scope_mut(scope).names.insert(name.into(), value);
        if scope == 0 {
            let statement = self.statement.clone();
            let value = self.value.clone();
            let value = if value.start >= statement.start
                && value.end <= statement.end
                && !value.is_empty()
            {
                value
            } else {
                statement.clone()
            };
            self.state.places.insert(name.into(), Place { statement, value });
        }
    }

    pub(super) fn assign(&mut self, target: &Expr, value: Object) -> Eval<()> {
        match target {
            Expr::Name(name) => {
                self.bind(&name.id, value);
                Ok(())
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, &value, place(tuple)),
            Expr::List(list) => self.unpack(&list.elts, &value, place(list)),
            Expr::Starred(starred) => self.assign(&starred.value, value),
            Expr::Attribute(attribute) => {
                let object = self.eval(&attribute.value)?;
                self.set_attribute(&object, &attribute.attr, value, place(attribute));
                Ok(())
            }
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let index = self.eval(&subscript.slice)?;
                match self.set_item(&object, index, value.clone(), place(subscript)) {
                    Err(stop @ Stop::Unknown(_)) => {
                        self.escape(&object, &stop);
                        self.escape(&value, &stop);
                        Ok(())
                    }
                    other => other,
                }
            }
            _ => Ok(()),
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: &Object, range: TextRange) -> Eval<()> {
        let items = match self.iterate(value, range.clone()) {
            Ok(items) => items,
            Err(Stop::Unknown(cause)) => {
                self.doubts += 1;
                for target in targets {
                    self.assign(target, Object::Unknown(cause.clone()))?;
                }
                return Ok(());
            }
            Err(stop) => return Err(stop),
        };
        let starred = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        let wrong = |machine: &Self| {
            Err(machine.raise("ValueError", "wrong number of values to unpack", range.clone()))
        };
        match starred {
            None if items.len() != targets.len() => wrong(self),
            None => {
                for (target, item) in targets.iter().zip(items) {
                    self.assign_unpacked(target, item)?;
                }
                Ok(())
            }
            Some(_) if items.len() + 1 < targets.len() => wrong(self),
            Some(at) => {
                let behind = targets.len() - at - 1;
                let middle = self.new_list(items[at..items.len() - behind].to_vec());
                let values = items[..at].iter().cloned().chain([middle]);
                let values = values.chain(items[items.len() - behind..].iter().cloned());
                let values: Vec<Object> = values.collect();
                for (target, value) in targets.iter().zip(values) {
                    self.assign_unpacked(target, value)?;
                }
                Ok(())
            }
        }
    }

    fn assign_unpacked(&mut self, target: &Expr, item: Object) -> Eval<()> {
        self.deeper(|machine| machine.assign(target, item))
    }

    fn set_attribute(&mut self, object: &Object, name: &str, value: Object, range: TextRange) {
        match object {
            Object::Instance(id) => self.set_instance_attribute(*id, name, value),
            Object::Class(id) => self.set_class_attribute(*id, name, value),
            Object::Namespace(scope) => self.bind_in(*scope, name, value),
            _ => {
                let stop = self.unknown("the value is kept where it cannot be followed", range);
                self.escape(&value, &stop);
            }
        }
    }

    fn set_item(
        &mut self,
        object: &Object,
        index: Object,
        value: Object,
        range: TextRange,
    ) -> Eval<()> {
        match (object, &index) {
            (Object::Unknown(cause), _) | (_, Object::Unknown(cause)) => {
                Err(Stop::Unknown(cause.clone()))
            }
            (Object::Dict(id), _) => self.dict_insert(*id, index, value, range),
            (Object::Namespace(scope), Object::Str(name)) => {
                self.bind_in(*scope, name, value);
                Ok(())
            }
            (Object::List(id), Object::Int(at)) => {
                let length = self.list_items(*id)?.len();
                let at = super::containers::usize_index(*at, length).filter(|&at| at < length);
                match (at, self.state.cell_mut(*id)) {
                    (Some(at), Cell::List(items)) => {
                        items[at] = value;
                        Ok(())
                    }
                    _ => Err(self.raise("IndexError", "list assignment index out of range", range)),
                }
            }
            _ => Err(self.unknown("this assignment is not followed", range)),
        }
    }

    fn delete(&mut self, target: &Expr) -> Eval<()> {
        match target {
            Expr::Name(name) => {
                let scope = self.frame.scope;
                self.state.scope_mut(scope).names.remove(name.id.as_str());
                if scope == 0 {
                    self.state.places.remove(name.id.as_str());
                }
                Ok(())
            }
            Expr::Tuple(tuple) => tuple
                .elts
                .iter()
                .try_for_each(|target| self.deeper(|machine| machine.delete(target))),
            Expr::Subscript(subscript) => {
                let object = self.eval(&subscript.value)?;
                let index = self.eval(&subscript.slice)?;
                let range = place(subscript);
                match (&object, &index) {
                    (Object::Namespace(scope), Object::Str(name)) => {
                        self.state.scope_mut(*scope).names.remove(name);
                        Ok(())
                    }
                    (Object::Dict(_) | Object::List(_), _) => {
                        let pop =
                            Object::BoundBuiltin(std::rc::Rc::new((object.clone(), "pop".into())));
                        match self.call(&pop, &super::calls::Arguments::of(vec![index]), range) {
                            Ok(_) | Err(Stop::Unknown(_)) => Ok(()),
                            Err(stop) => Err(stop),
                        }
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn exec_raise(&mut self, raised: &ast::StmtRaise) -> Eval<()> {
        let value = match &raised.exc {
            Some(expr) => self.eval(expr)?,
            None => Object::None,
        };
        let kind: Arc<str> = match &value {
            Object::Builtin(name) => name.trim_end_matches("()").into(),
            Object::Class(id) => match self.state.cell(*id) {
                Cell::Class(class) => Arc::clone(&class.name),
                _ => "Exception".into(),
            },
            _ => raised.exc.as_deref().map_or("Exception".into(), exception_name),
        };
        Err(Stop::Raise(Box::new(Raised {
            kind,
            message: String::new(),
            value,
            range: place(raised),
            file: self.frame.file,
        })))
    }
}

/// The name in `raise Name` or `raise Name(…)`.
fn exception_name(expr: &Expr) -> Arc<str> {
    match expr {
        Expr::Name(name) => name.id.as_str().into(),
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => name.id.as_str().into(),
            _ => "Exception".into(),
        },
        _ => "Exception".into(),
    }
}
