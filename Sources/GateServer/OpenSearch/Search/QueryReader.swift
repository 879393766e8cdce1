import CEL
import ModelRegistry

extension OpenSearch {
  /// Reads the query of a search.
  struct QueryReader {
    let body: Body
    let schema: Schema
    let dates: DateMath
    private var clauses = 0

    init(_ body: Body, _ schema: Schema, _ dates: DateMath) {
      (self.body, self.schema, self.dates) = (body, schema, dates)
    }

    /// Reads `{ "<kind>": { … } }`.
    mutating func clause(_ node: Int) throws(ErrorBody) -> Clause {
      try body.expect(.object, node)
      try countClause()
      let members = body.members(of: node)
      guard let (kind, value) = members.first else {
        throw .illegalArgument("query malformed, empty clause found")
      }
      guard members.count == 1 else {
        throw Body.parsing(
          "[\(kind)] malformed query, expected [END_OBJECT] but found [FIELD_NAME]",
          body.place(members[1].value))
      }
      return try clause(kind, value)
    }

    /// Counts one more clause, of which there are many in one query string.
    mutating func countClause() throws(ErrorBody) {
      clauses += 1
      guard clauses <= ServerLimits.searchClauses else {
        throw ErrorBody(
          400, "too_many_clauses", "maxClauseCount is set to \(ServerLimits.searchClauses)")
      }
    }

    private mutating func clause(_ kind: String, _ value: Int) throws(ErrorBody) -> Clause {
      switch kind {
      case "match_all":
        _ = try options(kind, value, [])
        return .all
      case "match_none":
        _ = try options(kind, value, [])
        return .nothing
      case "bool": return try bool(value)
      case "constant_score": return try wrapped(kind, value, "filter", [])
      case "dis_max": return try disMax(value)
      case "nested": return try nested(value)
      case "term": return try term(value)
      case "terms": return try terms(value)
      case "ids": return try ids(value)
      case "range": return try range(value)
      case "exists": return try exists(value)
      case "prefix", "wildcard": return try pattern(kind, value)
      case "match": return try match(value)
      case "match_phrase", "match_phrase_prefix": return try phrase(kind, value)
      case "multi_match": return try multiMatch(value)
      case "query_string": return try queryString(value)
      case _ where Self.unserved.contains(kind):
        throw .illegalArgument(
          "[\(kind)] queries are not served; served are [\(Self.served.joined(separator: ", "))]")
      default: throw Body.parsing("unknown query [\(kind)]", body.place(value))
      }
    }

    static let served = [
      "bool", "constant_score", "dis_max", "exists", "ids", "match", "match_all", "match_none",
      "match_phrase", "match_phrase_prefix", "multi_match", "nested", "prefix", "query_string",
      "range", "term", "terms", "wildcard",
    ]

    private static let unserved: Set<String> = [
      "boosting", "combined_fields", "common", "distance_feature", "function_score", "fuzzy",
      "geo_bounding_box", "geo_distance", "geo_polygon", "geo_shape", "has_child", "has_parent",
      "hybrid", "intervals", "knn", "match_bool_prefix", "more_like_this", "neural",
      "neural_sparse", "parent_id", "percolate", "rank_feature", "regexp", "script",
      "script_score", "simple_query_string", "span_containing", "span_first", "span_multi",
      "span_near", "span_not", "span_or", "span_term", "span_within", "template", "terms_set",
      "wrapper", "xy_shape",
    ]
  }
}

extension OpenSearch.QueryReader {
  typealias Clause = OpenSearch.Clause

  /// Options of a clause by name. `boost` and `_name` change nothing here, since nothing is scored.
  func options(
    _ kind: String, _ node: Int, _ known: Set<String>
  ) throws(ErrorBody) -> [String: Int] {
    try body.expect(.object, node)
    var options: [String: Int] = [:]
    for (name, value) in body.members(of: node) where name != "boost" && name != "_name" {
      guard known.contains(name) else {
        throw OpenSearch.Body.parsing(
          "[\(kind)] query does not support [\(name)]", body.place(value))
      }
      options[name] = value
    }
    return options
  }

  /// An option that a clause can't be without.
  func required(
    _ name: String, of kind: String, _ options: [String: Int]
  ) throws(ErrorBody) -> Int {
    guard let value = options[name] else {
      throw .illegalArgument("[\(kind)] requires '\(name)'")
    }
    return value
  }

  /// A whole number from 0.
  func count(_ name: String, _ node: Int) throws(ErrorBody) -> Int {
    let text = try body.text(node)
    guard let count = Int(text), (0...Int(Int32.max)).contains(count) else {
      throw .illegalArgument("[\(name)] must be a whole number from 0, found [\(text)]")
    }
    return count
  }

  /// The one field that a clause is about, and what it says of it.
  func field(_ kind: String, _ node: Int) throws(ErrorBody) -> (path: String, value: Int) {
    try body.expect(.object, node)
    let members = body.members(of: node).filter { $0.name != "boost" && $0.name != "_name" }
    guard members.count == 1 else {
      throw OpenSearch.Body.parsing(
        members.isEmpty
          ? "[\(kind)] query malformed, no field given"
          : "[\(kind)] query doesn't support multiple fields, found [\(members[0].name)] and "
            + "[\(members[1].name)]", body.place(node))
    }
    return (members[0].name, members[0].value)
  }

  /// The clauses of an option: one, or a list.
  private mutating func clauses(_ node: Int?) throws(ErrorBody) -> [Clause] {
    guard let node else { return [] }
    guard body.tape.kind(of: node) == .array else { return [try clause(node)] }
    var clauses: [Clause] = []
    for element in body.tape.children(of: node) { clauses.append(try clause(element)) }
    return clauses
  }

  mutating func bool(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options(
      "bool", node,
      ["must", "filter", "should", "must_not", "minimum_should_match", "adjust_pure_negative"])
    let required = try clauses(options["must"]) + clauses(options["filter"])
    let should = try clauses(options["should"])
    let forbidden = try clauses(options["must_not"])
    // Without anything that must be, one of those that should be must.
    var minimum = required.isEmpty && !should.isEmpty ? 1 : 0
    if let value = options["minimum_should_match"] {
      minimum = try self.minimum(value, of: should.count)
    }
    var all = required + forbidden.map { .not($0) }
    if minimum > 0 { all.append(.some(of: should, minimum: minimum)) }
    return .every(of: all)
  }

  /// `2`, `-1` (all but one), `75%` or `-25%`.
  func minimum(_ node: Int, of count: Int) throws(ErrorBody) -> Int {
    let text = try body.text(node)
    let isShare = text.hasSuffix("%")
    guard let number = Int(isShare ? text.dropLast() : text[...]), abs(number) <= 100_000 else {
      throw .illegalArgument("[minimum_should_match] must be a number or a share, found [\(text)]")
    }
    let minimum = isShare ? number * count / 100 : number
    return number < 0 ? max(0, count + minimum) : minimum
  }

  mutating func wrapped(
    _ kind: String, _ node: Int, _ member: String, _ others: Set<String>
  ) throws(ErrorBody) -> Clause {
    let options = try options(kind, node, others.union([member]))
    return try clause(try required(member, of: kind, options))
  }

  mutating func disMax(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options("dis_max", node, ["queries", "tie_breaker"])
    let clauses = try clauses(try required("queries", of: "dis_max", options))
    return .some(of: clauses, minimum: 1)
  }

  mutating func nested(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options(
      "nested", node, ["path", "query", "score_mode", "ignore_unmapped"])
    let path = try body.text(try required("path", of: "nested", options))
    let clause = try clause(try required("query", of: "nested", options))
    guard schema.nested.contains(path) else {
      if let flag = options["ignore_unmapped"], try body.flag(flag) { return .nothing }
      throw ErrorBody(
        400, "query_shard_exception",
        "failed to create query: [nested] failed to find nested object under path [\(path)]")
    }
    return .nested(path, clause)
  }

  func exists(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options("exists", node, ["field"])
    let field = try body.text(try required("field", of: "exists", options))
    // Of an object, any member will do.
    let members = schema.fields.keys.filter { $0.hasPrefix(field + ".") }.sorted()
    return members.isEmpty || schema.kind(field) != nil
      ? .exists(field) : .some(of: members.map { .exists($0) }, minimum: 1)
  }
}
