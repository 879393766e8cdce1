package import CEL

/// The JSON body of a request.
///
/// Nesting, size and number of values are limited, duplicate names are refused, and text must be
/// UTF-8.
package struct WireJSON: Sendable {
  package let tape: JSONTape

  /// Reads a body.
  ///
  /// - Throws: `JSONError` with the place of the fault.
  package init(_ body: [UInt8]) throws(JSONError) {
    var tape = JSONTape()
    try tape.read(body, limits: ServerLimits.json)
    self.tape = tape
  }

  /// Line and column of an offset, both from 1.
  package func place(of offset: Int) -> (line: Int, column: Int) {
    let place = LineMap(tape.source).position(of: offset)
    return (place.line, place.column)
  }
}
