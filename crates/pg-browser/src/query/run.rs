//! Running statements.

use std::{sync::Arc, time::Instant};

use sqlx::{Row as _, postgres::PgRow};

use super::{
    Notice, QueryOutcome, QueryRequest, StatementFailure, StatementResult, columns::Described,
    notices,
};
use crate::{
    Cell, Error, Reader, Result,
    connection::{Answer, Connections, Mode, Session},
    rows::{elapsed_ms, limit_of, text_at},
    sql::{
        Sql,
        read_only::{self, Reading},
        scan::{Kind, Statement, statements},
    },
};

/// The cursor that stands on a statement's rows.
const DECLARE: &str = "DECLARE pg_browser_rows NO SCROLL CURSOR FOR ";

/// Runs statements.
pub(crate) async fn run(
    connections: &Arc<Connections>,
    request: &QueryRequest,
) -> Result<QueryOutcome> {
    let statements = cut(&request.sql)?;
    let limit = limit_of(request.timeout_ms);
    if request.read_only || connections.is_read_only() {
        let (statement, reading) = only_reading(&request.sql, statements)?;
        let session = Session::begin(connections, Mode::Read, limit).await?;
        return read(session, request, &statement, reading).await;
    }
    let session = Session::begin(connections, Mode::Loose, limit).await?;
    let mut script = Script { request, session, is_in_transaction: false };
    let outcome = script.run(&statements).await;
    script.session.close().await;
    outcome
}

/// The statements of a text.
fn cut(sql: &str) -> Result<Vec<Statement>> {
    statements(sql).map_err(|open| Error::IncompleteSql { reason: open.what, at: open.at })
}

/// The one statement of a text.
pub(crate) fn only(sql: &str) -> Result<Statement> {
    exactly_one(cut(sql)?)
}

fn exactly_one(statements: Vec<Statement>) -> Result<Statement> {
    let count = statements.len();
    let mut statements = statements.into_iter();
    match (statements.next(), count) {
        (Some(statement), 1) => Ok(statement),
        _ => Err(Error::NotReadOnly {
            reader: Reader::Mode,
            reason: format!("{count} statements where one is let in"),
        }),
    }
}

fn only_reading(sql: &str, statements: Vec<Statement>) -> Result<(Statement, Reading)> {
    let statement = exactly_one(statements)?;
    let reading = read_only::check(sql, &statement)?;
    Ok((statement, reading))
}

async fn read(
    mut session: Session,
    request: &QueryRequest,
    statement: &Statement,
    reading: Reading,
) -> Result<QueryOutcome> {
    let start = Instant::now();
    let work = async {
        match reading {
            Reading::Rows => selected(&mut session, request, statement).await,
            Reading::Plain => {
                let sql = Sql::new(request.sql[statement.range.clone()].to_owned(), Vec::new())?;
                let rows = session.rows(&sql).await?;
                let described = rows.first().map(|row| Described::of(row.columns()));
                Ok((described.unwrap_or_default(), Answer { rows, ..Answer::default() }))
            }
        }
    };
    let (outcome, notices) = notices::collected(work).await;
    let outcome = match outcome {
        Ok((described, answer)) => {
            finished(&mut session, request, statement, described, answer).await
        }
        Err(error) => Err(error),
    };
    // Locks of the session outlive its transaction.
    let outcome = session.end_unlocked(outcome).await;
    outcome_of(request, statement, outcome, notices, start)
}

fn outcome_of(
    request: &QueryRequest,
    statement: &Statement,
    outcome: Result<StatementResult>,
    notices: Vec<Notice>,
    start: Instant,
) -> Result<QueryOutcome> {
    match outcome {
        Ok(result) => {
            let result = StatementResult { notices, elapsed_ms: elapsed_ms(start), ..result };
            Ok(QueryOutcome { results: vec![result], failure: None, rolled_back: false })
        }
        Err(error @ (Error::ConnectionLost { .. } | Error::Protocol { .. })) => Err(error),
        Err(error) => {
            let failure = failure(request, statement, &error, notices);
            Ok(QueryOutcome { results: Vec::new(), failure: Some(failure), rolled_back: false })
        }
    }
}

/// Statements that may write, on a connection of their own.
struct Script<'a> {
    request: &'a QueryRequest,
    session: Session,
    is_in_transaction: bool,
}

impl Script<'_> {
    async fn run(&mut self, statements: &[Statement]) -> Result<QueryOutcome> {
        let mut results = Vec::with_capacity(statements.len());
        for statement in statements {
            let start = Instant::now();
            let (outcome, notices) = notices::collected(self.one(statement)).await;
            match outcome {
                Ok(result) => {
                    results.push(StatementResult {
                        notices,
                        elapsed_ms: elapsed_ms(start),
                        ..result
                    });
                }
                Err(error) => {
                    let failure = failure(self.request, statement, &error, notices);
                    let rolled_back = self.is_in_transaction;
                    return Ok(QueryOutcome { results, failure: Some(failure), rolled_back });
                }
            }
        }
        Ok(QueryOutcome { results, failure: None, rolled_back: self.is_in_transaction })
    }

    async fn one(&mut self, statement: &Statement) -> Result<StatementResult> {
        let sql = &self.request.sql;
        refuse_copy(sql, statement)?;
        let (described, answer) = if read_only::is_selecting(sql, statement) {
            self.selected(statement).await?
        } else {
            let text = Sql::new(sql[statement.range.clone()].to_owned(), Vec::new())?;
            let answer = self.session.simple_limited(&text, self.row_limit()).await?;
            let described = match answer.rows.first() {
                Some(row) => Described::of(row.columns()),
                None => self.without_rows(statement, &text).await,
            };
            self.follow(statement);
            (described, answer)
        };
        finished(&mut self.session, self.request, statement, described, answer).await
    }

    fn row_limit(&self) -> usize {
        usize::try_from(self.request.row_limit).unwrap_or(usize::MAX)
    }

    /// By a cursor, which lives in a transaction: the script's, or one of its own.
    async fn selected(&mut self, statement: &Statement) -> Result<(Described, Answer)> {
        if self.is_in_transaction {
            return selected(&mut self.session, self.request, statement).await;
        }
        self.session.simple(&Sql::fixed("BEGIN")).await?;
        let answer = selected(&mut self.session, self.request, statement).await?;
        self.session.simple(&Sql::commit()).await?;
        Ok(answer)
    }

    /// The columns of an INSERT … RETURNING and the like that gave no row.
    async fn without_rows(&mut self, statement: &Statement, text: &Sql) -> Described {
        let has = |word: &str| {
            statement.tokens.iter().any(|token| token.is_word(&self.request.sql, word))
        };
        if !has("returning") {
            return Described::default();
        }
        // The statement has done its work; that the server cannot describe it any more is no failure of it.
        self.session.described(text).await.unwrap_or_default()
    }

    /// Whether a transaction is open behind a statement.
    fn follow(&mut self, statement: &Statement) {
        let sql = &self.request.sql;
        let word = |at: usize| {
            statement
                .tokens
                .get(at)
                .map(|token| token.text(sql).to_ascii_lowercase())
                .unwrap_or_default()
        };
        let has = |word: &str| statement.tokens.iter().any(|token| token.is_word(sql, word));
        match (word(0).as_str(), word(1).as_str()) {
            ("begin", _) | ("start", "transaction") => self.is_in_transaction = true,
            ("rollback", _) if has("to") => {}
            ("commit" | "end" | "rollback" | "abort", _) => {
                self.is_in_transaction = has("chain") && !has("no") && !has("prepared");
            }
            ("prepare", "transaction") => self.is_in_transaction = false,
            _ => {}
        }
    }
}

async fn selected(
    session: &mut Session,
    request: &QueryRequest,
    statement: &Statement,
) -> Result<(Described, Answer)> {
    let text = format!("{DECLARE}{}", &request.sql[statement.range.clone()]);
    // By the extended protocol, in which the server takes one statement and no more.
    session.rows(&Sql::new(text, Vec::new())?).await?;
    let fetch = format!("FETCH FORWARD {} FROM pg_browser_rows", u64::from(request.row_limit) + 1);
    let fetch = Sql::new(fetch, Vec::new())?;
    let mut rows = session.simple(&fetch).await?;
    let described = match rows.first() {
        Some(row) => Described::of(row.columns()),
        None => session.described(&fetch).await?,
    };
    let limit = usize::try_from(request.row_limit).unwrap_or(usize::MAX);
    let is_truncated = rows.len() > limit;
    rows.truncate(limit);
    session.simple(&Sql::fixed("CLOSE pg_browser_rows")).await?;
    Ok((described, Answer { rows, affected: None, is_truncated }))
}

async fn finished(
    session: &mut Session,
    request: &QueryRequest,
    statement: &Statement,
    described: Described,
    answer: Answer,
) -> Result<StatementResult> {
    let limit = usize::try_from(request.cell_limit).unwrap_or(usize::MAX);
    let width = described.len();
    let cells = |row: &PgRow| -> Result<Vec<Cell>> {
        (0..width).map(|at| Ok(Cell::limited(text_at(row, at)?, limit))).collect()
    };
    let rows: Result<Vec<Vec<Cell>>> = answer.rows.iter().map(cells).collect();
    let columns = if width == 0 { Vec::new() } else { described.resolve(session).await? };
    let changes = changes_rows(&request.sql, statement);
    Ok(StatementResult {
        start: statement.range.start,
        end: statement.range.end,
        columns,
        rows: rows?,
        is_truncated: answer.is_truncated,
        affected_rows: answer.affected.filter(|_| changes),
        notices: Vec::new(),
        elapsed_ms: 0.0,
    })
}

fn changes_rows(sql: &str, statement: &Statement) -> bool {
    let first = statement.tokens.first();
    let is = |word: &str| first.is_some_and(|token| token.is_word(sql, word));
    ["insert", "update", "delete", "merge", "with", "copy", "create", "select", "refresh"]
        .into_iter()
        .any(is)
}

fn failure(
    request: &QueryRequest,
    statement: &Statement,
    error: &Error,
    notices: Vec<Notice>,
) -> StatementFailure {
    let mut error = error.report();
    let is_declared = read_only::is_selecting(&request.sql, statement);
    if let Some(position) = error.server.as_mut().and_then(|server| server.position.as_mut()) {
        let added = if is_declared { DECLARE.len() } else { 0 };
        let before = request.sql[..statement.range.start].chars().count();
        *position = position.saturating_sub(added) + before;
    }
    StatementFailure { start: statement.range.start, end: statement.range.end, error, notices }
}

/// Data that flows beside a statement has no place to go.
fn refuse_copy(sql: &str, statement: &Statement) -> Result<()> {
    let has = |word: &str| statement.tokens.iter().any(|token| token.is_word(sql, word));
    let is_copy = statement.tokens.first().is_some_and(|token| token.is_word(sql, "copy"));
    if is_copy && (has("stdin") || has("stdout")) {
        let reason =
            "COPY from or to the client is not for queries: export the rows instead".to_owned();
        return Err(Error::InvalidRequest { reason });
    }
    if statement.tokens.iter().any(|token| token.kind == Kind::Parameter)
        && !has("prepare")
        && !has("create")
    {
        let reason = "the statement has a parameter, such as $1, and no value for it".to_owned();
        return Err(Error::InvalidRequest { reason });
    }
    Ok(())
}
