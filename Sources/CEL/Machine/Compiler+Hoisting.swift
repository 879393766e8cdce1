/// What does not change during a loop is computed once.
///
/// Not before the loop, but where its value is first asked for: a loop over nothing never asks, and
/// then an error in it is none. From then on the register holds the value, or the error.
extension Compiler {
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
    guard !invariants.isInvariant(id, in: loop) else { return try keepOne(id) }
    for (index, child) in expression.children(of: id).enumerated() {
      let isSearched = index == searchedChild(of: id) && invariants.isInvariant(child, in: loop)
      if isSearched, try constant(child) == nil {
        try keepSearch(of: child)
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

  private mutating func keepOne(_ id: ID) throws(Diagnostic) {
    guard kept[id] == nil, try isWorthKeeping(id) else { return }
    kept[id] = (try emptied(id), unpriced.count)
  }

  /// A list that is searched gets a register for the state of the search as well
  /// (`Memory.keptMembership`).
  private mutating func keepSearch(of id: ID) throws(Diagnostic) {
    guard searches[id] == nil else { return }
    searches[id] = try emptied(id)
    try keepOne(id)
  }

  private mutating func emptied(_ id: ID) throws(Diagnostic) -> UInt16 {
    let register = try temporary()
    keptCount += 1
    load(.unset, into: register, id)
    return register
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
  mutating func keptValue(_ id: ID) throws(Diagnostic) -> UInt16? {
    guard !kept.isEmpty, let (register, depth) = kept.removeValue(forKey: id) else { return nil }
    let known = label()
    emit(Instruction(op: .jumpIfSet, a: register), id, to: known)
    let (start, before) = (pc, unpriced)
    try value(id, into: register)
    // The loops that it is kept for run it once: it counts in the rounds of those outside only.
    for loop in depth..<unpriced.count { unpriced[loop] = before[loop] + pc - start }
    place(known)
    return register
  }

  /// `list.exists(y, y == sought)` as one instruction.
  mutating func testSearch(
    _ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) -> Bool {
    guard builder.environment.optimizes, let (list, sought) = invariants.search(id) else {
      return false
    }
    try scoped { compiler throws(Diagnostic) in
      let state = compiler.searches[list]
      let collection = try compiler.operand(list)
      let element = try compiler.operand(sought)
      compiler.emit(
        Instruction(
          op: .testSearch, flag: (sense ? 1 : 0) | (state == nil ? 0 : 2) | 4, a: error, b: element,
          c: collection, e: Int32(state ?? 0)), id, to: label)
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
