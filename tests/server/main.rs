//! The server, request by request.
