import CEL
import Testing

/// The hardest numbers to round: those exactly between two doubles, of up to 767 digits.
@Suite struct JSONRoundingTests {
  /// Halfway between the `n`-th and the next denormal is (2n + 1) · 2⁻¹⁰⁷⁵ = (2n + 1) · 5¹⁰⁷⁵ ·
  /// 10⁻¹⁰⁷⁵.
  @Test(arguments: [0, 1, 2, 3, 4, 5, 99, 1 << 20, (1 << 40) + 1, (1 << 52) - 1])
  func betweenDenormals(_ n: UInt64) throws {
    var digits: [UInt64] = [2 * n + 1]
    for _ in 0..<1075 { multiplyByFive(&digits) }
    let text = String(decoding: decimal(digits), as: UTF8.self)
    let low = Double(bitPattern: n)
    let even = n.isMultiple(of: 2) ? low : low.nextUp
    try check("\(text)e-1075", even)
    try check("\(text).000e-1075", even)
    try check("\(text)\(String(repeating: "0", count: 900))e-1975", even)
    try check("\(text).\(String(repeating: "0", count: 900))1e-1075", low.nextUp)
    try check("\(text.dropLast())4e-1075", low)
    try check("\(text.dropLast())4.9e-1075", low)
    try check("\(text.dropLast())6e-1075", low.nextUp)
    // Every place decides; the first 25 would lead to quite another double.
    for place in 25..<(text.utf8.count - 1) {
      var below = Array(text.utf8)
      guard below[place] != UInt8(ascii: "0") else { continue }
      below[place] -= 1
      try check(String(decoding: below, as: UTF8.self) + "e-1075", low)
    }
  }

  private func check(_ text: String, _ expected: Double) throws {
    let tape = try readJSON("[\(text)]").get()
    #expect(tape.nodes[1].kind == .double)
    #expect(tape.nodes[1].double == expected, "\(text)")
  }

  /// Parts of eighteen digits, the lowest first.
  private let base: UInt64 = 1_000_000_000_000_000_000

  private func multiplyByFive(_ digits: inout [UInt64]) {
    var carry: UInt64 = 0
    for index in digits.indices {
      let product = digits[index] * 5 + carry
      carry = product / base
      digits[index] = product % base
    }
    if carry > 0 { digits.append(carry) }
  }

  private func decimal(_ digits: [UInt64]) -> [UInt8] {
    var text: [UInt8] = []
    for part in digits.reversed() {
      let part = Array(String(part).utf8)
      if !text.isEmpty { text += repeatElement(UInt8(ascii: "0"), count: 18 - part.count) }
      text += part
    }
    return text
  }
}
