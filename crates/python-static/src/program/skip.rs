//! Statements that are passed over, since a condition is not known: what they would have done.

use std::rc::Rc;

use rustpython_parser::ast::{self, Expr, Stmt};

use super::exec::Flow;
use super::value::{Cause, Code, Function, Place, Scope, ScopeKind, Value};
use super::{Eval, Machine, Skipped, Stop};

/// How deep functions of the project are looked into.
const MAX_DEPTH: usize = 4;

impl Machine {
    /// Passes over blocks whose execution is not known.
    pub(super) fn skip(
        &mut self,
        scope: &Rc<Scope>,
        cause: &Rc<Cause>,
        place: Place,
        blocks: &[&[Stmt]],
    ) -> Eval<Flow> {
        let mut found = Found::default();
        for block in blocks {
            found.walk(block);
        }
        // Values are asked for before their names are forgotten.
        match self.weigh(scope, &mut found, 0) {
            // Where that takes too long, anything may be meant.
            Err(Stop::Limit(_)) => found.skipped.calls = true,
            other => other?,
        }
        for name in &found.names {
            self.set_name(scope, name, Value::Unknown(Rc::clone(cause)));
        }
        let host = Rc::clone(&self.host);
        host.skipped(self, cause, place, &found.skipped);
        if found.returns && scope.kind == ScopeKind::Function {
            return Ok(Flow::Return(Value::Unknown(Rc::clone(cause))));
        }
        Ok(Flow::Next)
    }

    /// Decides which classes and calls concern the host.
    fn weigh(&mut self, scope: &Rc<Scope>, found: &mut Found<'_>, depth: usize) -> Eval<()> {
        for def in std::mem::take(&mut found.classes) {
            let mut concerns = false;
            for base in &def.bases {
                let base = self.soft(scope, base)?;
                concerns |= self.concerns(&base);
            }
            if concerns {
                found.skipped.classes.push(def.name.to_string());
            }
        }
        for of in std::mem::take(&mut found.changed) {
            let value = self.soft(scope, of)?;
            found.skipped.calls |= !matches!(value, Value::Unknown(_)) && self.concerns(&value);
        }
        for callee in std::mem::take(&mut found.callees) {
            let value = self.soft(scope, callee)?;
            self.weigh_call(&value, found, depth)?;
        }
        Ok(())
    }

    fn weigh_call(&mut self, value: &Value, found: &mut Found<'_>, depth: usize) -> Eval<()> {
        match value {
            Value::Unknown(_) => {}
            Value::Builtin(name) => {
                found.skipped.imports |= matches!(&**name, "__import__" | "exec" | "eval");
                found.skipped.calls |= &**name == "setattr";
            }
            Value::Term(_) if value.name().as_deref() == Some("importlib.import_module") => {
                found.skipped.imports = true;
            }
            Value::Function(_) | Value::Bound(_) if depth >= MAX_DEPTH => {
                found.skipped.calls = true;
            }
            Value::Function(function) => self.weigh_function(&Rc::clone(function), found, depth)?,
            Value::Bound(bound) => self.weigh_function(&Rc::clone(&bound.1), found, depth)?,
            other => found.skipped.calls |= self.concerns(other),
        }
        Ok(())
    }

    fn weigh_function(
        &mut self,
        function: &Rc<Function>,
        found: &mut Found<'_>,
        depth: usize,
    ) -> Eval<()> {
        let Some(file) = function.scope.module.file.clone() else { return Ok(()) };
        let mut inner = Found::default();
        match &function.code {
            Code::Def(top, offset) => {
                if let Some(def) = Self::find_def(&file, *top, *offset) {
                    inner.walk(&def.body);
                }
                self.weigh(&function.scope, &mut inner, depth + 1)?;
            }
            Code::Lambda(lambda) => {
                inner.value(&lambda.body);
                self.weigh(&function.scope, &mut inner, depth + 1)?;
            }
        }
        found.skipped.classes.append(&mut inner.skipped.classes);
        found.skipped.imports |= inner.skipped.imports;
        found.skipped.calls |= inner.skipped.calls;
        Ok(())
    }

    fn concerns(&self, value: &Value) -> bool {
        self.host.concerns(value)
    }
}

/// What a block would do.
#[derive(Default)]
struct Found<'a> {
    names: Vec<String>,
    skipped: Skipped,
    returns: bool,
    classes: Vec<&'a ast::StmtClassDef>,
    callees: Vec<&'a Expr>,
    /// Objects whose attributes are set.
    changed: Vec<&'a Expr>,
}

impl<'a> Found<'a> {
    fn walk(&mut self, block: &'a [Stmt]) {
        for statement in block {
            match statement {
                Stmt::FunctionDef(def) => self.names.push(def.name.to_string()),
                Stmt::AsyncFunctionDef(def) => self.names.push(def.name.to_string()),
                Stmt::ClassDef(def) => {
                    self.names.push(def.name.to_string());
                    self.classes.push(def);
                }
                Stmt::Assign(assign) => {
                    assign.targets.iter().for_each(|target| self.target(target));
                    self.value(&assign.value);
                }
                Stmt::AnnAssign(assign) => {
                    self.target(&assign.target);
                    if let Some(value) = &assign.value {
                        self.value(value);
                    }
                }
                Stmt::AugAssign(assign) => self.target(&assign.target),
                Stmt::Expr(expr) => self.value(&expr.value),
                Stmt::Import(import) => {
                    self.skipped.imports = true;
                    for alias in &import.names {
                        let name = alias.asname.as_ref().map_or_else(
                            || alias.name.split('.').next().unwrap_or_default(),
                            ast::Identifier::as_str,
                        );
                        self.names.push(name.to_owned());
                    }
                }
                Stmt::ImportFrom(import) => {
                    self.skipped.imports = true;
                    self.names.extend(
                        import
                            .names
                            .iter()
                            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()),
                    );
                }
                Stmt::If(branch) => {
                    self.walk(&branch.body);
                    self.walk(&branch.orelse);
                }
                Stmt::For(each) => {
                    self.target(&each.target);
                    self.walk(&each.body);
                    self.walk(&each.orelse);
                }
                Stmt::While(each) => {
                    self.walk(&each.body);
                }
                Stmt::With(with) => self.walk(&with.body),
                Stmt::Try(attempt) => {
                    self.walk(&attempt.body);
                    self.walk(&attempt.orelse);
                    self.walk(&attempt.finalbody);
                    for handler in &attempt.handlers {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        self.walk(&handler.body);
                    }
                }
                Stmt::Return(value) => {
                    self.returns = true;
                    if let Some(value) = &value.value {
                        self.value(value);
                    }
                }
                Stmt::Raise(_) => self.returns = true,
                Stmt::Match(choice) => choice.cases.iter().for_each(|case| self.walk(&case.body)),
                _ => {}
            }
        }
    }

    fn target(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => self.names.push(name.id.to_string()),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.target(target)),
            Expr::Attribute(attribute) => self.changed.push(&attribute.value),
            Expr::Subscript(subscript) => self.changed.push(&subscript.value),
            _ => {}
        }
    }

    fn value(&mut self, value: &'a Expr) {
        match value {
            Expr::Call(call) => {
                self.callees.push(&call.func);
                if let Expr::Attribute(attribute) = &*call.func {
                    self.value(&attribute.value);
                }
                call.args.iter().for_each(|argument| self.value(argument));
                call.keywords.iter().for_each(|keyword| self.value(&keyword.value));
            }
            Expr::ListComp(list) => self.value(&list.elt),
            Expr::GeneratorExp(list) => self.value(&list.elt),
            Expr::IfExp(choice) => {
                self.value(&choice.body);
                self.value(&choice.orelse);
            }
            _ => {}
        }
    }
}
