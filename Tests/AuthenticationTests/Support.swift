#if Server
  import Authentication
  import Crypto
  import Foundation
  import GateServer
  import Synchronization
  import Testing

  /// A clock that stands still until it is moved.
  final class TestClock: Sendable {
    private let now = Mutex<Int64>(1_800_000_000_000)

    var time: Int64 { now.withLock { $0 } }

    func advance(seconds: Int64) { now.withLock { $0 += seconds * 1_000 } }

    /// To read the time with.
    var clock: AuthenticationSettings.Clock { { self.time } }
  }

  /// A folder of a test's own, with the files of a site.
  struct Site {
    let folder: URL
    let clock = TestClock()

    /// The password of every user that `add` makes.
    static let password = "correct horse"
    static let hash = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"

    init(users: [User] = []) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "modelgate-auth-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try change { table throws(FileFault) in
        for user in users { try table.add(user) }
      }
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    var usersFile: String { path("users.json") }
    var keysFile: String { path("api-keys.json") }

    func change(_ body: (inout UserTable) throws(FileFault) -> Void) throws {
      try TableFile<UserTable>(usersFile).change(ifAbsent: .create, body)
    }

    func add(_ key: APIKey) throws {
      try TableFile<KeyTable>(keysFile).change(ifAbsent: .create) { table throws(FileFault) in
        try table.add(key)
      }
    }

    func write(_ text: String, to name: String, mode: Int = 0o600) throws {
      let path = path(name)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func authenticator(
      _ adjust: (inout AuthenticationSettings) -> Void = { _ in }
    ) throws -> SiteAuthenticator {
      var settings = AuthenticationSettings(
        usersFile: usersFile, keysFile: keysFile, clock: clock.clock)
      adjust(&settings)
      return try SiteAuthenticator(settings)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A user with the password of all.
    static func user(_ name: String, _ roles: [String] = [], runAs: [String] = []) throws -> User {
      User(name: name, passwordHash: try PasswordHash(hash), roles: roles, runAs: runAs)
    }
  }

  /// A request with a header `Authorization`.
  func request(
    _ authorization: String? = nil, from address: String? = "192.0.2.1",
    _ headers: [(name: String, value: String)] = [], certificate: [String] = []
  ) throws -> WireRequest {
    var all = headers
    if let authorization { all.append(("Authorization", authorization)) }
    return try WireRequest(
      method: "GET", target: "/", headers: WireHeaders(all), address: address,
      certificateNames: certificate)
  }

  func basic(_ name: String, _ password: String = Site.password) -> String {
    "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
  }

  extension Authentication {
    var refusal: Refused? { if case .refused(let refused) = self { refused } else { nil } }
  }

  /// Where the checkout is.
  enum Checkout {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures")

    static func fixture(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: fixtures.appendingPathComponent(name)))
    }
  }
#endif
