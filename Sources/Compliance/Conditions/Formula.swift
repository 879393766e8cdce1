/// Outcomes that a condition may have: a set of true, false and error.
struct Outcomes: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  static let `true` = Outcomes(rawValue: 1)
  static let `false` = Outcomes(rawValue: 2)
  static let error = Outcomes(rawValue: 4)
  static let any: Outcomes = [.true, .false, .error]
  /// What makes a rule that refuses or warns take part: it applies, or it can't be evaluated.
  static let fires: Outcomes = [.true, .error]
  static let notTrue: Outcomes = [.false, .error]

  /// The outcomes of `!x`.
  var negated: Outcomes {
    var result: Outcomes = intersection(.error)
    if contains(.true) { result.insert(.false) }
    if contains(.false) { result.insert(.true) }
    return result
  }

  /// The outcomes of `x && y`: one side that is false settles it, whatever the other side is.
  static func and(_ x: Outcomes, _ y: Outcomes) -> Outcomes {
    var result: Outcomes = []
    if x.contains(.false) || y.contains(.false) { result.insert(.false) }
    if x.contains(.true), y.contains(.true) { result.insert(.true) }
    if x.contains(.error), !y.isDisjoint(with: .fires) { result.insert(.error) }
    if y.contains(.error), !x.isDisjoint(with: .fires) { result.insert(.error) }
    return result
  }

  /// The outcomes of `x || y`.
  static func or(_ x: Outcomes, _ y: Outcomes) -> Outcomes { and(x.negated, y.negated).negated }
}

/// A condition taken apart: how it is put together of atoms, with CEL's logic of errors.
///
/// Definitions are put in where they are used, and conditionals inside of comparisons are drawn
/// out, so that what is left in an atom is as small as it can be. Two conditions that are the same
/// formula are the same condition.
indirect enum Formula: Hashable, Sendable {
  case constant(Bool)
  /// An atom by its number in an `AtomTable`.
  case atom(Int)
  case not(Formula)
  case and([Formula])
  case or([Formula])
  case conditional(Formula, Formula, Formula)

  /// A conjunction, flat and without what is always true.
  static func all(_ parts: [Formula]) -> Formula {
    let flat = parts.flatMap { part -> [Formula] in
      if case .and(let inner) = part { return inner }
      return part == .constant(true) ? [] : [part]
    }
    return flat.isEmpty ? .constant(true) : flat.count == 1 ? flat[0] : .and(flat)
  }

  /// A disjunction, flat and without what is never true.
  static func any(_ parts: [Formula]) -> Formula {
    let flat = parts.flatMap { part -> [Formula] in
      if case .or(let inner) = part { return inner }
      return part == .constant(false) ? [] : [part]
    }
    return flat.isEmpty ? .constant(false) : flat.count == 1 ? flat[0] : .or(flat)
  }

  static func negation(_ part: Formula) -> Formula {
    switch part {
    case .constant(let value): .constant(!value)
    case .not(let inner): inner
    default: .not(part)
    }
  }

  /// Atoms in the order in which they are written.
  var atoms: [Int] {
    switch self {
    case .constant: []
    case .atom(let atom): [atom]
    case .not(let inner): inner.atoms
    case .and(let parts), .or(let parts): parts.flatMap(\.atoms)
    case .conditional(let condition, let first, let second):
      condition.atoms + first.atoms + second.atoms
    }
  }

  /// What it may come to if its atoms may come to these outcomes. More outcomes than there really
  /// are if atoms depend on each other, never fewer.
  func outcomes(_ atom: (Int) -> Outcomes) -> Outcomes {
    switch self {
    case .constant(let value): return value ? .true : .false
    case .atom(let number): return atom(number)
    case .not(let inner): return inner.outcomes(atom).negated
    case .and(let parts):
      var result = Outcomes.true
      for part in parts { result = .and(result, part.outcomes(atom)) }
      return result
    case .or(let parts):
      var result = Outcomes.false
      for part in parts { result = .or(result, part.outcomes(atom)) }
      return result
    case .conditional(let condition, let first, let second):
      let chosen = condition.outcomes(atom)
      var result = chosen.intersection(.error)
      if chosen.contains(.true) { result.formUnion(first.outcomes(atom)) }
      if chosen.contains(.false) { result.formUnion(second.outcomes(atom)) }
      return result
    }
  }
}
