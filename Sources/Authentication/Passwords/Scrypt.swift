#if Server
  import Crypto
  import CryptoExtras
  import Foundation

  /// The effort of one hash (RFC 7914).
  struct Scrypt: Hashable, Sendable {
    /// Binary logarithm of the number of rounds.
    let cost: Int
    let blockSize: Int
    let parallelism: Int

    /// What OWASP's Password Storage Cheat Sheet recommends: 128 MiB.
    static let standard = Scrypt(cost: 17, blockSize: 8, parallelism: 1)

    /// Bytes of memory that it takes.
    private var memory: Int { 128 * blockSize << cost }

    /// Nil if there is not enough memory.
    func key(of password: [UInt8], salt: [UInt8], count: Int) -> [UInt8]? {
      let key = try? KDF.Scrypt.deriveKey(
        from: password, salt: salt, outputByteCount: count, rounds: 1 << cost, blockSize: blockSize,
        parallelism: parallelism)
      return key.map { key in unsafe key.withUnsafeBytes { unsafe [UInt8]($0) } }
    }

    /// The PHC string format: unpadded standard Base64.
    func text(salt: [UInt8], key: [UInt8]) -> String {
      "$scrypt$ln=\(cost),r=\(blockSize),p=\(parallelism)$\(Base64.text(of: salt))"
        + "$\(Base64.text(of: key))"
    }

    /// Reads `$scrypt$ln=17,r=8,p=1$salt$hash`.
    static func read(_ text: String) throws(PasswordFault) -> PasswordHash.Method {
      let parts = text.split(separator: "$", omittingEmptySubsequences: false)
      let form = "the scrypt hash is not `$scrypt$ln=…,r=…,p=…$salt$hash`"
      guard parts.count == 5, parts[0].isEmpty else { throw PasswordFault(form) }
      let numbers = parts[2].split(separator: ",", omittingEmptySubsequences: false)
      guard numbers.count == 3, let cost = number("ln", numbers[0]),
        let blockSize = number("r", numbers[1]), let parallelism = number("p", numbers[2]),
        let salt = Base64.bytes(of: parts[3]), let key = Base64.bytes(of: parts[4]),
        !parts[3].contains("="), !parts[4].contains("=")
      else { throw PasswordFault(form) }
      guard AuthenticationLimits.scryptCosts.contains(cost),
        AuthenticationLimits.scryptBlockSizes.contains(blockSize),
        AuthenticationLimits.scryptParallelism.contains(parallelism)
      else {
        throw PasswordFault(
          "the scrypt hash's parameters are out of range: `ln` must be within"
            + " \(AuthenticationLimits.scryptCosts), `r` within"
            + " \(AuthenticationLimits.scryptBlockSizes), `p` within"
            + " \(AuthenticationLimits.scryptParallelism)")
      }
      let scrypt = Scrypt(cost: cost, blockSize: blockSize, parallelism: parallelism)
      guard scrypt.memory <= AuthenticationLimits.scryptMemory else {
        throw PasswordFault(
          "the scrypt hash asks for more than \(AuthenticationLimits.scryptMemory >> 20) MiB")
      }
      guard AuthenticationLimits.saltBytes.contains(salt.count),
        AuthenticationLimits.hashBytes.contains(key.count)
      else {
        throw PasswordFault(
          "the scrypt hash's salt must have \(AuthenticationLimits.saltBytes) bytes, and its hash"
            + " \(AuthenticationLimits.hashBytes)")
      }
      return .scrypt(scrypt, salt: salt, key: key)
    }

    /// The number in `name=12`, in its one spelling.
    private static func number(_ name: String, _ text: Substring) -> Int? {
      guard text.hasPrefix(name + "="), let number = Int(text.dropFirst(name.count + 1)),
        text == "\(name)=\(number)"
      else { return nil }
      return number
    }
  }
#endif
