import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

extension ConsoleAPI {
  /// A page of the decision log, as it was written: masked.
  func log(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(ServiceUse("modelgate:log/read", of: "log"), by: caller)
    let query = try LogQuery(request)
    let page = try await registry.inspect { try query.page(of: $0) }
    try await registry.log.append(record)
    return .json { writer in
      writer.beginObject()
      writer.name("head")
      Self.write(page.head, &writer)
      writer.name("entries")
      writer.beginArray()
      for entry in page.entries { writer.value(verbatim: entry.json[...]) }
      writer.endArray()
      writer.name("next")
      if let next = page.next { writer.value(next) } else { writer.null() }
      writer.endObject()
    }
  }

  /// Where the chain of the log ends.
  func logHead(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(ServiceUse("modelgate:log/read", of: "log"), by: caller)
    try Self.expect([], in: request)
    let (start, end) = try await registry.inspect { try $0.logHead() }
    try await registry.log.append(record)
    return .json { writer in
      writer.beginObject()
      writer.name("start")
      Self.write(start, &writer)
      writer.name("head")
      Self.write(end, &writer)
      writer.endObject()
    }
  }

  private static func write(_ head: LogHead, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("sequence", head.sequence)
    writer.member("hash", Hex.text(of: head.hash))
    writer.endObject()
  }
}

/// Which records of the log somebody wants to see.
private struct LogQuery {
  /// The first record; below zero, as many before the end.
  private let from: Int64
  private let limit: Int
  /// What members of a record must be: `outcome`, `kind`, and ids inside the request.
  private let wanted: [(path: [String], value: String)]

  private static let filters: [(name: String, path: [String])] = [
    ("outcome", ["outcome"]), ("kind", ["kind"]), ("revision", ["revision"]),
    ("asked_by", ["asked_by"]), ("subject", ["request", "subject", "id"]),
    ("action", ["request", "action", "name"]), ("resource", ["request", "resource", "id"]),
    ("resource_type", ["request", "resource", "type"]),
  ]

  init(_ request: WireRequest) throws(ConsoleError) {
    try ConsoleAPI.expect(["from", "limit"] + Self.filters.map(\.name), in: request)
    from = try Self.number("from", request, Int64.min...Int64.max) ?? 1
    limit = Int(try Self.number("limit", request, 1...Int64(ServerLimits.logPage)) ?? 100)
    var wanted: [(path: [String], value: String)] = []
    for filter in Self.filters {
      guard let value = request.query[filter.name] else { continue }
      try Self.check(filter.name, value)
      wanted.append((filter.path, value))
    }
    self.wanted = wanted
  }

  private static func check(_ name: String, _ value: String) throws(ConsoleError) {
    let words: [String]
    switch name {
    case "outcome": words = Outcome.allCases.map(\.rawValue)
    case "kind": words = DecisionRecord.Kind.allCases.map(\.rawValue)
    default: return
    }
    guard words.contains(value) else {
      throw ConsoleError(
        400, "wrong_parameter", "`\(name)` can't be `\(value.prefix(100))`",
        help: "it is one of \(words.map { "`\($0)`" }.joined(separator: ", "))")
    }
  }

  private static func number(
    _ name: String, _ request: WireRequest, _ range: ClosedRange<Int64>
  ) throws(ConsoleError) -> Int64? {
    guard let text = request.query[name] else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      throw ConsoleError(
        400, "wrong_parameter", "`\(name)` can't be `\(text.prefix(100))`",
        help: name == "from"
          ? "it is a record's number, or below zero to count from the end"
          : "it is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  struct Page: Sendable {
    var entries: [LogEntry] = []
    var next: Int64?
    let head: LogHead
  }

  func page(of snapshot: any StoreSnapshot) throws -> Page {
    let (start, end) = try snapshot.logHead()
    var page = Page(head: end)
    let first = start.sequence + 1
    // A number far below zero must not overflow.
    var next = max(
      first, from >= 0 ? from : max(first, end.sequence + 1 + max(from, -end.sequence)))
    var looked = 0
    var tape = JSONTape()
    while next <= end.sequence {
      guard looked < ServerLimits.logScan else {
        page.next = next
        return page
      }
      let step = min(wanted.isEmpty ? limit - page.entries.count : 500, 500)
      let entries = try snapshot.log(from: next, limit: max(1, step))
      guard !entries.isEmpty else { return page }
      for entry in entries {
        guard page.entries.count < limit else {
          page.next = entry.sequence
          return page
        }
        looked += 1
        next = entry.sequence + 1
        if try matches(entry, &tape) { page.entries.append(entry) }
      }
      if page.entries.count >= limit, next <= end.sequence {
        page.next = next
        return page
      }
    }
    return page
  }

  private func matches(_ entry: LogEntry, _ tape: inout JSONTape) throws -> Bool {
    guard !wanted.isEmpty else { return true }
    try tape.read(entry.bytes)
    return wanted.allSatisfy { filter in
      var node: Int? = tape.root
      for name in filter.path { node = node.flatMap { tape.member(name, of: $0) } }
      return node.map { tape.isString($0, filter.value) } ?? false
    }
  }
}
