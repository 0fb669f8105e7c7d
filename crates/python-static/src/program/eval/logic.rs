//! `and`, `or`, comparisons and `… if … else …`: what is not worked out once the answer is known.

use std::rc::Rc;

use rustpython_parser::ast;

use crate::program::value::{Place, Scope, Value};
use crate::program::{Eval, Machine};

impl Machine {
    pub(super) fn eval_bool_op(
        &mut self,
        scope: &Rc<Scope>,
        op: &ast::ExprBoolOp,
        place: Place,
    ) -> Eval {
        let is_or = op.op == ast::BoolOp::Or;
        let mut last = Value::None;
        for value in &op.values {
            last = self.eval(scope, value)?;
            match self.truth(&last) {
                None => return Ok(self.doubt(&last, place)),
                Some(truth) if truth == is_or => break,
                Some(_) => {}
            }
        }
        Ok(last)
    }

    pub(super) fn eval_compare(
        &mut self,
        scope: &Rc<Scope>,
        compare: &ast::ExprCompare,
        place: Place,
    ) -> Eval {
        let mut left = self.eval(scope, &compare.left)?;
        let mut result = Value::Bool(true);
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.eval(scope, right)?;
            result = self.compare(*op, &left, &right, place)?;
            match self.truth(&result) {
                Some(true) => {}
                _ => break,
            }
            left = right;
        }
        Ok(result)
    }

    /// Where the condition is not known, both sides may still give the same.
    pub(super) fn eval_choice(
        &mut self,
        scope: &Rc<Scope>,
        choice: &ast::ExprIfExp,
        place: Place,
    ) -> Eval {
        let test = self.eval(scope, &choice.test)?;
        match self.truth(&test) {
            Some(true) => self.eval(scope, &choice.body),
            Some(false) => self.eval(scope, &choice.orelse),
            None => {
                let a = self.eval(scope, &choice.body)?;
                let b = self.eval(scope, &choice.orelse)?;
                if a.same(&b) { Ok(a) } else { Ok(self.doubt(&test, place)) }
            }
        }
    }
}
