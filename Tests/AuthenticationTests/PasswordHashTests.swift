#if Server
  @testable import Authentication
  import Foundation
  import PolicyEngine
  import Testing

  /// Hashes: made, read, checked.
  @Suite struct PasswordHashTests {
    /// Made with other implementations: Python's `crypt` (libxcrypt) and `hashlib` (OpenSSL).
    static let known: [(password: String, hash: String)] = [
      ("correct horse", "$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
      ("correct horse", "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
      ("pässwörd", "$2b$04$0123456789abcdefghijku3kbt3Y/qFXQUJOjKMA1wiJt7RUESwWa"),
      // bcrypt looks at 72 bytes, as it did where the hash comes from.
      (
        String(repeating: "x", count: 80),
        "$2b$04$0123456789abcdefghijku0hi3F5vhHbrhOc4T0AhW0pJwHoKEF96"
      ),
      (
        "pässwörd",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$+klCkubs0ckYiTbZO4MWS3k2LxOt6MCvuou+ZUKyyp4"
      ),
    ]

    @Test(arguments: known) func othersHashesAreChecked(_ password: String, _ text: String) throws {
      let hash = try PasswordHash(text)
      #expect(hash.matches(Array(password.utf8)))
      #expect(hash.isWeak)
      for wrong in [
        "", "x", password + "\u{0}", String(password.dropLast()), password.uppercased(),
      ]
      where !(password.count == 80 && wrong.count == 79) {
        #expect(!hash.matches(Array(wrong.utf8)), "\(wrong)")
      }
    }

    /// RFC 7914, section 12.
    @Test func scryptIsThatOfTheStandard() throws {
      let key = Scrypt(cost: 14, blockSize: 8, parallelism: 1).key(
        of: Array("pleaseletmein".utf8), salt: Array("SodiumChloride".utf8), count: 64)
      #expect(
        Hex.text(of: try #require(key))
          == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
          + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")
    }

    @Test func aNewHashIsStrongSaltedAndReadBack() throws {
      let password = Array("correct horse".utf8)
      let (one, two) = (try PasswordHash.make(password), try PasswordHash.make(password))
      #expect(one.text.hasPrefix("$scrypt$ln=17,r=8,p=1$"))
      #expect(one.text != two.text && !one.isWeak)
      #expect(try PasswordHash(one.text) == one)
      #expect(one.matches(password) && !one.matches(Array("correct hors".utf8)))
    }

    static let salt = "AAECAwQFBgcICQoLDA0ODw"
    static let key = "+klCkubs0ckYiTbZO4MWS3k2LxOt6MCvuou+ZUKyyp4"

    static let bad: [String] = [
      "", "secret", "$1$abc$def", "$5$abc$def", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
      "{PBKDF2}10000$abc$def", "$2x$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
      "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6",
      "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e ",
      "$2y$4a$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
      "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQ\u{0}6e",
      "$scrypt$ln=10,r=8,p=1$\(salt)", "$scrypt$ln=10,r=8$\(salt)$\(key)",
      "$scrypt$r=8,ln=10,p=1$\(salt)$\(key)", "$scrypt$ln=+10,r=8,p=1$\(salt)$\(key)",
      "$scrypt$ln=010,r=8,p=1$\(salt)$\(key)", "$scrypt$ln=10,r=8,p=1$\(salt)==$\(key)",
      "$scrypt$ln=10,r=8,p=1$\(salt)$\(key)=", "$scrypt$ln=10,r=8,p=1$\(salt)$\(key)$x",
      "$scrypt$ln=10,r=8,p=1$A_-$\(key)", "$scrypt$ln=10,r=8,p=1$$\(key)",
      "$scrypt$ln=10,r=8,p=1$\(salt)$", "$scrypt$ln=99999999999999999999,r=8,p=1$\(salt)$\(key)",
      "$scrypt$ln=-1,r=8,p=1$\(salt)$\(key)", "$scrypt$ln=10,r=0,p=1$\(salt)$\(key)",
    ]

    @Test(arguments: bad) func whatIsNoHashIsRefused(_ text: String) {
      #expect(throws: PasswordFault.self) { try PasswordHash(text) }
    }

    @Test func passwordsHaveALeastLength() {
      func make(_ count: Int) throws -> PasswordHash {
        try PasswordHash.make(
          [UInt8](repeating: 0x61, count: count), Scrypt(cost: 10, blockSize: 8, parallelism: 1))
      }
      #expect(throws: Never.self) { try make(AuthenticationLimits.shortestPassword) }
      #expect(throws: PasswordFault.self) { try make(AuthenticationLimits.shortestPassword - 1) }
      #expect(throws: Never.self) { try make(AuthenticationLimits.passwordBytes) }
      #expect(throws: PasswordFault.self) { try make(AuthenticationLimits.passwordBytes + 1) }
    }

    /// Each bound of a hash, from inside and from outside.
    static let bounds: [(text: String, isRead: Bool)] = {
      func scrypt(_ ln: Int, _ r: Int, _ p: Int, salt: Int = 16, key: Int = 32) -> String {
        func text(_ count: Int) -> String { Base64.text(of: [UInt8](repeating: 7, count: count)) }
        return "$scrypt$ln=\(ln),r=\(r),p=\(p)$\(text(salt))$\(text(key))"
      }
      func bcrypt(_ cost: Int) -> String {
        "$2y$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: "a", count: 53)
      }
      let (costs, blocks) = (
        AuthenticationLimits.scryptCosts, AuthenticationLimits.scryptBlockSizes
      )
      let (parallel, salts) = (
        AuthenticationLimits.scryptParallelism, AuthenticationLimits.saltBytes
      )
      let (hashes, bcrypts) = (AuthenticationLimits.hashBytes, AuthenticationLimits.bcryptCosts)
      let most = AuthenticationLimits.scryptMemory
      #expect(128 * 8 << 18 == most)
      return [
        (scrypt(costs.lowerBound, 8, 1), true), (scrypt(costs.lowerBound - 1, 8, 1), false),
        (scrypt(costs.upperBound, 2, 1), true), (scrypt(costs.upperBound + 1, 1, 1), false),
        (scrypt(18, 8, 1), true), (scrypt(18, 9, 1), false),
        (scrypt(10, blocks.upperBound, 1), true), (scrypt(10, blocks.upperBound + 1, 1), false),
        (scrypt(10, 8, parallel.upperBound), true),
        (scrypt(10, 8, parallel.upperBound + 1), false),
        (scrypt(10, 8, 1, salt: salts.lowerBound), true),
        (scrypt(10, 8, 1, salt: salts.lowerBound - 1), false),
        (scrypt(10, 8, 1, salt: salts.upperBound), true),
        (scrypt(10, 8, 1, salt: salts.upperBound + 1), false),
        (scrypt(10, 8, 1, key: hashes.lowerBound), true),
        (scrypt(10, 8, 1, key: hashes.lowerBound - 1), false),
        (scrypt(10, 8, 1, key: hashes.upperBound), true),
        (scrypt(10, 8, 1, key: hashes.upperBound + 1), false),
        (bcrypt(bcrypts.lowerBound), true), (bcrypt(bcrypts.lowerBound - 1), false),
        (bcrypt(bcrypts.upperBound), true), (bcrypt(bcrypts.upperBound + 1), false),
      ]
    }()

    @Test(arguments: bounds) func costsAreBounded(_ text: String, _ isRead: Bool) {
      #expect(((try? PasswordHash(text)) != nil) == isRead, "\(text)")
    }

    @Test func base64HasOneSpelling() {
      for bytes in [[], [0], [0, 1], [0xFB, 0xFF, 0xFE], [UInt8](0...255)] as [[UInt8]] {
        for alphabet in [Base64.Alphabet.standard, .url] {
          #expect(Base64.bytes(of: Base64.text(of: bytes, alphabet), alphabet) == bytes)
        }
      }
      for text in ["A", "AB", "A===", "AA=A", "A A=", "AA\n==", "AAB=C", "é"] {
        let isSpelledRight = text == "AA=="
        #expect((Base64.bytes(of: text) != nil) == isSpelledRight, "\(text)")
      }
      #expect(Base64.bytes(of: "+/8", .url) == nil && Base64.bytes(of: "-_8", .url) != nil)
      #expect(Base64.bytes(of: "AA==", .url) == nil && Base64.bytes(of: "AA==") == [0])
      // All pairs and a triple of each last letter: what is read is written in the same way again.
      let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      var read = 0
      for last in letters {
        for text in letters.map({ "\($0)\(last)" }) + ["A+\(last)"] {
          guard let bytes = Base64.bytes(of: text) else { continue }
          read += 1
          #expect(Base64.text(of: bytes) == text)
        }
      }
      #expect(read == 64 * 4 + 16)
    }

    @Test func randomPasswordsAreRandomAndLong() {
      let made = (0..<100).map { _ in PasswordHash.randomPassword() }
      #expect(Set(made).count == 100 && made.allSatisfy { $0.count == 24 })
    }
  }
#endif
