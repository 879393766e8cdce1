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
  private let filter: LogFilter

  init(_ request: WireRequest) throws(ConsoleError) {
    try ConsoleAPI.expect(
      ["from", "limit"] + LogFilter.Field.allCases.map(\.rawValue), in: request)
    from = try Self.number("from", request, Int64.min...Int64.max) ?? 1
    limit = Int(try Self.number("limit", request, 1...Int64(ServerLimits.logPage)) ?? 100)
    var filter = LogFilter()
    for field in LogFilter.Field.allCases {
      guard let value = request.query[field.rawValue] else { continue }
      try Self.check(field, value)
      filter.want(field, value)
    }
    self.filter = filter
  }

  private static func check(_ field: LogFilter.Field, _ value: String) throws(ConsoleError) {
    guard let words = field.words, !words.contains(value) else { return }
    throw ConsoleError(
      400, "wrong_parameter", "`\(field.rawValue)` can't be `\(value.prefix(100))`",
      help: "it is one of \(words.map { "`\($0)`" }.joined(separator: ", "))")
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
      let step = min(filter.isEmpty ? limit - page.entries.count : 500, 500)
      let entries = try snapshot.log(from: next, limit: max(1, step))
      guard !entries.isEmpty else { return page }
      for entry in entries {
        guard page.entries.count < limit else {
          page.next = entry.sequence
          return page
        }
        looked += 1
        next = entry.sequence + 1
        if try filter.matches(entry, &tape) { page.entries.append(entry) }
      }
      if page.entries.count >= limit, next <= end.sequence {
        page.next = next
        return page
      }
    }
    return page
  }
}
