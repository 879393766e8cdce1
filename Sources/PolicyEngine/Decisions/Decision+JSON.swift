package import CEL

extension Decision {
  /// The decision as AuthZEN 1.0 has it: `decision`, and everything else in `context`.
  public func json(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty ? .pretty : .compact)
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  package func write(to writer: inout JSONWriter) {
    writer.beginDecision(outcome, revision: revision, stage: stage)
    write(reasons, "reasons", &writer)
    write(warnings, "warnings", &writer)
    write(audit, "audit", &writer)
    if let error {
      writer.name("error")
      writer.beginObject()
      writer.member("status", error.status)
      writer.member("type", error.type)
      writer.member("reason", error.reason)
      writer.endObject()
    }
    if !missing.isEmpty { writeMissing(&writer) }
    writer.endObject()
    writer.endObject()
  }

  private func write(_ reasons: [Reason], _ name: String, _ writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray()
    for reason in reasons { reason.write(to: &writer) }
    writer.endArray()
  }

  private func writeMissing(_ writer: inout JSONWriter) {
    writer.name("missing")
    writer.beginArray()
    for set in missing {
      writer.beginObject()
      if let rule = set.rule { writer.member("rule", rule) }
      writer.member("fact", set.facts.map(\.text).joined(separator: " and "))
      writer.name("facts")
      writer.beginArray()
      for fact in set.facts {
        writer.beginObject()
        writer.member("fact", fact.text)
        if let path = fact.path { writer.member("path", path) }
        if !fact.anyOf.isEmpty {
          writer.name("any_of")
          writer.value(CELValue.list(fact.anyOf))
        }
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
    writer.endArray()
  }
}

extension JSONWriter {
  /// What every decision begins with; two objects are open afterwards.
  mutating func beginDecision(_ outcome: Outcome, revision: String, stage: Stage?) {
    beginObject()
    member("decision", outcome != .deny)
    name("context")
    beginObject()
    member("outcome", outcome.rawValue)
    member("policy_revision", revision)
    if let stage { member("stage", stage.rawValue) }
  }
}

extension Reason {
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let rule { writer.member("rule", rule) }
    if let role { writer.member("role", role) }
    if let privilege { writer.member("privilege", privilege) }
    if let policy { writer.member("policy", policy) }
    writer.member("effect", effect.rawValue)
    if mode != .enforce { writer.member("mode", mode.rawValue) }
    writer.member("message", message)
    if let position {
      writer.name("position")
      writer.beginObject()
      writer.member("file", position.file)
      writer.member("line", position.line)
      writer.member("column", position.column)
      writer.endObject()
    }
    if let error {
      writer.name("error")
      writer.beginObject()
      writer.member("status", error.status)
      writer.member("type", error.type)
      writer.endObject()
    }
    if let failure { writer.member("failure", failure) }
    if !clauses.isEmpty { writeClauses(&writer) }
    writer.endObject()
  }

  private func writeClauses(_ writer: inout JSONWriter) {
    writer.name("clauses")
    writer.beginArray()
    for clause in clauses {
      writer.beginObject()
      writer.member("expression", clause.expression)
      writer.member("result", clause.result.rawValue)
      if let failure = clause.failure { writer.member("failure", failure) }
      writer.name("values")
      writer.beginObject()
      for value in clause.values {
        writer.name(value.path)
        writer.value(value.value ?? .null)
      }
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
  }
}

extension JSONWriter {
  /// A CEL value as JSON: a timestamp is written as RFC 3339 text, which `timestamp()` reads; what
  /// else JSON has no form for (bytes, durations, types) as a CEL literal in a string.
  package mutating func value(_ value: CELValue) {
    switch value {
    case .null, .optional(nil): null()
    case .bool(let value): self.value(value)
    case .int(let value): self.value(value)
    case .uint(let value): self.value(value)
    case .double(let value): self.value(value)
    case .string(let value): self.value(value)
    case .optional(let wrapped?): self.value(wrapped)
    case .list(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .map(let entries):
      beginObject()
      for entry in entries {
        if case .string(let key) = entry.key { name(key) } else { name(entry.key.description) }
        self.value(entry.value)
      }
      endObject()
    case .timestamp(let seconds, let nanoseconds):
      if let time = Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds)) {
        self.value(time)
      } else {
        self.value(value.description)
      }
    case .bytes, .duration, .type, .opaque: self.value(value.description)
    }
  }
}
