import CEL

extension JSONTape {
  /// Reads the text of a request within the limits of requests.
  mutating func readRequest(_ json: [UInt8], in range: Range<Int>? = nil) throws(RequestError) {
    do throws(JSONError) {
      try read(
        json, in: range ?? 0..<json.count,
        limits: JSONLimits(
          bytes: EngineLimits.requestBytes, depth: EngineLimits.requestDepth,
          nodes: EngineLimits.requestValues))
    } catch {
      let place = LineMap(json).position(of: error.offset)
      throw RequestError(
        code: "json-\(error.code.rawValue)", message: error.message, help: error.help,
        line: place.line,
        column: place.column)
    }
  }
}
