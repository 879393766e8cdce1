import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// A server of the AuthZEN and console dialects over a registry in memory, and callers of it.
struct AccessWorld {
  let registry: ModelRegistry
  let server: GateServer
  let store: SwitchedStore
  let directory: LiveDirectory
  let console: ConsoleAPI

  /// Callers come by a header: `name;role,role;backend role,…;key;acting user`.
  struct HeaderAuthenticator: Authenticator {
    func authenticate(_ request: WireRequest) async -> Authentication {
      guard let text = request.headers["X-Test-Caller"] else { return .missing }
      let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
      if parts[0] == "locked" { return .refused(.init(reason: "locked", retryAfter: 7)) }
      if parts[0] == "wrong" { return .refused(.init(name: "wrong", reason: "no such password")) }
      func list(_ index: Int) -> [String] {
        parts.count > index ? parts[index].split(separator: ",").map(String.init) : []
      }
      var caller = Caller(name: parts[0], roles: list(1), backendRoles: list(2))
      // A key, or who really calls.
      if let key = list(3).first { caller.proof = .apiKey(id: key, name: "name of \(key)") }
      caller.actingUser = list(4).first
      return .caller(caller)
    }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

  static let shipped = Result { try PolicySet(folder: path("policies")) }

  /// An example's policies and ModelGate's own.
  static func policies(ofExample name: String) throws -> PolicySet {
    try PolicySet(
      try PolicyLoader.sources(at: path("examples/\(name)/policies"))
        + PolicyLoader.sources(at: path("policies/modelgate")))
  }

  init(
    policies: PolicySet? = nil, directory: LiveDirectory = LiveDirectory(),
    identifier: String? = nil, masks: [String] = [],
    loadPolicies: (@Sendable () throws(PolicyLoadError) -> PolicySet)? = nil
  ) async throws {
    store = SwitchedStore()
    let clock = AccessClock()
    registry = try await ModelRegistry.open(
      store, policies: try policies ?? Self.shipped.get(), masks: Masks(masks), clock: clock.read)
    self.directory = directory
    let access = AuthZEN(
      registry, directory: directory, identifier: try identifier.map { try PDPIdentifier($0) })
    console = ConsoleAPI(
      registry, directory: directory, beside: [access],
      build: .init(version: "1.2.3", revision: "abc"),
      process: {
        var figures = ProcessFigures()
        (figures.cpuSeconds, figures.residentBytes, figures.openFiles) = (1.5, 4_096, 9)
        return figures
      }, loadPolicies: loadPolicies)
    server = GateServer([access, console], authenticator: HeaderAuthenticator())
  }

  /// What came back.
  struct Reply: Sendable {
    let status: Int
    let headers: WireHeaders
    let body: String

    var json: Any? {
      try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .allowFragments)
    }
    var object: [String: Any] { json as? [String: Any] ?? [:] }
    var error: [String: Any] { object["error"] as? [String: Any] ?? [:] }
  }

  func send(
    _ method: String, _ target: String, _ body: String = "",
    as caller: String? = "kim;modelgate_admin",
    type: String? = "application/json"
  ) async throws -> Reply {
    var headers = WireHeaders()
    if let caller { headers.add("X-Test-Caller", caller) }
    if let type { headers.add("Content-Type", type) }
    let request = try WireRequest(
      method: method, target: target, headers: headers, body: Array(body.utf8))
    let response = await server.answer(request)
    return Reply(
      status: response.status, headers: response.headers,
      body: String(decoding: response.body, as: UTF8.self))
  }

  /// The log, one line a record.
  func records() async throws -> [[String: Any]] {
    try await registry.inspect { snapshot in
      try snapshot.log(from: 1, limit: 100_000).map(\.bytes)
    }.compactMap { try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
  }
}

/// A clock that goes on by a millisecond whenever it is read.
final class AccessClock: Sendable {
  private let time = Atomic<Int64>(1_700_000_000_000)

  var read: PolicyGate.Clock { { self.time.add(1, ordering: .relaxed).newValue } }
}

/// A store in memory that can be made to fail.
final class SwitchedStore: RegistryStore {
  private let store = MemoryStore()
  let readsFail = Atomic<Bool>(false)
  let writesFail = Atomic<Bool>(false)
  /// How many records each call appended.
  let appended = Mutex<[Int]>([])

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    if readsFail.load(ordering: .relaxed) { throw StoreError.unavailable("switched off") }
    return try await store.read(body)
  }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    if writesFail.load(ordering: .relaxed) { throw .notWritable("switched off") }
    return try await store.commit(commit)
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    if writesFail.load(ordering: .relaxed) { throw .notWritable("switched off") }
    appended.withLock { $0.append(records.count) }
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// The shared AuthZEN data; nil where it is not there.
enum AccessData {
  static let folder: URL? = {
    let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"]
    let shared =
      path.map { URL(fileURLWithPath: $0) }
      ?? AccessWorld.root.deletingLastPathComponent().appendingPathComponent("shared")
    let folder = shared.appendingPathComponent("data/authzen")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static func json(_ name: String) throws -> Any {
    let folder = try #require(folder)
    return try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func text(_ value: Any) throws -> String {
    String(
      decoding: try JSONSerialization.data(
        withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed]), as: UTF8.self)
  }

  /// An entity document of users or records as the scenarios list them.
  static func directory(_ entities: [[String: Any]]) throws -> LiveDirectory {
    let document: [String: Any] = ["directory": "shared", "entities": entities]
    let source = PolicySource(name: "shared.json", bytes: Array(try text(document).utf8))
    return LiveDirectory(try Directory([source]))
  }
}
