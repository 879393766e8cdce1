/// How much of something there is at least and at most. Nothing overflows: beyond any budget all
/// amounts are alike.
struct Amount: Equatable, Sendable {
  var least: Int
  /// Nil if nothing bounds it.
  var most: Int?

  static let zero = Amount(0)
  static let any = Amount(0, nil)
  static let ceiling = Int.max / 4

  init(_ exact: Int) { self.init(exact, exact) }
  init(_ least: Int, _ most: Int?) {
    self.least = min(least, Self.ceiling)
    self.most = most.map { min($0, Self.ceiling) }
  }

  /// At most as much, perhaps nothing.
  var orNothing: Amount { Amount(0, most) }

  static func + (left: Amount, right: Amount) -> Amount {
    Amount(left.least + right.least, both(left.most, right.most) { $0 + $1 })
  }
  static func * (left: Amount, right: Amount) -> Amount {
    Amount(
      product(left.least, right.least),
      // Of nothing there is nothing, however much each would be.
      left.most == 0 || right.most == 0 ? 0 : both(left.most, right.most, product))
  }
  static func += (left: inout Amount, right: Amount) { left = left + right }

  /// Either of two.
  static func | (left: Amount, right: Amount) -> Amount {
    Amount(min(left.least, right.least), both(left.most, right.most) { max($0, $1) })
  }

  /// The smaller of two.
  static func lesser(_ left: Amount, _ right: Amount) -> Amount {
    let most = [left.most, right.most].compactMap { $0 }.min()
    return Amount(min(left.least, right.least), most)
  }

  private static func both(_ left: Int?, _ right: Int?, _ join: (Int, Int) -> Int) -> Int? {
    guard let left, let right else { return nil }
    return join(left, right)
  }

  private static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? ceiling : min(product, ceiling)
  }

  /// The price of reading so many octets.
  var asOctets: Amount { Amount(1 + least >> 4, most.map { 1 + $0 >> 4 }) }
}

/// How large a value is: octets of a text, elements of a list, entries of a map, and the same for
/// what is in it.
indirect enum Extent: Sendable {
  case unknown
  case known(length: Amount, key: Extent, element: Extent)

  static func text(_ length: Amount) -> Extent {
    .known(length: length, key: .unknown, element: .unknown)
  }
  static func list(_ length: Amount, of element: Extent) -> Extent {
    .known(length: length, key: .unknown, element: element)
  }

  var length: Amount { if case .known(let length, _, _) = self { length } else { .any } }
  var element: Extent { if case .known(_, _, let element) = self { element } else { .unknown } }
  var key: Extent { if case .known(_, let key, _) = self { key } else { .unknown } }

  /// Either of two.
  static func | (left: Extent, right: Extent) -> Extent {
    guard case .known(let a, let b, let c) = left, case .known(let d, let e, let f) = right else {
      return .unknown
    }
    return .known(length: a | d, key: b | e, element: c | f)
  }
}
