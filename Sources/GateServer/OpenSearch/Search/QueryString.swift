import CEL
import ModelRegistry

/// The small language of `query_string`: words, `"phrases"`, `wild*cards`, `field:…`,
/// `field:[a TO b]`, `_exists_:field`, `AND`, `OR`, `NOT`, `+`, `-`, `!` and parentheses.
extension OpenSearch.QueryReader {
  mutating func queryString(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options(
      "query_string", node,
      [
        "query", "default_field", "fields", "default_operator", "analyze_wildcard", "lenient",
        "allow_leading_wildcard",
      ])
    let text = try body.text(try required("query", of: "query_string", options))
    var names = ["*"]
    if let node = options["default_field"] { names = [try body.text(node)] }
    if let node = options["fields"] { names = try body.texts(node) }
    var paths: [String] = []
    for name in names { paths += try fields(name) }
    var needsAll = false
    if let node = options["default_operator"] {
      let name = try body.text(node).lowercased()
      guard name == "and" || name == "or" else {
        throw .illegalArgument("operator needs to be either AND or OR, but not [\(name)]")
      }
      needsAll = name == "and"
    }
    var parser = QueryStringParser(text, needsAll: needsAll)
    let clause = try parser.query(paths, &self)
    guard parser.isAtEnd else { throw parser.fault("expected nothing more") }
    return clause
  }
}

/// Reads a query string from left to right.
private struct QueryStringParser {
  typealias Clause = OpenSearch.Clause

  private let text: [Character]
  private let needsAll: Bool
  private var place = 0
  private var depth = 0

  init(_ text: String, needsAll: Bool) { (self.text, self.needsAll) = (Array(text), needsAll) }

  private mutating func skipBlanks() {
    while place < text.count, text[place].isWhitespace { place += 1 }
  }

  var isAtEnd: Bool { text[place...].allSatisfy(\.isWhitespace) }

  func fault(_ problem: String) -> ErrorBody {
    ErrorBody(
      400, "query_shard_exception",
      "Failed to parse query [\(String(text.prefix(200)))]: \(problem) at character "
        + "\(min(place, text.count) + 1); served are words, phrases, wildcards, fields, ranges, "
        + "AND, OR, NOT and parentheses")
  }

  /// Clauses that stand beside each other. `AND` makes its neighbours musts, as does `+`.
  mutating func query(
    _ paths: [String], _ reader: inout OpenSearch.QueryReader
  ) throws(ErrorBody) -> Clause {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ServerLimits.jsonDepth else { throw fault("too many parentheses") }
    var (must, should, mustNot): ([Clause], [Clause], [Clause]) = ([], [], [])
    var lastWasShould = false
    while true {
      let joint = joint()
      skipBlanks()
      guard place < text.count, text[place] != ")" else { break }
      let sign = sign()
      let clause = try part(paths, &reader)
      if joint == "AND", lastWasShould, let last = should.popLast() { must.append(last) }
      lastWasShould = false
      if sign == "-" {
        mustNot.append(clause)
      } else if sign == "+" || joint == "AND" || needsAll && joint != "OR" {
        must.append(clause)
      } else {
        should.append(clause)
        lastWasShould = true
      }
    }
    var all = must + mustNot.map { .not($0) }
    if must.isEmpty, !should.isEmpty { all.append(.some(of: should, minimum: 1)) }
    return all.isEmpty ? .nothing : .every(of: all)
  }

  /// `AND` or `OR` between two clauses.
  private mutating func joint() -> String? {
    skipBlanks()
    for (spelling, name) in [("AND", "AND"), ("&&", "AND"), ("OR", "OR"), ("||", "OR")] {
      if take(spelling) { return name }
    }
    return nil
  }

  private mutating func take(_ word: String) -> Bool {
    let end = place + word.count
    guard end <= text.count, String(text[place..<end]) == word,
      end == text.count || !text[end].isLetter || !(word.first?.isLetter ?? false)
    else { return false }
    place = end
    return true
  }

  private mutating func sign() -> Character? {
    if take("NOT") || take("!") || take("-") {
      skipBlanks()
      return "-"
    }
    return take("+") ? "+" : nil
  }

  /// One clause: a group, a phrase, a range or a word, perhaps of one field.
  private mutating func part(
    _ paths: [String], _ reader: inout OpenSearch.QueryReader
  ) throws(ErrorBody) -> Clause {
    skipBlanks()
    var paths = paths
    if let name = fieldName() {
      if name == "_exists_" {
        return .some(of: try reader.fields(try word().text).map { .exists($0) }, minimum: 1)
      }
      paths = try reader.fields(name)
    }
    guard place < text.count else { throw fault("expected a word") }
    switch text[place] {
    case "(":
      place += 1
      let clause = try query(paths, &reader)
      guard place < text.count, text[place] == ")" else { throw fault("expected `)`") }
      place += 1
      return clause
    case "\"": return try anyField(paths, &reader, try phrase(), isPhrase: true)
    case "[", "{": return try range(paths, &reader)
    default:
      let (word, isPattern) = try word()
      guard isPattern else { return try anyField(paths, &reader, word, isPhrase: false) }
      var clauses: [Clause] = []
      for path in paths {
        try reader.countClause()
        // Words of texts are kept in lower case.
        let isText = reader.schema.kind(path) == .text
        clauses.append(
          word == "*" ? .exists(path) : .pattern(path, try .init(word, foldsCase: isText)))
      }
      return .some(of: clauses, minimum: 1)
    }
  }

  private func anyField(
    _ paths: [String], _ reader: inout OpenSearch.QueryReader, _ text: String, isPhrase: Bool
  ) throws(ErrorBody) -> Clause {
    var clauses: [Clause] = []
    for path in paths {
      try reader.countClause()
      do throws(ErrorBody) {
        clauses.append(
          try reader.clause(for: text, in: path, isPhrase: isPhrase, needsAll: needsAll))
      } catch {
        // A word that is no number is in no number, unless that field was asked for.
        if paths.count == 1 { throw error }
      }
    }
    return .some(of: clauses, minimum: 1)
  }

  /// `name:` before a clause.
  private mutating func fieldName() -> String? {
    var end = place
    while end < text.count, text[end].isLetter || text[end].isNumber || "_.*".contains(text[end]) {
      end += 1
    }
    guard end > place, end < text.count, text[end] == ":" else { return nil }
    defer { place = end + 1 }
    return String(text[place..<end])
  }

  private mutating func phrase() throws(ErrorBody) -> String {
    place += 1
    var phrase = ""
    while place < text.count, text[place] != "\"" {
      if text[place] == "\\", place + 1 < text.count { place += 1 }
      phrase.append(text[place])
      place += 1
    }
    guard place < text.count else { throw fault("expected the closing quote") }
    place += 1
    try refuseSuffix()
    return phrase
  }

  /// A word, and whether it has wildcards.
  private mutating func word() throws(ErrorBody) -> (text: String, isPattern: Bool) {
    var (word, isPattern) = ("", false)
    while place < text.count, !text[place].isWhitespace, !"()[]{}\"^~:".contains(text[place]) {
      if text[place] == "\\", place + 1 < text.count {
        if isPattern { word.append("\\") }
        place += 1
      } else if "*?".contains(text[place]) {
        isPattern = true
      }
      word.append(text[place])
      place += 1
    }
    guard !word.isEmpty else { throw fault("expected a word") }
    guard !word.hasPrefix("/") else { throw fault("regular expressions are not served") }
    try refuseSuffix()
    return (word, isPattern)
  }

  private func refuseSuffix() throws(ErrorBody) {
    if place < text.count, "^~".contains(text[place]) {
      throw fault("weights and fuzzy words are not served")
    }
  }

  /// `[a TO b]`, `{a TO b}` or a mixture; `*` is no bound.
  private mutating func range(
    _ paths: [String], _ reader: inout OpenSearch.QueryReader
  ) throws(ErrorBody) -> Clause {
    let includesLower = text[place] == "["
    place += 1
    skipBlanks()
    let lower = try word().text
    skipBlanks()
    guard take("TO") else { throw fault("expected `TO`") }
    skipBlanks()
    let upper = try word().text
    skipBlanks()
    guard place < text.count, "]}".contains(text[place]) else { throw fault("expected `]`") }
    let includesUpper = text[place] == "]"
    place += 1
    var clauses: [Clause] = []
    for path in paths {
      try reader.countClause()
      var bounds = OpenSearch.Bounds(
        includesLower: includesLower, includesUpper: includesUpper)
      if lower != "*" {
        bounds.lower = try reader.bound(path, lower, roundsUp: !includesLower)
      }
      if upper != "*" { bounds.upper = try reader.bound(path, upper, roundsUp: includesUpper) }
      clauses.append(.range(path, bounds))
    }
    return .some(of: clauses, minimum: 1)
  }
}
