import CEL
import ModelRegistry

/// Clauses about values: term, terms, ids, range, prefix, wildcard.
extension OpenSearch.QueryReader {
  func term(_ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field("term", node)
    guard body.tape.kind(of: value) == .object else {
      return .terms(path, try terms(path, [value]))
    }
    let options = try options("term", value, ["value", "case_insensitive"])
    let term = try required("value", of: "term", options)
    var terms = try terms(path, [term])
    if let flag = options["case_insensitive"], try body.flag(flag) {
      terms.foldsCase = true
      terms.texts = Set(terms.texts.map { ExactText(OpenSearch.folded($0.text)) })
    }
    return .terms(path, terms)
  }

  func terms(_ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field("terms", node)
    guard body.tape.kind(of: value) != .object else {
      throw .illegalArgument("[terms] look-ups in other documents are not served")
    }
    try body.expect(.array, value)
    return .terms(path, try terms(path, Array(body.tape.children(of: value))))
  }

  func ids(_ node: Int) throws(ErrorBody) -> Clause {
    let options = try options("ids", node, ["values"])
    let values = try body.texts(try required("values", of: "ids", options))
    return .terms("_id", OpenSearch.Terms(texts: Set(values.map(ExactText.init))))
  }

  /// Values that a field may have, by what kind of field it is.
  func terms(_ path: String, _ nodes: [Int]) throws(ErrorBody) -> OpenSearch.Terms {
    var terms = OpenSearch.Terms()
    for node in nodes { try add(try body.text(node), path, to: &terms) }
    return terms
  }

  func add(
    _ text: String, _ path: String, to terms: inout OpenSearch.Terms
  ) throws(ErrorBody) {
    switch schema.kind(path) {
    case .number:
      let number = try number(text)
      terms.numbers.append(number...number)
    case .date:
      let (first, last) = (
        try date(text, path, roundsUp: false), try date(text, path, roundsUp: true)
      )
      terms.numbers.append(first...max(first, last))
    case .flag:
      guard text == "true" || text == "false" || text.isEmpty else {
        throw .illegalArgument(
          "Can't parse boolean value [\(text)], expected [true] or [false]")
      }
      terms.texts.insert(ExactText(text.isEmpty ? "false" : text))
    case .keyword, .text, nil: terms.texts.insert(ExactText(text))
    }
  }

  func number(_ text: String) throws(ErrorBody) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw ErrorBody(400, "number_format_exception", "For input string: \"\(text)\"")
    }
    return number
  }

  private func date(
    _ text: String, _ path: String, roundsUp: Bool
  ) throws(ErrorBody) -> Double {
    guard let time = dates.milliseconds(text, roundsUp: roundsUp) else {
      throw ErrorBody(
        400, "parse_exception",
        "failed to parse date field [\(text)] of [\(path)] with format "
          + "[strict_date_time||epoch_millis]")
    }
    return Double(time)
  }

  func range(_ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field("range", node)
    let options = try options(
      "range", value,
      [
        "gt", "gte", "lt", "lte", "from", "to", "include_lower", "include_upper", "format",
        "time_zone", "relation",
      ])
    try checkFormat(options)
    var bounds = OpenSearch.Bounds()
    if let flag = options["include_lower"] { bounds.includesLower = try body.flag(flag) }
    if let flag = options["include_upper"] { bounds.includesUpper = try body.flag(flag) }
    if options["gt"] != nil { bounds.includesLower = false }
    if options["gte"] != nil { bounds.includesLower = true }
    if options["lt"] != nil { bounds.includesUpper = false }
    if options["lte"] != nil { bounds.includesUpper = true }
    let lower = options["gte"] ?? options["gt"] ?? options["from"]
    let upper = options["lte"] ?? options["lt"] ?? options["to"]
    if let lower {
      bounds.lower = try bound(path, lower, roundsUp: !bounds.includesLower)
    }
    if let upper { bounds.upper = try bound(path, upper, roundsUp: bounds.includesUpper) }
    return .range(path, bounds)
  }

  /// A bound; null is none.
  private func bound(
    _ path: String, _ node: Int, roundsUp: Bool
  ) throws(ErrorBody) -> OpenSearch.Bounds.Bound? {
    guard let text = try body.optionalText(node) else { return nil }
    return try bound(path, text, roundsUp: roundsUp)
  }

  func bound(
    _ path: String, _ text: String, roundsUp: Bool
  ) throws(ErrorBody) -> OpenSearch.Bounds.Bound {
    switch schema.kind(path) {
    case .number: .number(try number(text))
    case .date: .number(try date(text, path, roundsUp: roundsUp))
    case .keyword, .text, .flag, nil: .text(text)
    }
  }

  private func checkFormat(_ options: [String: Int]) throws(ErrorBody) {
    if let format = options["format"] {
      let served: Set = [
        "epoch_millis", "strict_date_time", "strict_date_optional_time", "date_optional_time",
        "strict_date", "date", "yyyy-MM-dd", "yyyy-MM", "yyyy",
      ]
      let text = try body.text(format)
      for part in text.split(separator: "|") where !served.contains(String(part)) {
        throw .illegalArgument(
          "[format] [\(text)] is not served; served are [\(served.sorted().joined(separator: ", "))]"
        )
      }
    }
    if let zone = options["time_zone"], !["Z", "UTC", "+00:00"].contains(try body.text(zone)) {
      throw .illegalArgument(
        "[time_zone] is not served except for [UTC]; dates may have an offset of their own")
    }
  }

  func pattern(_ kind: String, _ node: Int) throws(ErrorBody) -> Clause {
    let (path, value) = try field(kind, node)
    var (text, foldsCase) = ("", false)
    if body.tape.kind(of: value) == .object {
      let options = try options(
        kind, value, ["value", "wildcard", "prefix", "case_insensitive", "rewrite"])
      let given = options["value"] ?? options[kind]
      guard let given else { throw .illegalArgument("[\(kind)] requires 'value'") }
      text = try body.text(given)
      if let flag = options["case_insensitive"] { foldsCase = try body.flag(flag) }
    } else {
      text = try body.text(value)
    }
    return .pattern(
      path, try OpenSearch.TextPattern(text, foldsCase: foldsCase, isPrefix: kind == "prefix"))
  }
}
