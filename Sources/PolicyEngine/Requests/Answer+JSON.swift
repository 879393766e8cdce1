package import CEL

extension Answer {
  /// The answer as AuthZEN 1.0 has it: a decision, or `{"evaluations": [decision, …]}`.
  public func json(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty ? .pretty : .compact)
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  package func write(to writer: inout JSONWriter) {
    switch self {
    case .decision(let decision): decision.write(to: &writer)
    case .batch(let answers):
      writer.beginObject()
      writer.name("evaluations")
      writer.beginArray()
      for answer in answers {
        switch answer {
        case .success(let decision): decision.write(to: &writer)
        case .failure(let error): error.writeAnswer(to: &writer)
        }
      }
      writer.endArray()
      writer.endObject()
    }
  }
}

extension RequestError {
  /// What AuthZEN answers in the place of a decision: not allowed, and why there is no decision.
  /// Where a stream of requests is answered, `place` says which one it is.
  package func writeAnswer(to writer: inout JSONWriter, place: SourcePosition? = nil) {
    writer.beginObject()
    writer.member("decision", false)
    writer.name("context")
    writer.beginObject()
    writer.name("error")
    writer.beginObject()
    writer.member("status", 400)
    writer.member("message", message)
    writer.member("code", code)
    if let help { writer.member("help", help) }
    if let place {
      writer.member("file", place.file)
      writer.member("line", place.line)
      writer.member("column", place.column)
    }
    writer.endObject()
    writer.endObject()
    writer.endObject()
  }
}
