/// What is known of type parameters while one expression is checked.
///
/// Every use of a declaration gets parameters of its own; assigning one type to another binds them.
/// `dyn` is assignable both ways, and when two uses of one parameter disagree in generality the
/// more general type wins.
struct Inference {
  private var bindings: [String: CELType] = [:]
  /// What the assignment under way has bound, with what was there before: to take it back if it
  /// fails.
  private var journal: [(name: String, before: CELType?)] = []
  private var counter = 0
  /// Deep types are only made by hostile sources; they are treated as `dyn`.
  private static let maximumDepth = 300

  /// New parameters in place of the declared ones, the same ones throughout `types`.
  mutating func instantiate(_ types: [CELType]) -> [CELType] {
    counter += 1
    let suffix = "#\(counter)"
    return types.map { Self.renamed($0, suffix) }
  }

  mutating func fresh() -> CELType {
    counter += 1
    return .parameter("_#\(counter)")
  }

  private static func renamed(_ type: CELType, _ suffix: String) -> CELType {
    switch type {
    case .parameter(let name): .parameter(name + suffix)
    case .list(let element): .list(renamed(element, suffix))
    case .map(let key, let value): .map(renamed(key, suffix), renamed(value, suffix))
    case .type(let inner): .type(renamed(inner, suffix))
    case .optional(let inner): .optional(renamed(inner, suffix))
    case .nullable(let inner): .nullable(renamed(inner, suffix))
    case .opaque(let name, let parameters):
      .opaque(name, parameters.map { renamed($0, suffix) })
    default: type
    }
  }

  /// The type with everything that is known filled in; unknown parameters become `dyn` if `final`.
  func resolve(_ type: CELType, final: Bool = false, depth: Int = 0) -> CELType {
    guard depth < Self.maximumDepth else { return .dyn }
    func next(_ type: CELType) -> CELType { resolve(type, final: final, depth: depth + 1) }
    switch type {
    case .parameter(let name):
      if let bound = bindings[name] { return next(bound) }
      return final ? .dyn : type
    case .list(let element): return .list(next(element))
    case .map(let key, let value): return .map(next(key), next(value))
    case .type(let inner): return .type(next(inner))
    case .optional(let inner): return .optional(next(inner))
    case .nullable(let inner): return .nullable(next(inner))
    case .opaque(let name, let parameters): return .opaque(name, parameters.map(next))
    default: return type
    }
  }

  /// Whether a value of type `source` may stand where `target` is wanted. Bindings are kept only on
  /// success.
  mutating func assign(_ source: CELType, to target: CELType) -> Bool {
    assign([source], to: [target])
  }

  mutating func assign(_ sources: [CELType], to targets: [CELType]) -> Bool {
    defer { journal.removeAll(keepingCapacity: true) }
    for (source, target) in zip(sources, targets) where !isAssignable(target, source, 0) {
      for (name, before) in journal.reversed() { bindings[name] = before }
      return false
    }
    return true
  }

  private mutating func bind(_ name: String, to type: CELType) {
    journal.append((name, bindings.updateValue(type, forKey: name)))
  }

  private mutating func isAssignable(_ target: CELType, _ source: CELType, _ depth: Int) -> Bool {
    guard depth < Self.maximumDepth else { return true }
    if case .parameter(let name) = source {
      let (valid, known) = substitute(name, by: target, depth)
      if valid { return true }
      if known { return false }
    }
    if case .parameter(let name) = target { return substitute(name, by: source, depth).valid }
    if target.isDynamic || source.isDynamic { return true }
    switch (target, source) {
    case (.null, _): return Self.isNullable(source)
    case (_, .null): return Self.isNullable(target)
    case (.nullable(let inner), .nullable(let other)), (.nullable(let inner), let other):
      return isAssignable(inner, other, depth + 1)
    case (let other, .nullable(let inner)): return isAssignable(other, inner, depth + 1)
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)):
      return isAssignable(a, b, depth + 1)
    case (.map(let k1, let v1), .map(let k2, let v2)):
      return isAssignable(k1, k2, depth + 1) && isAssignable(v1, v2, depth + 1)
    case (.map(let key, _), .record): return isAssignable(key, .string, depth + 1)
    case (.record, .map(let key, _)): return isAssignable(.string, key, depth + 1)
    case (.type, .type): return true
    case (.opaque(let a, let p), .opaque(let b, let q)):
      guard a == b, p.count == q.count else { return false }
      for (x, y) in zip(p, q) where !isAssignable(x, y, depth + 1) { return false }
      return true
    default: return target == source
    }
  }

  private static func isNullable(_ type: CELType) -> Bool {
    switch type {
    case .null, .nullable, .duration, .timestamp, .optional, .opaque, .record: true
    default: false
    }
  }

  private mutating func substitute(
    _ name: String, by type: CELType, _ depth: Int
  ) -> (valid: Bool, known: Bool) {
    if type == .parameter(name) { return (true, true) }
    if let bound = bindings[name] {
      if bound == type { return (true, true) }
      guard isAssignable(type, bound, depth + 1) else { return (false, true) }
      let general = Self.moreGeneral(type, bound)
      if !occurs(name, in: general, 0) { bind(name, to: general) }
      return (true, true)
    }
    guard !occurs(name, in: type, 0) else { return (false, false) }
    bind(name, to: type)
    return (true, false)
  }

  private func occurs(_ name: String, in type: CELType, _ depth: Int) -> Bool {
    guard depth < Self.maximumDepth else { return true }
    switch type {
    case .parameter(let other):
      if other == name { return true }
      return bindings[other].map { occurs(name, in: $0, depth + 1) } ?? false
    case .list(let inner), .type(let inner), .optional(let inner), .nullable(let inner):
      return occurs(name, in: inner, depth + 1)
    case .map(let key, let value):
      return occurs(name, in: key, depth + 1) || occurs(name, in: value, depth + 1)
    case .opaque(_, let parameters): return parameters.contains { occurs(name, in: $0, depth + 1) }
    default: return false
    }
  }

  /// The type of a list element or branch that may be either.
  mutating func join(_ first: CELType, _ second: CELType) -> CELType {
    assign(second, to: first) ? Self.moreGeneral(resolve(first), resolve(second)) : .dyn
  }

  static func moreGeneral(_ first: CELType, _ second: CELType) -> CELType {
    isAsGeneral(first, second, 0) ? first : second
  }

  private static func isAsGeneral(_ first: CELType, _ second: CELType, _ depth: Int) -> Bool {
    guard depth < maximumDepth else { return true }
    if first.isDynamic { return true }
    if case .parameter = first { return true }
    if second.isDynamic { return false }
    if case .parameter = second { return false }
    switch (first, second) {
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)):
      return isAsGeneral(a, b, depth + 1)
    case (.map(let k1, let v1), .map(let k2, let v2)):
      return isAsGeneral(k1, k2, depth + 1) && isAsGeneral(v1, v2, depth + 1)
    case (.opaque(let a, let p), .opaque(let b, let q)):
      return a == b && p.count == q.count && zip(p, q).allSatisfy { isAsGeneral($0, $1, depth + 1) }
    case (.nullable, _): return true
    case (_, .null): return isNullable(first)
    case (.type, .type): return true
    default: return first == second
    }
  }
}
