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
    let operations = operations
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
    for (name, text) in [("components", components), ("security", security)] {
      writer.name(name)
      let tape = read(text)
      writer.write(tape, tape.root)
    }
    writer.endObject()
    return writer.bytes
  }

  /// Routes about which nothing is written, as `GET /path`.
  package static func undescribed(
    among routes: [(method: String, pattern: String)]
  ) -> [String] {
    let operations = operations
    return routes.map(key).filter { operations.node(of: $0) == nil }
  }

  /// Descriptions that belong to none of these routes.
  package static func unserved(by routes: [(method: String, pattern: String)]) -> [String] {
    let served = Set(routes.map(key))
    return operations.keys.filter { !served.contains($0) }
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
        if let node = operations.node(of: key(route)) {
          writer.write(operations.tape, node)
        } else {
          writeUnknown(&writer)
        }
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
    let tape: JSONTape
    private var nodes: [String: Int] = [:]
    var keys: [String] { nodes.keys.sorted() }

    init(_ tape: JSONTape) {
      self.tape = tape
      for part in tape.children(of: tape.root) {
        for name in tape.children(of: part) {
          let words = tape.string(of: name).split(separator: " ")
          guard words.count == 2 else { continue }
          nodes[OpenAPI.key((String(words[0]), String(words[1])))] = name + 1
        }
      }
    }

    func node(of key: String) -> Int? { nodes[key] }
  }

  private static var operations: Operations {
    Operations(
      read(
        "[" + [accessOperations, consoleOperations, openSearchOperations].joined(separator: ",")
          + "]"))
  }

  /// Reads a text of this folder. One that is not JSON is an empty tape's fault in the tests.
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
  fileprivate mutating func write(_ tape: JSONTape, _ node: Int) {
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
