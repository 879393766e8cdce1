package import CEL

/// The OpenAPI document of everything that is served: the routes that the dialects have, each with
/// what is written about it here.
package enum OpenAPI {
  /// The document of these routes, as JSON.
  ///
  /// - Parameter style: how it is laid out.
  package static func document(
    of routes: [(method: String, pattern: String)], version: String,
    style: JSONWriter.Style = .compact
  ) -> [UInt8] {
    let operations = Operations()
    var writer = JSONWriter(style)
    writer.beginObject()
    writer.member("openapi", "3.1.0")
    writer.name("info")
    writer.beginObject()
    writer.member("title", "ModelGate")
    writer.member("version", version)
    writer.member(
      "description",
      "A policy engine and the gate in front of a registry of models. It speaks the APIs of two systems, AuthZEN 1.0, and its own."
    )
    writer.name("license")
    writer.beginObject()
    writer.member("name", "Apache-2.0")
    writer.member("identifier", "Apache-2.0")
    writer.endObject()
    writer.endObject()
    writer.name("paths")
    write(routes, operations, &writer)
    writeComponents(&writer)
    writer.name("security")
    writer.write(read(security), 0)
    writer.endObject()
    return writer.bytes
  }

  private static func writeComponents(_ writer: inout JSONWriter) {
    writer.name("components")
    writer.beginObject()
    writer.name("schemas")
    writer.beginObject()
    for text in [accessSchemas, otherSchemas] {
      let tape = read(text)
      for name in tape.children(of: tape.root) {
        writer.name(tape.string(of: name))
        writer.write(tape, name + 1)
      }
    }
    writer.endObject()
    writer.name("responses")
    writer.write(read(responses), 0)
    writer.name("parameters")
    writeParameters(read(parameters), to: &writer)
    writer.name("securitySchemes")
    writer.write(read(securitySchemes), 0)
    writer.endObject()
  }

  /// Routes about which nothing is written, as `GET /path`.
  package static func undescribed(
    among routes: [(method: String, pattern: String)]
  ) -> [String] {
    let operations = Operations()
    return routes.map(key).filter { !operations.keys.contains($0) }
  }

  /// Descriptions that belong to none of these routes.
  package static func unserved(by routes: [(method: String, pattern: String)]) -> [String] {
    let served = Set(routes.map(key))
    return Operations().keys.filter { !served.contains($0) }.sorted()
  }

  /// A method and a pattern whose names do not matter: `GET /_ml/trained_models/{}`.
  private static func key(_ route: (method: String, pattern: String)) -> String {
    let segments = route.pattern.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : $0 }
    return "\(route.method) /" + segments.joined(separator: "/")
  }

  private static func names(_ pattern: String) -> [Substring] {
    pattern.split(separator: "/").filter { $0.hasPrefix("{") }
      .map { $0.dropFirst().dropLast() }
  }

  private static func write(
    _ routes: [(method: String, pattern: String)], _ operations: Operations,
    _ writer: inout JSONWriter
  ) {
    // Patterns that differ in names alone are one path.
    var order: [String] = []
    var paths: [String: [(method: String, pattern: String)]] = [:]
    for route in routes {
      let path = String(key(("", route.pattern)).dropFirst())
      if paths[path] == nil { order.append(path) }
      if !(paths[path] ?? []).contains(where: { $0.method == route.method }) {
        paths[path, default: []].append(route)
      }
    }
    writer.beginObject()
    for path in order {
      let group = paths[path] ?? []
      writer.name(group[0].pattern)
      writer.beginObject()
      let names = names(group[0].pattern)
      if !names.isEmpty { writeParameters(names, &writer) }
      for route in group {
        writer.name(route.method.lowercased())
        if !operations.write(key(route), to: &writer) { writeUnknown(&writer) }
      }
      writer.endObject()
    }
    writer.endObject()
  }

  private static func writeParameters(_ names: [Substring], _ writer: inout JSONWriter) {
    writer.name("parameters")
    writer.beginArray()
    for name in names {
      writer.beginObject()
      writer.member("name", String(name))
      writer.member("in", "path")
      writer.member("required", true)
      writer.name("schema")
      writer.beginObject()
      writer.member("type", "string")
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
  }

  private static func writeUnknown(_ writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("responses")
    writer.beginObject()
    writer.name("default")
    writer.beginObject()
    writer.member("description", "What the protocol says.")
    writer.endObject()
    writer.endObject()
    writer.endObject()
  }

  /// What is written about routes, by method and path.
  private struct Operations {
    private var whole: [String: (tape: JSONTape, node: Int)] = [:]
    private var rest: [String: RestOperation] = [:]

    var keys: Set<String> { Set(whole.keys).union(rest.keys) }

    init() {
      for text in [accessOperations, consoleOperations] {
        let tape = OpenAPI.read(text)
        for name in tape.children(of: tape.root) {
          whole[Self.key(tape.string(of: name))] = (tape, name + 1)
        }
      }
      for (text, tag) in [
        (elasticsearchOperations, "Elasticsearch"), (openSearchOperations, "OpenSearch"),
      ] {
        let tape = OpenAPI.read(text)
        for name in tape.children(of: tape.root) {
          rest[Self.key(tape.string(of: name))] = RestOperation(tape, name + 1, tag: tag)
        }
      }
    }

    private static func key(_ route: String) -> String {
      let words = route.split(separator: " ").map(String.init)
      return OpenAPI.key((words.first ?? "", words.last ?? ""))
    }

    /// Writes what is known of a route; false for nothing.
    func write(_ key: String, to writer: inout JSONWriter) -> Bool {
      if let (tape, node) = whole[key] {
        writer.write(tape, node)
      } else if let operation = rest[key] {
        operation.write(to: &writer)
      } else {
        return false
      }
      return true
    }
  }

  /// Reads a text of this folder, which the tests have read as well.
  private static func read(_ text: String) -> JSONTape {
    var tape = JSONTape()
    do throws(JSONError) {
      try tape.read(Array(text.utf8))
    } catch {
      preconditionFailure("\(error)")
    }
    return tape
  }
}

extension JSONWriter {
  /// A value of a tape, in this writer's layout.
  mutating func write(_ tape: JSONTape, _ node: Int) {
    switch tape.kind(of: node) {
    case .object:
      beginObject()
      for name in tape.children(of: node) {
        self.name(tape.string(of: name))
        write(tape, name + 1)
      }
      endObject()
    case .array:
      beginArray()
      for element in tape.children(of: node) { write(tape, element) }
      endArray()
    default: value(verbatim: tape.source[tape.sourceRange(of: node)])
    }
  }
}
