import CEL
public import PolicyEngine

/// One caller's attempt at an operation, over all of its tries.
public struct Attempt: Sendable {
  /// Who asks.
  public let subject: Request.Entity
  /// When, in milliseconds since the Unix epoch.
  public let time: Int64
  /// How the caller names the attempt, to be able to repeat it.
  public let key: String?
  /// Everything that makes it this attempt and no other, or randomness.
  private let seed: [UInt8]

  init<Op: RegistryOperation>(
    _ operation: Op, by subject: Request.Entity, at time: Int64, key: String?
  ) {
    (self.subject, self.time, self.key) = (subject, time, key)
    guard let key else {
      // The time goes first, so that a store which keeps its keys in order writes the keys of
      // attempts that are made together into one place.
      var random = SystemRandomNumberGenerator()
      seed = Self.bytes(of: [UInt64(bitPattern: time), random.next(), random.next()])
      return
    }
    // A key names an attempt of its caller at its operation: nobody can use up or learn of
    // somebody else's.
    seed = Self.digest([Op.action, operation.target, subject.type, subject.id, key])
  }

  /// Eight bytes of each word, the greatest first.
  private static func bytes(of words: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * words.count)
    for word in words {
      for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (56 - 8 * place))) }
    }
    return bytes
  }

  private static func digest(_ parts: [String]) -> [UInt8] {
    var digest = SHA256()
    for part in parts {
      // Length before content, so that no two lists read alike.
      digest.update(Array("\(part.utf8.count):\(part)".utf8))
    }
    return digest.digest()
  }

  /// How many tries of one attempt can be given up. An attempt that is repeated looks for all of
  /// them: any one may be the one that took effect.
  static var numbers: Int { 8 }

  /// The name of a try for the store, from 1. After a try was given up, the next has another.
  func storeKey(_ number: Int) -> String { "\(Hex.text(of: seed)).\(number)" }

  /// A new id of 20 letters and digits, which is the same whenever this attempt asks.
  func newID(_ purpose: String) -> String {
    let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    let bytes = Self.digest([purpose, Hex.text(of: seed)]).prefix(20)
    return String(decoding: bytes.map { digits[Int($0) % digits.count] }, as: UTF8.self)
  }

  /// The caller's backend roles.
  var backendRoles: [String] { subject.texts("backend_roles") }

  /// The caller's roles as they were given.
  var roles: [String] { subject.texts("roles") }

  /// Whether the caller presented an administrators' certificate, who is no user to model groups.
  var isSuperAdmin: Bool { subject.properties["super_admin"] == .bool(true) }
}

extension Attempt {
  /// A key that nobody has used.
  static func randomKey() -> String {
    var random = SystemRandomNumberGenerator()
    return Hex.text(of: bytes(of: [random.next(), random.next()]))
  }
}
