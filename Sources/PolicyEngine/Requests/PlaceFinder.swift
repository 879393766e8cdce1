import CEL

/// Turns byte offsets of a request into lines and columns. The lines are counted when the first
/// fault is found, and once: a batch may have ten thousand bad items.
struct PlaceFinder {
  private var lines: LineMap?

  /// The error with line and column, if it has only an offset yet.
  mutating func located(_ error: RequestError, in tape: borrowing JSONTape) -> RequestError {
    guard let offset = error.offset else { return error }
    let lines = lines ?? LineMap(tape.source)
    self.lines = lines
    let place = lines.position(of: offset)
    return error.at(line: place.line, column: place.column)
  }
}
