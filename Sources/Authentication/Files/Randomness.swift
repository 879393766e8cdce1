#if Server
  import Foundation

  /// Secrets that nobody can guess, from the system's generator.
  enum Randomness {
    static func bytes(_ count: Int) -> [UInt8] {
      var generator = SystemRandomNumberGenerator()
      return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A text of so many letters and digits, without those that look alike: 5.8 bits each.
    static func text(_ count: Int) -> String {
      let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
      var generator = SystemRandomNumberGenerator()
      return String((0..<count).compactMap { _ in letters.randomElement(using: &generator) })
    }
  }

  /// Base64 as credentials and hashes have it.
  enum Base64 {
    /// Whether the text is written as `+/` or `-_` (RFC 4648, sections 4 and 5).
    enum Alphabet { case standard, url }

    /// Without padding.
    static func text(of bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
      let text = Data(bytes).base64EncodedString().replacingOccurrences(of: "=", with: "")
      guard alphabet == .url else { return text }
      return text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }

    /// The bytes of a text in its one valid spelling; padding may be left out of the standard
    /// alphabet and must be left out of the other. Nil for everything else.
    static func bytes(of text: some StringProtocol, _ alphabet: Alphabet = .standard) -> [UInt8]? {
      var plain = String(text)
      if alphabet == .url {
        guard !plain.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        plain = plain.replacingOccurrences(of: "-", with: "+").replacingOccurrences(
          of: "_", with: "/")
      }
      while plain.utf8.last == UInt8(ascii: "=") { plain.removeLast() }
      let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
      guard isWhole(plain), let data = Data(base64Encoded: plain + padding) else { return nil }
      return [UInt8](data)
    }

    /// Whether this is letters alone, as many as can be, and bits that stand for nothing are zero:
    /// one secret has one spelling.
    private static func isWhole(_ plain: String) -> Bool {
      var last: UInt8 = 0
      for letter in plain.utf8 {
        guard let value = value(of: letter) else { return false }
        last = value
      }
      switch plain.utf8.count % 4 {
      case 0: return true
      case 1: return false
      case 2: return last & 0b1111 == 0
      default: return last & 0b11 == 0
      }
    }

    private static func value(of letter: UInt8) -> UInt8? {
      switch letter {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): 62
      case UInt8(ascii: "/"): 63
      default: nil
      }
    }
  }

  /// Whether two secrets are the same, in a time that depends on their length alone.
  func isSameSecret(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left, right) { difference |= a ^ b }
    return difference == 0
  }
#endif
