import CEL
import ModelRegistry

/// Clauses about words: match, match_phrase, match_phrase_prefix, multi_match.
extension OpenSearch.QueryReader {
  /// How the words of a text have to be in a field.
  private struct Wanted {
    var needsAll = false
    var minimum: Int?
    /// Whether they have to follow each other.
    var isPhrase = false
    var lastIsPrefix = false
  }

  func match(_ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field("match", node)
    guard body.tape.kind(of: value) == .object else {
      return try search(path, try body.text(value), Wanted())
    }
    let options = try options(
      "match", value,
      [
        "query", "operator", "minimum_should_match", "lenient", "zero_terms_query",
        "auto_generate_synonyms_phrase_query",
      ])
    let text = try body.text(try required("query", of: "match", options))
    return try search(path, text, try wanted(text, options))
  }

  private func wanted(
    _ text: String, _ options: [String: Int]
  ) throws(ErrorBody) -> Wanted {
    var wanted = Wanted()
    if let node = options["operator"] {
      let name = try body.text(node).lowercased()
      guard name == "and" || name == "or" else {
        throw .illegalArgument("operator needs to be either AND or OR, but not [\(name)]")
      }
      wanted.needsAll = name == "and"
    }
    if let node = options["minimum_should_match"] {
      wanted.minimum = try minimum(node, of: OpenSearch.words(text).count)
    }
    return wanted
  }

  func phrase(_ kind: String, _ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field(kind, node)
    let wanted = Wanted(isPhrase: true, lastIsPrefix: kind == "match_phrase_prefix")
    guard body.tape.kind(of: value) == .object else {
      return try search(path, try body.text(value), wanted)
    }
    let options = try options(
      kind, value, ["query", "slop", "zero_terms_query", "max_expansions"])
    if let slop = options["slop"], try count("slop", slop) > 0 {
      throw .illegalArgument("[slop] is not served: words of a phrase follow each other")
    }
    return try search(path, try body.text(try required("query", of: kind, options)), wanted)
  }

  mutating func multiMatch(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options(
      "multi_match", node,
      ["query", "fields", "type", "operator", "minimum_should_match", "tie_breaker", "lenient"])
    let text = try body.text(try required("query", of: "multi_match", options))
    var wanted = try wanted(text, options)
    if let node = options["type"] {
      switch try body.text(node) {
      case "best_fields", "most_fields": break
      case "phrase": wanted.isPhrase = true
      case "phrase_prefix": (wanted.isPhrase, wanted.lastIsPrefix) = (true, true)
      case let type:
        throw .illegalArgument("[multi_match] of type [\(type)] is not served")
      }
    }
    var clauses: [Clause] = []
    for name in try options["fields"].map({ node throws(ErrorBody) in try body.texts(node) }) ?? [
      "*"
    ] {
      for path in try fields(name) {
        try countClause()
        // A text that is no number is in no number.
        if let clause = try? search(path, text, wanted) { clauses.append(clause) }
      }
    }
    return .some(of: clauses, minimum: 1)
  }

  /// The fields that a name stands for, which may have wildcards and a weight.
  func fields(_ name: String) throws(ErrorBody) -> [String] {
    let name = name.prefix { $0 != "^" }
    guard name.contains("*") else { return [String(name)] }
    let pattern = try OpenSearch.TextPattern(String(name))
    return schema.paths(matching: pattern).filter { schema.scope($0) == nil && $0 != "_id" }
  }

  /// What a text has to do with a field: its words are looked for in texts, and it itself in
  /// everything else.
  private func search(
    _ path: String, _ text: String, _ wanted: Wanted
  ) throws(ErrorBody) -> Clause {
    guard schema.kind(path) == .text else {
      if wanted.lastIsPrefix {
        return .pattern(path, try OpenSearch.TextPattern(text, isPrefix: true))
      }
      var terms = OpenSearch.Terms()
      try add(text, path, to: &terms)
      return .terms(path, terms)
    }
    let words = OpenSearch.words(text)
    guard !words.isEmpty else { return .nothing }
    if wanted.isPhrase { return .phrase(path, words, lastIsPrefix: wanted.lastIsPrefix) }
    let minimum = wanted.minimum ?? (wanted.needsAll ? words.count : 1)
    return .words(path, words, minimum: max(1, minimum))
  }

  /// As `match` and `match_phrase` look for a text in a field.
  func clause(
    for text: String, in path: String, isPhrase: Bool, needsAll: Bool
  ) throws(ErrorBody) -> Clause {
    try search(path, text, Wanted(needsAll: needsAll, isPhrase: isPhrase))
  }
}
