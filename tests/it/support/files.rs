//! Files that the fake APIs hold.

use axum::{
    body::{Body, Bytes},
    response::Response,
};

/// What is told of a file's length before it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// The API names it.
    Size,
    /// Only the header of the download does.
    Length,
    /// Nothing does: the body comes in pieces.
    Nothing,
}

#[derive(Clone)]
pub struct File {
    pub bytes: Bytes,
    pub tells: Tells,
}

impl File {
    /// What the API names as its size.
    pub fn size(&self) -> Option<usize> {
        (self.tells == Tells::Size).then_some(self.bytes.len())
    }

    pub fn download(&self) -> Response {
        if self.tells != Tells::Nothing {
            return Response::new(Body::from(self.bytes.clone()));
        }
        let bytes = self.bytes.clone();
        let pieces = (0..bytes.len()).step_by(1 << 16).map(move |from| {
            let to = bytes.len().min(from + (1 << 16));
            Ok::<_, std::convert::Infallible>(bytes.slice(from..to))
        });
        Response::new(Body::from_stream(futures_util::stream::iter(pieces)))
    }
}
