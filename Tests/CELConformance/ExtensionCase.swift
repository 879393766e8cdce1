import CEL
package import Foundation

/// One case of `ext_cases.json`: an expression without variables, and what cel-go makes of it.
package struct ExtensionCase: Sendable, CustomStringConvertible {
  package let id: String
  package let expression: String
  /// The value, nil for an error.
  let expected: CELValue?
  /// The same without type checking.
  let uncheckedExpected: CELValue?
  /// What cel-cpp gives where the two disagree, as Python writes it. Either answer will do then.
  let other: String?

  package var description: String { id }
  /// What the counts are grouped by: the first part of the id.
  package var group: String { String(id.prefix { $0 != "/" }) }

  package static func load(_ file: URL) throws -> [ExtensionCase] {
    let root =
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
    return try (root["cases"] as? [[String: Any]] ?? []).map(ExtensionCase.init)
  }

  private init(_ json: [String: Any]) throws {
    id = json["id"] as? String ?? "?"
    expression = json["expr"] as? String ?? ""
    let other = json["cel_cpp"] as? String ?? ""
    self.other = other.hasPrefix("differs: ") ? String(other.dropFirst("differs: ".count)) : nil
    let expected = json["expected"] as? [String: Any] ?? [:]
    self.expected = try Self.value(expected)
    uncheckedExpected = try Self.value(json["unchecked"] as? [String: Any] ?? expected)
  }

  private static func value(_ json: [String: Any]) throws -> CELValue? {
    guard json["kind"] as? String == "value" else { return .none }
    if let text = json["text"] as? String {
      return .opaque(type: json["type"] as? String ?? "", text: text)
    }
    if json["none"] as? Bool ?? false { return .optional(nil) }
    let value = try SuiteValues.value(json["value"] as? [String: Any] ?? [:])
    return json["optional"] as? Bool ?? false ? .optional(value) : value
  }

  /// Nil if the case passes with type checking and without, otherwise what went wrong.
  package func failure() -> String? {
    failure(checked: true, expected) ?? failure(checked: false, uncheckedExpected)
  }

  /// Whether this is what cel-cpp gives: an error, or a scalar.
  private func isOther(_ value: CELValue?) -> Bool {
    guard let other else { return false }
    return switch value {
    case .none: !other.hasPrefix("(")
    case .int(let number): other == "('int', \(number))"
    case .string(let text): other == "('string', '\(text)')"
    default: false
    }
  }

  private func failure(checked: Bool, _ expected: CELValue?) -> String? {
    var environment = Environment(extensions: .all)
    environment.checksTypes = checked
    environment.timeZones = SystemZones.zones
    let result: Result<CELValue, any Error> = Result {
      try environment.compile(expression).evaluate()
    }
    let way = checked ? "" : "unchecked: "
    switch (expected, result) {
    case (.none, .failure): return nil
    case (_, .success(let value)) where isOther(value): return nil
    case (.none, .success(let value)): return "\(way)gives \(value), expected an error"
    // The sign of a zero got lost on the data's way through JSON.
    case (.some(.double(0)), .success(.double(0))): return nil
    case (.some(let wanted), .success(let value)):
      return SuiteValues.same(value, wanted) ? nil : "\(way)gives \(value), expected \(wanted)"
    case (.some, .failure(let error)): return isOther(.none) ? nil : "\(way)fails: \(error)"
    }
  }
}
