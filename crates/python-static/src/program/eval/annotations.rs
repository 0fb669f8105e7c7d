//! The values of annotations, and of expressions that are written as text.

use std::rc::Rc;

use rustpython_parser::ast::{self, Constant, Expr};

use crate::program::value::{Place, Scope, ScopeKind, TermKind, Value};
use crate::program::{Annotation, Eval, Machine, Stop};

impl Machine {
    /// The value of an annotation; names that are bound nowhere become [`TermKind::Forward`].
    pub fn annotation(&mut self, annotation: &Annotation) -> Value {
        let expr = Rc::clone(&annotation.expr);
        let scope = Rc::clone(&annotation.scope);
        match self.annotated(&scope, &expr, annotation.place) {
            Ok(value) => value,
            Err(Stop::Raise(name, place)) => {
                self.unknown(format!("`{name}` is raised in the annotation"), place)
            }
            Err(Stop::Limit(cause)) => Value::Unknown(cause),
        }
    }

    fn annotated(&mut self, scope: &Rc<Scope>, expr: &Expr, place: Place) -> Eval {
        match expr {
            Expr::Constant(constant) => match &constant.value {
                Constant::Str(text) => self.annotation_text(scope, text, place),
                other => Ok(self.constant(other, place)),
            },
            Expr::Name(name) => match self.lookup(scope, &name.id, place) {
                Err(Stop::Raise(..)) => {
                    Ok(self.term(TermKind::Forward(name.id.as_str().into()), place))
                }
                other => other,
            },
            Expr::BinOp(op) if op.op == ast::Operator::BitOr => {
                let left = self.annotated(scope, &op.left, place)?;
                let right = self.annotated(scope, &op.right, place)?;
                Ok(self.term(TermKind::Operator("|", vec![left, right]), place))
            }
            Expr::Subscript(subscript) => {
                let of = self.annotated(scope, &subscript.value, place)?;
                let name = of.name();
                let last =
                    name.as_deref().map_or("", |name| name.rsplit('.').next().unwrap_or(name));
                let index = match (last, &*subscript.slice) {
                    ("Literal", literal) => self.eval(scope, literal)?,
                    ("Annotated", Expr::Tuple(tuple)) => {
                        let mut items = Vec::new();
                        for (at, element) in tuple.elts.iter().enumerate() {
                            items.push(if at == 0 {
                                self.annotated(scope, element, place)?
                            } else {
                                self.eval(scope, element)?
                            });
                        }
                        Value::tuple(items)
                    }
                    (_, Expr::Tuple(tuple)) => {
                        let mut items = Vec::new();
                        for element in &tuple.elts {
                            items.push(self.annotated(scope, element, place)?);
                        }
                        Value::tuple(items)
                    }
                    (_, Expr::List(_)) => Value::None,
                    (_, other) => self.annotated(scope, other, place)?,
                };
                Ok(self.term(TermKind::Item(of, index), place))
            }
            Expr::Attribute(attribute) => {
                let of = self.annotated(scope, &attribute.value, place)?;
                if let Value::Term(term) = &of
                    && let TermKind::Forward(name) = &term.kind
                {
                    let dotted = format!("{name}.{}", attribute.attr);
                    return Ok(self.term(TermKind::Forward(dotted.into()), place));
                }
                self.attribute(&of, &attribute.attr, place)
            }
            other => self.eval(scope, other),
        }
    }

    /// The value of an expression that is written as text, with names of its own.
    ///
    /// # Errors
    /// What it raises, and bounds.
    pub fn evaluate(&mut self, text: &str, names: Vec<(String, Value)>, place: Place) -> Eval {
        use rustpython_parser::Parse;
        if text.len() > 4000 || text.matches(['[', '(']).count() > 60 {
            return Ok(self.unknown("the text is too long to be read", place));
        }
        let Ok(expr) = Expr::parse(text.trim(), "") else {
            return Ok(self.unknown("the text cannot be read", place));
        };
        let module = self.new_module("", None, Vec::new());
        let scope = Scope::new(ScopeKind::Module, &module, None);
        for (name, value) in names {
            scope.set(&name, value);
        }
        match self.deeper(place, |machine| machine.eval(&scope, &expr)) {
            Err(Stop::Raise(name, _)) => Ok(self.unknown(format!("`{name}` is raised"), place)),
            other => other,
        }
    }

    /// The value of an annotation that is written as text.
    fn annotation_text(&mut self, scope: &Rc<Scope>, text: &str, place: Place) -> Eval {
        use rustpython_parser::Parse;
        if text.len() > 2000 || text.matches(['[', '(']).count() > 40 {
            return Ok(self.unknown("the annotation is too long to be read", place));
        }
        match Expr::parse(text.trim(), "") {
            Ok(expr) => self.deeper(place, |machine| machine.annotated(scope, &expr, place)),
            Err(_) => Ok(self.unknown("the annotation cannot be read", place)),
        }
    }
}
