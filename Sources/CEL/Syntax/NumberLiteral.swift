/// The value of a number token.
enum NumberLiteral {
  static func parse(
    _ digits: ArraySlice<UInt8>, negative: Bool, kind: Token.Kind
  ) -> Expression.Constant? {
    switch kind {
    case .double:
      guard let value = DoubleText.parse(digits), value.isFinite else { return nil }
      return .double((negative ? -value : value).bitPattern)
    case .uint: return integer(digits.dropLast()).map { .uint($0) }
    default:
      guard let magnitude = integer(digits) else { return nil }
      if negative {
        guard magnitude <= 1 << 63 else { return nil }
        return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
      return Int64(exactly: magnitude).map { .int($0) }
    }
  }

  private static func integer(_ digits: ArraySlice<UInt8>) -> UInt64? {
    let isHex = digits.count > 2 && digits[digits.startIndex + 1] | 0x20 == UInt8(ascii: "x")
    let text = String(decoding: isHex ? digits.dropFirst(2) : digits, as: UTF8.self)
    return UInt64(text, radix: isHex ? 16 : 10)
  }
}
