/// What does not change during a loop is computed once.
///
/// Not before the loop, but where its value is first asked for: a loop over nothing never asks, and
/// then an error in it is none. From then on the register holds the value, or the error.
extension Compiler {
  /// A register for the value of a part of a loop's body; lists that are searched have another
  /// behind it, for an index (`Memory.keptMembership`).
  struct Kept {
    var register: UInt16
    var isSearched: Bool
  }

  /// Values kept by one expression, at most: beyond that, registers are better left to others.
  private static let mostKept = 2_000

  /// Gives registers to what the bodies of a loop compute again and again, and empties them: the
  /// code for that stands before the loop.
  mutating func keepInvariants(of loop: ID) throws(Diagnostic) {
    guard builder.environment.optimizes else { return }
    for body in expression.children(of: loop).dropFirst() { try keep(body, in: loop) }
  }

  private mutating func keep(_ id: ID, in loop: ID) throws(Diagnostic) {
    // What an outer loop keeps is kept for this one as well.
    guard kept[id] == nil, keptCount < Self.mostKept else { return }
    guard !invariants.isInvariant(id, in: loop) else { return try keepOne(id, isSearched: false) }
    for (index, child) in expression.children(of: id).enumerated() {
      let isSearched = index == searchedChild(of: id) && invariants.isInvariant(child, in: loop)
      if isSearched, try constant(child) == nil {
        try keepOne(child, isSearched: true)
      } else {
        try keep(child, in: loop)
      }
    }
  }

  /// The child that is a list in which something is sought.
  private func searchedChild(of id: ID) -> Int? {
    if expression[id].kind == .operation, expression.op(of: id) == .in { return 1 }
    return invariants.search(id) == nil ? nil : 0
  }

  private mutating func keepOne(_ id: ID, isSearched: Bool) throws(Diagnostic) {
    if !isSearched {
      guard kept[id] == nil, try isWorthKeeping(id) else { return }
    } else if kept[id] != nil {
      return
    }
    let register = try temporary(isSearched ? 2 : 1)
    kept[id] = Kept(register: register, isSearched: isSearched)
    keptCount += 1
    load(.unset, into: register, id)
    if isSearched { load(.unset, into: register + 1, id) }
  }

  /// Constants and variables are at hand anyway.
  private mutating func isWorthKeeping(_ id: ID) throws(Diagnostic) -> Bool {
    switch expression[id].kind {
    case .literal, .identifier: return false
    case .select: if case .none = checked.reference(id) { return try constant(id) == nil }
    default: return try constant(id) == nil
    }
    return false
  }

  /// The register of a node whose value is kept, with the code that fills it the first time; nil for
  /// any other node.
  mutating func keptValue(_ id: ID) throws(Diagnostic) -> Kept? {
    guard !kept.isEmpty, let place = kept.removeValue(forKey: id) else { return nil }
    let known = label()
    emit(Instruction(op: .jumpIfSet, a: place.register), id, to: known)
    try value(id, into: place.register)
    self.place(known)
    return place
  }

  /// `list.exists(y, y == sought)` as one instruction.
  mutating func testSearch(
    _ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) -> Bool {
    guard builder.environment.optimizes, let (list, sought) = invariants.search(id) else {
      return false
    }
    try scoped { compiler throws(Diagnostic) in
      let place = try compiler.keptValue(list)
      let collection = if let place { place.register } else { try compiler.operand(list) }
      let element = try compiler.operand(sought)
      compiler.emit(
        Instruction(
          op: .testSearch, flag: (sense ? 1 : 0) | (place?.isSearched == true ? 2 : 0) | 4,
          a: error, b: element, c: collection), id, to: label)
    }
    return true
  }

  /// The value of `exists` where that is one instruction.
  mutating func searchValue(_ id: ID, into target: UInt16) throws(Diagnostic) -> Bool {
    guard builder.environment.optimizes,
      invariants.search(id) != nil || checked.intersection(id) != nil
    else { return false }
    let (yes, end) = (label(), label())
    load(.null, into: target, id)
    if try !testIntersection(id, true, yes, target) {
      _ = try testSearch(id, true, yes, target)
    }
    emit(Instruction(op: .settle, flag: 0, a: target), id)
    emit(Instruction(op: .jump), id, to: end)
    place(yes)
    load(.true, into: target, id)
    place(end)
    return true
  }
}
