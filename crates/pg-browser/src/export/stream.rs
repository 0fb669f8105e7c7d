//! The stream itself.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc;

use crate::{Error, Result};

/// The text of an export, in chunks of some 64 KB that end where they please. Dropped before its end, it stops the
/// statement on the server.
#[derive(Debug)]
pub struct Export {
    chunks: mpsc::Receiver<Result<Bytes>>,
}

impl Export {
    /// Chunks that are held while the reader is slow.
    const CAPACITY: usize = 4;

    pub(super) fn channel() -> (mpsc::Sender<Result<Bytes>>, Self) {
        let (sender, chunks) = mpsc::channel(Self::CAPACITY);
        (sender, Self { chunks })
    }

    /// The next chunk; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        self.chunks.recv().await
    }

    /// All of it at once, for what is known to be small.
    ///
    /// # Errors
    ///
    /// What went wrong on the way.
    pub async fn text(mut self) -> Result<String> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        String::from_utf8(bytes).map_err(|error| Error::Protocol { reason: error.to_string() })
    }
}

impl Stream for Export {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.poll_recv(context)
    }
}
