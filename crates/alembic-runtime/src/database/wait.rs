//! Waiting until a database accepts connections.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{ConnectOptions, ConnectParts, Database, DatabaseError, DatabaseErrorKind};

/// How long to pause between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Connects, and tries again until `timeout` is over as long as the server is not there: connection refused, starting
/// up, name unknown, no answer. What waiting does not cure, a wrong password for one, fails at once.
///
/// # Errors
///
/// The last attempt's.
pub async fn wait_for(
    parts: &ConnectParts,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Database, DatabaseError> {
    let deadline = Instant::now() + timeout;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut options = options.clone();
        options.timeout = options.timeout.min(left.max(PAUSE));
        match Database::connect(parts, &options).await {
            Err(error)
                if error.kind() == DatabaseErrorKind::Unreachable
                    && Instant::now() + PAUSE < deadline =>
            {
                sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}
