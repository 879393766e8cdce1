import CEL
import ModelRegistry

extension OpenSearch {
  /// What a search asks for.
  struct SearchBody: Sendable {
    /// Parameters that searches have besides those of every call.
    static let parameters: Set<String> = ["source", "source_content_type"]

    var query: Clause = .all
    var from = 0
    var size = 10
    var sort: [SortField] = []
    /// What to show of documents; nil for all that is shown anyway.
    var source: SourceFilter?
    /// Up to which number hits are counted; nil for not at all.
    var countsTo: Int? = 10_000

    /// Reads a search from the body of a request, or from its parameter `source`.
    ///
    /// - Throws: `ErrorBody` for what is no search, and for searches that are not served.
    init(_ request: WireRequest, _ schema: Schema, now: Int64) throws(ErrorBody) {
      var bytes = request.body
      if bytes.isEmpty {
        guard let source = request.query["source"] else {
          throw ErrorBody(400, "parse_exception", "request body or source parameter is required")
        }
        guard request.query["source_content_type"]?.hasPrefix("application/json") ?? false else {
          throw .illegalArgument(
            "source and source_content_type parameters are required, and the latter must be "
              + "[application/json]")
        }
        bytes = Array(source.utf8)
      }
      var reader = QueryReader(try Body(bytes), schema, DateMath(now: now))
      for (name, value) in reader.body.members { try take(name, value, &reader) }
      guard from + size <= RegistryLimits.searchWindow else {
        throw .illegalArgument(
          "Result window is too large, from + size must be less than or equal to: "
            + "[\(RegistryLimits.searchWindow)] but was [\(from + size)].")
      }
    }

    private mutating func take(
      _ name: String, _ value: Int, _ reader: inout QueryReader
    ) throws(ErrorBody) {
      let body = reader.body
      switch name {
      case "query": query = try reader.clause(value)
      case "from": from = try reader.count(name, value)
      case "size": size = try reader.count(name, value)
      case "sort": sort = try SortField.list(value, reader)
      case "_source": source = try SourceFilter.read(value, body)
      case "track_total_hits":
        switch body.tape.kind(of: value) {
        case .int: countsTo = try reader.count(name, value)
        default: countsTo = try body.flag(value) ? .max : nil
        }
      case "version", "seq_no_primary_term", "track_scores": _ = try body.flag(value)
      case "timeout": _ = try body.text(value)
      case _ where Self.unserved.contains(name):
        throw .illegalArgument(
          "[\(name)] is not served in searches; served are [_source, from, query, size, sort, "
            + "track_total_hits]")
      default:
        throw Body.parsing(
          "Unknown key for a \(body.token(value)) in [\(name)].", body.place(value))
      }
    }

    /// What OpenSearch knows and this does not.
    private static let unserved: Set<String> = [
      "aggs", "aggregations", "collapse", "docvalue_fields", "explain", "ext", "fields",
      "highlight", "indices_boost", "min_score", "pit", "post_filter", "profile", "rescore",
      "script_fields", "search_after", "slice", "stats", "stored_fields", "suggest",
      "terminate_after", "derived", "search_pipeline", "verbose_pipeline",
      "include_named_queries_score",
    ]
  }
}
