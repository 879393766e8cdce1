/// The `sets` library: lists as sets, by CEL's equality, so that `1` is `1.0` and NaN is in
/// nothing.
extension Memory {
  mutating func callSets(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let (left, right) = (arguments.first, arguments.second)
    guard left.tag == .list, right.tag == .list else { return .noOverload(left, right) }
    guard pay(left.count + right.count) else { return .failure(.budgetExceeded) }
    switch builtin {
    case .setIntersects: return intersects(left, right)
    case .setContains: return contains(all: right, in: left)
    default:
      let holds = contains(all: right, in: left)
      return holds.isTrue ? contains(all: left, in: right) : holds
    }
  }

  private mutating func contains(all wanted: Value, in list: Value) -> Value {
    for index in 0..<wanted.count {
      let found = membership(element(index, of: wanted), list)
      guard fuel >= 0 else { return .failure(.budgetExceeded) }
      guard found.isTrue else { return found }
    }
    return .true
  }
}
