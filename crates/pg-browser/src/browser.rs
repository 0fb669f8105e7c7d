//! The one door to all of it.

use std::sync::Arc;

use crate::{
    Catalogue, CellRequest, ConnectOptions, Count, CountRequest, EditOutcome, EditPreview, EditSet,
    ExplainRequest, Explanation, Export, ExportRequest, IndexStatistics, Page, PageRequest,
    QueryOutcome, QueryRequest, Result, ServerInfo, SessionActivity, SlowStatements, Table,
    TableLock, TableName, TableStatistics, activity, catalog, connection::Connections, edit,
    export, query, rows,
};

/// A database to look into. Cheap to clone: clones share their connections.
///
/// A method's future that is dropped stops its statement on the server. After a restart of the server the next call
/// connects anew.
#[derive(Debug, Clone)]
pub struct Browser {
    connections: Arc<Connections>,
}

impl Browser {
    /// Connects, so that a wrong password or host shows at once.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`](crate::Error::Unreachable), [`LoginRefused`](crate::Error::LoginRefused),
    /// [`Tls`](crate::Error::Tls), [`InvalidSetting`](crate::Error::InvalidSetting) and the like.
    pub async fn connect(options: ConnectOptions) -> Result<Self> {
        let browser = Self::connect_lazily(&options)?;
        browser.server().await?;
        Ok(browser)
    }

    /// Connects when the first call comes.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`](crate::Error::InvalidSetting).
    pub fn connect_lazily(options: &ConnectOptions) -> Result<Self> {
        Ok(Self { connections: Arc::new(Connections::new(options)?) })
    }

    /// Whether everything but reading is refused.
    pub fn is_read_only(&self) -> bool {
        self.connections.is_read_only()
    }

    /// Closes all connections, when their statements are done.
    pub async fn close(&self) {
        self.connections.close().await;
    }

    /// The server and who we are on it.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn server(&self) -> Result<ServerInfo> {
        catalog::Reader::new(&self.connections).server().await
    }

    /// Everything that can be browsed, in one round trip.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached or takes too long.
    pub async fn catalogue(&self) -> Result<Catalogue> {
        catalog::Reader::new(&self.connections).catalogue().await
    }

    /// Everything about one table, in one round trip.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownTable`](crate::Error::UnknownTable), and when the server cannot be reached or takes too long.
    pub async fn table(&self, name: &TableName) -> Result<Table> {
        catalog::Reader::new(&self.connections).table(name).await
    }

    /// A page of rows.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownTable`](crate::Error::UnknownTable), [`UnknownColumn`](crate::Error::UnknownColumn),
    /// [`InvalidValue`](crate::Error::InvalidValue), [`InvalidCondition`](crate::Error::InvalidCondition),
    /// [`InvalidCursor`](crate::Error::InvalidCursor), [`Timeout`](crate::Error::Timeout) and the like.
    pub async fn page(&self, request: &PageRequest) -> Result<Page> {
        rows::page(&self.connections, request).await
    }

    /// The whole of one value; `None` for NULL.
    ///
    /// # Errors
    ///
    /// [`Error::RowGone`](crate::Error::RowGone), [`TooLarge`](crate::Error::TooLarge) and the like.
    pub async fn cell(&self, request: &CellRequest) -> Result<Option<String>> {
        rows::cell(&self.connections, request).await
    }

    /// How many rows there are.
    ///
    /// # Errors
    ///
    /// [`Error::Timeout`](crate::Error::Timeout), and as for [`page`](Self::page).
    pub async fn count(&self, request: &CountRequest) -> Result<Count> {
        rows::count(&self.connections, request).await
    }

    /// The statements that [`apply`](Self::apply) would run, to read.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownTable`](crate::Error::UnknownTable), [`UnknownColumn`](crate::Error::UnknownColumn),
    /// [`NotEditable`](crate::Error::NotEditable) and the like.
    pub async fn preview(&self, edits: &EditSet) -> Result<EditPreview> {
        edit::preview(&self.connections, edits).await
    }

    /// Does all edits in one transaction, or none of them.
    ///
    /// # Errors
    ///
    /// As for [`preview`](Self::preview); [`InvalidValue`](crate::Error::InvalidValue),
    /// [`ConstraintViolated`](crate::Error::ConstraintViolated), [`Locked`](crate::Error::Locked),
    /// [`ReadOnlyConnection`](crate::Error::ReadOnlyConnection) and the like. A conflict is no error but an outcome.
    pub async fn apply(&self, edits: &EditSet) -> Result<EditOutcome> {
        edit::apply(&self.connections, edits).await
    }

    /// Runs SQL. A statement that fails is part of the outcome; those in front of it stay done.
    ///
    /// # Errors
    ///
    /// [`Error::NotReadOnly`](crate::Error::NotReadOnly), [`IncompleteSql`](crate::Error::IncompleteSql), and when the
    /// server cannot be reached.
    pub async fn query(&self, request: &QueryRequest) -> Result<QueryOutcome> {
        query::run(&self.connections, request).await
    }

    /// The plan of one statement.
    ///
    /// # Errors
    ///
    /// As for [`query`](Self::query), and what the server says about the statement.
    pub async fn explain(&self, request: &ExplainRequest) -> Result<Explanation> {
        query::explain(&self.connections, request).await
    }

    /// The sessions of the server, those that run longest first.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn sessions(&self) -> Result<Vec<SessionActivity>> {
        activity::Reader::new(&self.connections).sessions().await
    }

    /// Locks on tables of this database that are strong enough to be in someone's way, or waited for.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn locks(&self) -> Result<Vec<TableLock>> {
        activity::Reader::new(&self.connections).locks().await
    }

    /// The statements that took the most time, at most `limit`.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn slow_statements(&self, limit: u32) -> Result<SlowStatements> {
        activity::Reader::new(&self.connections).slow_statements(limit).await
    }

    /// How the tables are used.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn table_statistics(&self) -> Result<Vec<TableStatistics>> {
        activity::Reader::new(&self.connections).tables().await
    }

    /// How the indexes are used.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub async fn index_statistics(&self) -> Result<Vec<IndexStatistics>> {
        activity::Reader::new(&self.connections).indexes().await
    }

    /// Stops the statement of a session; `false` when there is no such session.
    ///
    /// # Errors
    ///
    /// [`Error::PermissionDenied`](crate::Error::PermissionDenied),
    /// [`ReadOnlyConnection`](crate::Error::ReadOnlyConnection).
    pub async fn cancel(&self, pid: i32) -> Result<bool> {
        activity::Reader::new(&self.connections).cancel(pid).await
    }

    /// Ends a session; `false` when there is none.
    ///
    /// # Errors
    ///
    /// As for [`cancel`](Self::cancel).
    pub async fn terminate(&self, pid: i32) -> Result<bool> {
        activity::Reader::new(&self.connections).terminate(pid).await
    }

    /// Rows as a stream of text.
    ///
    /// # Errors
    ///
    /// As for [`page`](Self::page) and [`query`](Self::query). What goes wrong later comes as the stream's last item.
    pub async fn export(&self, request: &ExportRequest) -> Result<Export> {
        export::start(&self.connections, request).await
    }
}
