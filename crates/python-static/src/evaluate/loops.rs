//! Loops, and what to forget where a loop cannot be followed.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustpython_parser::ast::{self, ExceptHandler, Expr, Stmt};

use super::machine::{Eval, Flow, Machine, Stop, range_of};
use super::object::{Cause, Object};

impl Machine<'_> {
    pub(super) fn exec_for(&mut self, looped: &ast::StmtFor) -> Eval<Flow> {
        let source = self.eval(&looped.iter)?;
        let items = match self.iterate(&source, range_of(&looped.iter)) {
            Ok(items) => items,
            Err(Stop::Unknown(cause)) => {
                self.doubts += 1;
                self.forget_loop(&looped.target, &looped.body, &looped.orelse, &cause);
                return Ok(Flow::Next);
            }
            Err(stop) => return Err(stop),
        };
        for item in items {
            self.spend(1)?;
            self.assign(&looped.target, item)?;
            match self.block(&looped.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Unclear(cause) => {
                    self.forget_loop(&looped.target, &looped.body, &looped.orelse, &cause);
                    return Ok(Flow::Next);
                }
                returned @ Flow::Return(_) => return Ok(returned),
            }
        }
        self.block(&looped.orelse)
    }

    pub(super) fn exec_while(&mut self, looped: &ast::StmtWhile) -> Eval<Flow> {
        loop {
            self.spend(1)?;
            let test = self.eval(&looped.test)?;
            match self.truth(&test, range_of(&looped.test)) {
                Ok(true) => {}
                Ok(false) => return self.block(&looped.orelse),
                Err(Stop::Unknown(cause)) => {
                    self.forget_loop(&looped.test, &looped.body, &looped.orelse, &cause);
                    return Ok(Flow::Next);
                }
                Err(stop) => return Err(stop),
            }
            match self.block(&looped.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Unclear(cause) => {
                    self.forget_loop(&looped.test, &looped.body, &looped.orelse, &cause);
                    return Ok(Flow::Next);
                }
                returned @ Flow::Return(_) => return Ok(returned),
            }
        }
    }

    /// What a loop binds and what it may change in place is no longer known.
    fn forget_loop(&mut self, target: &Expr, body: &[Stmt], orelse: &[Stmt], cause: &Rc<Cause>) {
        let mut names = Names::default();
        names.expression(target);
        names.block(body);
        names.block(orelse);
        self.forget_names(&names, cause);
    }

    /// What the statements bind and what they may change in place is no longer known.
    pub(super) fn forget_bound(&mut self, body: &[Stmt], cause: &Rc<Cause>) {
        let mut names = Names::default();
        names.block(body);
        self.forget_names(&names, cause);
    }

    fn forget_names(&mut self, names: &Names, cause: &Rc<Cause>) {
        self.doubts += 1;
        let stop = Stop::Unknown(Rc::clone(cause));
        for name in &names.mentioned {
            if let Some(object) = self.lookup(name) {
                self.escape(&object, &stop);
            }
        }
        for name in &names.bound {
            self.bind(name, Object::Unknown(Rc::clone(cause)));
        }
    }
}

/// Names that code binds and names that it mentions.
#[derive(Default)]
struct Names {
    bound: BTreeSet<String>,
    mentioned: BTreeSet<String>,
}

impl Names {
    fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                assign.targets.iter().for_each(|target| self.expression(target));
                self.expression(&assign.value);
            }
            Stmt::AnnAssign(assign) => {
                self.expression(&assign.target);
                assign.value.iter().for_each(|value| self.expression(value));
            }
            Stmt::AugAssign(assign) => {
                self.expression(&assign.target);
                self.expression(&assign.value);
            }
            Stmt::Expr(expr) => self.expression(&expr.value),
            Stmt::Return(returned) => {
                returned.value.iter().for_each(|value| self.expression(value));
            }
            Stmt::Delete(delete) => {
                delete.targets.iter().for_each(|target| self.expression(target));
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bound.insert(name.split('.').next().unwrap_or_default().to_owned());
                }
            }
            Stmt::ImportFrom(import) => {
                let names =
                    import.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
                self.bound.extend(names.map(ToString::to_string));
            }
            Stmt::FunctionDef(def) => {
                self.bound.insert(def.name.to_string());
            }
            Stmt::ClassDef(def) => {
                self.bound.insert(def.name.to_string());
            }
            _ => self.compound(statement),
        }
    }

    fn compound(&mut self, statement: &Stmt) {
        match statement {
            Stmt::If(branch) => {
                self.expression(&branch.test);
                self.block(&branch.body);
                self.block(&branch.orelse);
            }
            Stmt::For(looped) => {
                self.expression(&looped.target);
                self.block(&looped.body);
                self.block(&looped.orelse);
            }
            Stmt::AsyncFor(looped) => {
                self.expression(&looped.target);
                self.block(&looped.body);
                self.block(&looped.orelse);
            }
            Stmt::While(looped) => {
                self.block(&looped.body);
                self.block(&looped.orelse);
            }
            Stmt::With(with) => {
                with.items
                    .iter()
                    .filter_map(|item| item.optional_vars.as_ref())
                    .for_each(|target| self.expression(target));
                self.block(&with.body);
            }
            Stmt::AsyncWith(with) => {
                with.items
                    .iter()
                    .filter_map(|item| item.optional_vars.as_ref())
                    .for_each(|target| self.expression(target));
                self.block(&with.body);
            }
            Stmt::Try(attempt) => {
                self.block(&attempt.body);
                for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    self.block(&handler.body);
                }
                self.block(&attempt.orelse);
                self.block(&attempt.finalbody);
            }
            Stmt::Match(matched) => matched.cases.iter().for_each(|case| self.block(&case.body)),
            _ => {}
        }
    }

    /// Targets bind; everything else is mentioned.
    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => {
                if matches!(name.ctx, ast::ExprContext::Load) {
                    self.mentioned.insert(name.id.to_string());
                } else {
                    self.bound.insert(name.id.to_string());
                }
            }
            Expr::NamedExpr(walrus) => {
                self.expression(&walrus.target);
                self.expression(&walrus.value);
            }
            Expr::Attribute(attribute) => self.expression(&attribute.value),
            Expr::Subscript(subscript) => {
                self.expression(&subscript.value);
                self.expression(&subscript.slice);
            }
            Expr::Starred(starred) => self.expression(&starred.value),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.expression(item)),
            Expr::List(list) => list.elts.iter().for_each(|item| self.expression(item)),
            Expr::Call(call) => {
                self.expression(&call.func);
                call.args.iter().for_each(|item| self.expression(item));
                call.keywords.iter().for_each(|item| self.expression(&item.value));
            }
            Expr::BinOp(binary) => {
                self.expression(&binary.left);
                self.expression(&binary.right);
            }
            Expr::BoolOp(bool_op) => bool_op.values.iter().for_each(|item| self.expression(item)),
            Expr::IfExp(conditional) => {
                self.expression(&conditional.body);
                self.expression(&conditional.orelse);
            }
            Expr::Compare(compare) => {
                self.expression(&compare.left);
                compare.comparators.iter().for_each(|item| self.expression(item));
            }
            Expr::UnaryOp(unary) => self.expression(&unary.operand),
            _ => {}
        }
    }
}

/// Whether the body of a function yields, which makes it a generator.
pub(super) fn yields(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Expr(expr) => is_yield(&expr.value),
        Stmt::Assign(assign) => is_yield(&assign.value),
        Stmt::If(branch) => yields(&branch.body) || yields(&branch.orelse),
        Stmt::For(looped) => yields(&looped.body) || yields(&looped.orelse),
        Stmt::While(looped) => yields(&looped.body) || yields(&looped.orelse),
        Stmt::With(with) => yields(&with.body),
        Stmt::Try(attempt) => {
            yields(&attempt.body)
                || yields(&attempt.orelse)
                || yields(&attempt.finalbody)
                || attempt
                    .handlers
                    .iter()
                    .any(|ExceptHandler::ExceptHandler(handler)| yields(&handler.body))
        }
        Stmt::Match(matched) => matched.cases.iter().any(|case| yields(&case.body)),
        _ => false,
    })
}

fn is_yield(expr: &Expr) -> bool {
    matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_))
}
