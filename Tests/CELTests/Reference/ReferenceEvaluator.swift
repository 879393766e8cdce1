import CEL

/// Why the reference found no value, by the same codes as the engine's.
struct ReferenceFailure: Error, Equatable {
  var code: String
  init(_ code: String) { self.code = code }

  static let noOverload = ReferenceFailure("no_such_overload")
}

/// What an expression means, written for reading: a walk over the tree with plain values.
///
/// The engine is judged by this. It shares the parser with it and the texts of times and doubles,
/// which have tests of their own, and nothing else: no interning, no instructions, no folding, no
/// hashing. Do not make it faster.
struct ReferenceEvaluator {
  typealias ID = Expression.ID
  typealias Outcome = Result<CELValue, ReferenceFailure>
  /// Variables of comprehensions, innermost last. A `cel.bind` variable may stand for an error.
  typealias Scope = [(name: String, value: Outcome)]

  let expression: Expression
  /// The variables that are declared; one that is not bound is an error when it is read.
  var variables: Set<String> = []
  var container = ""
  var bindings: [String: CELValue] = [:]

  func evaluate() -> Outcome {
    do throws(ReferenceFailure) {
      return .success(try value(expression.root, []))
    } catch {
      return .failure(error)
    }
  }

  func value(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    let node = expression[id]
    switch node.kind {
    case .literal: return literal(expression.constants[Int(node.payload)])
    case .identifier, .select: return try name(id, scope)
    case .presence:
      return .bool(try field(expression.name(of: id), of: child(0, of: id, scope)) != nil)
    case .call, .memberCall: return try call(id, scope)
    case .list: return .list(try children(of: id, scope))
    case .map: return try map(try children(of: id, scope))
    case .operation: return try operation(id, scope)
    case .conditional:
      guard case .bool(let condition) = try child(0, of: id, scope) else { throw .noOverload }
      return try child(condition ? 1 : 2, of: id, scope)
    case .and: return try firstDecisive(false, expression.children(of: id).map { ($0, scope) })
    case .or: return try firstDecisive(true, expression.children(of: id).map { ($0, scope) })
    case .comprehension: return try comprehension(id, scope)
    case .message: throw ReferenceFailure("no_such_field")
    }
  }

  func child(_ index: Int, of id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    try value(expression.child(index, of: id), scope)
  }

  /// The values of all children, from left to right; the first error ends it.
  func children(of id: ID, _ scope: Scope) throws(ReferenceFailure) -> [CELValue] {
    var values: [CELValue] = []
    for child in expression.children(of: id) { values.append(try value(child, scope)) }
    return values
  }

  private func literal(_ constant: Expression.Constant) -> CELValue {
    switch constant {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .double(let bits): .double(Double(bitPattern: bits))
    case .string(let octets): .string(String(decoding: octets, as: UTF8.self))
    case .bytes(let octets): .bytes(octets)
    }
  }

  /// Keys and values in turn to a map.
  func map(_ parts: [CELValue]) throws(ReferenceFailure) -> CELValue {
    var entries: [CELValue.Entry] = []
    for index in stride(from: 0, to: parts.count, by: 2) {
      switch parts[index] {
      case .int, .uint, .bool, .string: entries.append(.init(parts[index], parts[index + 1]))
      default: throw ReferenceFailure("unsupported_key")
      }
    }
    for (index, entry) in entries.enumerated() {
      for other in entries[..<index] where ReferenceEquality.isSameKey(entry.key, other.key) {
        throw ReferenceFailure("duplicate_key")
      }
    }
    return .map(entries)
  }

  // MARK: Logic

  /// `&&` decides at the first false, `||` at the first true, whatever errors stand beside it. If
  /// none decides, the first error is the result; what is not a bool is an error too.
  func firstDecisive(
    _ decisive: Bool, _ operands: [(ID, Scope)]
  ) throws(ReferenceFailure) -> CELValue {
    var failure: ReferenceFailure?
    for (id, scope) in operands {
      do throws(ReferenceFailure) {
        guard case .bool(let value) = try value(id, scope) else { throw .noOverload }
        if value == decisive { return .bool(decisive) }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return .bool(!decisive)
  }

  // MARK: Comprehensions

  private func comprehension(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    let node = expression[id]
    let name = expression.names[Int(node.payload)]
    let bodies = Array(expression.children(of: id).dropFirst())
    let kind = expression.comprehension(of: id)
    if kind == .bind {
      var outcome: Outcome
      do throws(ReferenceFailure) {
        outcome = .success(try child(0, of: id, scope))
      } catch {
        outcome = .failure(error)
      }
      return try value(bodies[0], scope + [(name, outcome)])
    }
    let second = node.flags == 2 ? expression.names[Int(node.payload) + 1] : nil
    let rounds = try elements(of: try child(0, of: id, scope), two: second != nil)
    let scopes = rounds.map { first, value in
      guard let second else { return scope + [(name, .success(value))] }
      return scope + [(name, .success(first)), (second, .success(value))]
    }
    switch kind {
    case .all: return try firstDecisive(false, scopes.map { (bodies[0], $0) })
    case .exists: return try firstDecisive(true, scopes.map { (bodies[0], $0) })
    case .existsOne:
      var count = 0
      for scope in scopes where try isTrue(bodies[0], scope) { count += 1 }
      return .bool(count == 1)
    case .filter:
      var kept: [CELValue] = []
      for (round, scope) in zip(rounds, scopes) where try isTrue(bodies[0], scope) {
        kept.append(round.1)
      }
      return .list(kept)
    default: return try transform(kind, bodies, rounds.map(\.0), scopes)
    }
  }

  /// What a comprehension goes through: (index, element) of a list, (key, value) of a map, where
  /// with one variable the value is the key.
  private func elements(
    of range: CELValue, two: Bool
  ) throws(ReferenceFailure) -> [(CELValue, CELValue)] {
    switch range {
    case .list(let elements): elements.enumerated().map { (.int(Int64($0.offset)), $0.element) }
    case .map(let entries): entries.map { ($0.key, two ? $0.value : $0.key) }
    default: throw .noOverload
    }
  }

  private func isTrue(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> Bool {
    guard case .bool(let result) = try value(id, scope) else { throw .noOverload }
    return result
  }

  /// `map`, `transformList`, `transformMap`, `transformMapEntry`, with or without a condition
  /// before the last body.
  private func transform(
    _ kind: Expression.Comprehension, _ bodies: [ID], _ keys: [CELValue], _ scopes: [Scope]
  ) throws(ReferenceFailure) -> CELValue {
    var results: [CELValue] = []
    for (key, scope) in zip(keys, scopes) {
      if bodies.count == 2, !(try isTrue(bodies[0], scope)) { continue }
      let result = try value(bodies[bodies.count - 1], scope)
      switch kind {
      case .map, .transformList: results.append(result)
      case .transformMap: results += [key, result]
      default:
        guard case .map(let entries) = result else { throw .noOverload }
        results += entries.flatMap { [$0.key, $0.value] }
      }
    }
    return kind == .map || kind == .transformList ? .list(results) : try map(results)
  }
}
