import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import Testing

/// The document of everything that is served. Every dialect of the server stands in `dialects`.
@Suite struct OpenAPITests {
  static func dialects() async throws -> [any Dialect] {
    let registry = try await ModelRegistry.open(
      MemoryStore(), policies: try AccessWorld.shipped.get(), clock: { 0 })
    let directory = LiveDirectory()
    let others: [any Dialect] = [
      AuthZEN(registry, directory: directory),
      OpenSearch(registry),
    ]
    return others + [ConsoleAPI(registry, beside: others, build: .init(version: version))]
  }

  static let version = "0"
  static let file = AccessWorld.root.appendingPathComponent("docs/openapi.json")

  static func routes() async throws -> [(method: String, pattern: String)] {
    try await dialects().flatMap(\.routes)
  }

  @Test func everyRouteIsDescribed() async throws {
    let routes = try await Self.routes()
    #expect(!routes.isEmpty)
    #expect(OpenAPI.undescribed(among: routes) == [])
    #expect(OpenAPI.unserved(by: routes) == [])
  }

  /// `docs/openapi.json` is what the server serves.
  @Test func theDocumentIsUpToDate() async throws {
    let document = OpenAPI.document(
      of: try await Self.routes(), version: Self.version, style: .pretty)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(document + [0x0A]).write(to: Self.file)
    }
    let kept = try Data(contentsOf: Self.file)
    #expect(
      Data(document + [0x0A]) == kept,
      "docs/openapi.json is not what the server serves; run with UPDATE_GOLDEN=1")
  }

  /// Paths and methods of the document are those of the route tables, and each leads to a handler.
  @Test func pathsAreRoutes() async throws {
    let dialects = try await Self.dialects()
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
    let paths = try #require((json as? [String: Any])?["paths"] as? [String: [String: Any]])
    func key(_ method: String, _ path: String) -> String {
      let segments = path.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : String($0) }
      return "\(method.uppercased()) /" + segments.joined(separator: "/")
    }
    let documented = Set(
      paths.flatMap { path, item in
        item.keys.filter { $0 != "parameters" }.map { key($0, path) }
      })
    let served = Set(dialects.flatMap(\.routes).map { key($0.method, $0.pattern) })
    #expect(documented == served)
    var names: Set<String> = []
    for operation in paths.values.flatMap(\.values) {
      guard let operation = operation as? [String: Any] else { continue }
      let name = try #require(operation["operationId"] as? String)
      #expect(names.insert(name).inserted, "\(name) comes twice")
    }
  }

  @Test func itIsServedToAnybody() async throws {
    let world = try await AccessWorld()
    let reply = try await world.send("GET", "/_modelgate/openapi.json", as: nil)
    #expect(reply.status == 200)
    #expect(reply.object["openapi"] as? String == "3.1.0")
    let paths = try #require(reply.object["paths"] as? [String: Any])
    #expect(paths.count > 15)
  }
}
