import CEL
import ModelRegistry

/// Searches for model groups and models.
extension OpenSearch {
  static func searchGroups(_ call: Call) throws(ErrorBody) -> Action {
    let search = try SearchBody(call.request, groupSchema, now: wallClock(call))
    return try answer(search, groupSchema, groupIndex, call) { call, search, matcher in
      try await call.registry.search(
        FindGroups(in: search.query.scope, from: search.from, size: search.size) { group in
          matcher.matches(search.query, group)
            ? SearchRank(group, by: search.sort, groupSchema) : nil
        })
    }
  }

  static func searchModels(_ call: Call) throws(ErrorBody) -> Action {
    let search = try SearchBody(call.request, modelSchema, now: wallClock(call))
    return try answer(search, modelSchema, modelIndex, call) { call, search, matcher in
      let scope: FindScope =
        if case .ids = search.query.scope { search.query.scope } else { .everything }
      return try await call.registry.search(
        FindModels(in: scope, from: search.from, size: search.size) { model in
          matcher.matches(search.query, model)
            ? SearchRank(model, by: search.sort, modelSchema) : nil
        })
    }
  }

  private static func wallClock(_ call: Call) -> Int64 { call.dialect.registry.now }

  private static func answer<Item: Searchable>(
    _ search: SearchBody, _ schema: Schema, _ index: String, _ call: Call,
    _ find:
      @escaping @Sendable (Call, SearchBody, Matcher) async throws
      -> Found<Item, SearchRank>
  ) throws(ErrorBody) -> Action {
    {
      let start = ContinuousClock.now
      let matcher = Matcher(schema: schema)
      let found = try await find(call, search, matcher)
      guard !matcher.budget.isSpent else {
        throw ErrorBody.illegalArgument(
          "the search compares too much; search for fewer things, or for ids or whole names")
      }
      let took = start.duration(to: .now)
      let milliseconds =
        took.components.seconds * 1_000
        + took.components.attoseconds / 1_000_000_000_000_000
      return .json { writer in
        Hits(found: found, search: search, index: index).write(took: milliseconds, to: &writer)
      }
    }
  }

  /// The answer to a search.
  private struct Hits<Item: Searchable> {
    let found: Found<Item, SearchRank>
    let search: SearchBody
    let index: String

    func write(took: Int64, to writer: inout JSONWriter) {
      let shards = found.wasEverUsed ? 1 : 0
      writer.beginObject()
      writer.member("took", took)
      writer.member("timed_out", !found.isComplete)
      writer.name("_shards")
      writer.beginObject()
      writer.member("total", shards)
      writer.member("successful", shards)
      writer.member("skipped", 0)
      writer.member("failed", 0)
      writer.endObject()
      writer.name("hits")
      writer.beginObject()
      writeTotal(to: &writer)
      writer.name("max_score")
      if !found.wasEverUsed {
        writer.value(0.0)
      } else if found.hits.isEmpty || !search.sort.isEmpty {
        writer.null()
      } else {
        writer.value(1.0)
      }
      writer.name("hits")
      writer.beginArray()
      for hit in found.hits { write(hit, to: &writer) }
      writer.endArray()
      writer.endObject()
      writer.endObject()
    }

    private func writeTotal(to writer: inout JSONWriter) {
      guard let most = search.countsTo else { return }
      writer.name("total")
      writer.beginObject()
      writer.member("value", min(found.total, most))
      writer.member("relation", found.isComplete && found.total <= most ? "eq" : "gte")
      writer.endObject()
    }

    private func write(_ hit: Found<Item, SearchRank>.Hit, to writer: inout JSONWriter) {
      writer.beginObject()
      writer.member("_index", index)
      writer.member("_id", hit.item.id)
      writer.member("_version", hit.revision)
      writer.member("_seq_no", hit.revision)
      writer.member("_primary_term", 1)
      writer.name("_score")
      if search.sort.isEmpty { writer.value(1.0) } else { writer.null() }
      writer.name("_source")
      let document = hit.item.document
      writer.value(verbatim: (search.source?.apply(to: document) ?? document)[...])
      if !search.sort.isEmpty {
        writer.name("sort")
        writer.beginArray()
        for key in hit.rank.keys {
          switch key {
          case .missing: writer.null()
          case .number(let number):
            if let whole = Int64(exactly: number) {
              writer.value(whole)
            } else {
              writer.value(number)
            }
          case .text(let text): writer.value(text.text)
          }
        }
        writer.endArray()
      }
      writer.endObject()
    }
  }
}
