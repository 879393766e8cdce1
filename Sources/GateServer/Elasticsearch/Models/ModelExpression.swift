import ModelRegistry
import PolicyEngine

/// Which models a path means: ids, aliases and patterns, separated by commas.
struct ModelExpression: Sendable {
  private enum Token: Sendable {
    case literal(String)
    case pattern(ActionPattern, text: String)

    func matches(_ name: String) -> Bool {
      switch self {
      case .literal(let text): text.isExactly(name)
      case .pattern(let pattern, _): pattern.matches(Array(name.utf8))
      }
    }

    var text: String {
      switch self {
      case .literal(let text), .pattern(_, let text): text
      }
    }

    var isLiteral: Bool { if case .literal = self { true } else { false } }
  }

  private let tokens: [Token]
  /// Every model is meant.
  let isAll: Bool

  /// - Parameter text: nil and nothing mean all.
  init(_ text: String?) throws(ErrorBody) {
    var tokens: [Token] = []
    for part in (text ?? "").split(separator: ",") {
      let part = String(part.filter { $0 != " " })
      if part.isEmpty || tokens.contains(where: { $0.text.isExactly(part) }) { continue }
      guard part.utf8.contains(UInt8(ascii: "*")) else {
        tokens.append(.literal(part))
        continue
      }
      guard let pattern = ActionPattern(part) else {
        throw .illegalArgument(
          "[\(part.prefix(100))] is no pattern: at most \(EngineLimits.patternBytes) bytes and "
            + "\(EngineLimits.patternWildcards) wildcards")
      }
      tokens.append(.pattern(pattern, text: part))
    }
    isAll = tokens.isEmpty || tokens.count == 1 && ["_all", "*"].contains(tokens[0].text)
    self.tokens = tokens
  }

  /// The names, if there is no pattern among them.
  var literals: [String]? {
    !isAll && tokens.allSatisfy(\.isLiteral) ? tokens.map(\.text) : nil
  }

  /// Whether something that has these names is meant.
  func matches(_ names: [String]) -> Bool {
    isAll || tokens.contains { token in names.contains { token.matches($0) } }
  }

  /// What was named and not found: names always, patterns unless it is allowed that nothing has
  /// such a name.
  func unmatched(by names: [String], allowNoMatch: Bool) -> [String] {
    if isAll { return names.isEmpty && !allowNoMatch ? ["*"] : [] }
    return tokens.filter { token in
      (token.isLiteral || !allowNoMatch) && !names.contains { token.matches($0) }
    }.map(\.text)
  }

  /// Nothing has these names.
  static func notFound(_ names: [String]) -> ErrorBody {
    ErrorBody(
      404, "resource_not_found_exception",
      "No known trained model with model_id [\(names.joined(separator: ","))]")
  }
}

/// What part of a list is wanted.
struct Paging: Sendable {
  let from: Int
  let size: Int

  init(_ exchange: Exchange) throws(ErrorBody) {
    from = try exchange.number("from") ?? 0
    size = try exchange.number("size") ?? 100
    for (name, value) in [("from", from), ("size", size)] where value < 0 {
      throw .illegalArgument("Parameter [\(name)] cannot be < 0")
    }
    guard size <= ServerLimits.listedModels else {
      throw .illegalArgument("Parameter [size] cannot be > \(ServerLimits.listedModels)")
    }
  }

  /// Whether the item of this number, from 0, is wanted.
  func contains(_ number: Int) -> Bool { number >= from && number - from < size }
}
