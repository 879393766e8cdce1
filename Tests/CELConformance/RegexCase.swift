import CEL
package import Foundation

/// One case of `re2_cases.json`: a pattern, a text, and what RE2 finds.
package struct RegexCase: Sendable, CustomStringConvertible {
  package let id: String
  package let category: String
  package let pattern: String
  let text: [UInt8]
  let isValid: Bool
  /// Whether the references disagree on the pattern's validity, so that either answer will do.
  let isEither: Bool
  let matches: Bool
  let span: Range<Int>?
  let groups: [Range<Int>?]?

  package var description: String { id }

  package static func load(_ file: URL) throws -> [RegexCase] {
    let root =
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    return (root["cases"] as? [[String: Any]] ?? []).map(RegexCase.init)
  }

  private init(_ json: [String: Any]) {
    id = json["id"] as? String ?? "?"
    category = json["category"] as? String ?? "?"
    pattern = json["pattern"] as? String ?? ""
    text = Self.text(json["text"])
    isValid = json["valid"] as? Bool ?? true
    isEither = json["either"] as? Bool ?? false
    matches = json["match"] as? Bool ?? json["go_match"] as? Bool ?? false
    span = Self.range(json["span"])
    groups = (json["groups"] as? [Any]).map { $0.map(Self.range) }
  }

  private static func range(_ json: Any?) -> Range<Int>? {
    guard let bounds = json as? [Int], bounds.count == 2 else { return nil }
    return bounds[0]..<bounds[1]
  }

  private static func text(_ json: Any?) -> [UInt8] {
    if let text = json as? String { return Array(text.utf8) }
    var text: [UInt8] = []
    for part in (json as? [String: Any])?["parts"] as? [[Any]] ?? [] {
      let piece = Array((part.first as? String ?? "").utf8)
      for _ in 0..<(part.last as? Int ?? 0) { text += piece }
    }
    return text
  }

  /// Nil if the case passes, otherwise what went wrong.
  package func failure() -> String? {
    let regex: Regex
    do throws(RegexError) {
      regex = try Regex(Array(pattern.utf8))
    } catch {
      return isValid && !isEither ? "is refused: \(error.message)" : nil
    }
    guard isValid || isEither else { return "is accepted, expected an error" }
    let whole = text.startIndex..<text.endIndex
    var scratch = RegexScratch()
    let found = regex.matches(text, in: whole, scratch: &scratch)
    guard found == matches else { return "matches: \(found), expected \(matches)" }
    guard let span else { return nil }
    guard let match = regex.firstMatch(text, in: whole, from: 0, scratch: &scratch) else {
      return "finds nothing, expected \(span)"
    }
    guard match[0] == span else {
      return "finds \(match[0].map { "\($0)" } ?? "nil"), expected \(span)"
    }
    if let groups, Array(match.dropFirst()) != groups {
      return "captures \(match.dropFirst()), expected \(groups)"
    }
    return nil
  }
}
